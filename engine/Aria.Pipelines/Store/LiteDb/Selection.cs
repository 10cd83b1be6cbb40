using LiteDB;

namespace Aria.Pipelines.Store.LiteDb;

/// <summary>Which of the documents that an index gives are taken.</summary>
/// <param name="Fits">Takes a document or passes it over.</param>
/// <param name="Max">How many are taken at most.</param>
/// <param name="NewestFirst">True to begin at the end of the index.</param>
internal sealed record Selection(Func<BsonDocument, bool> Fits, int Max = int.MaxValue, bool NewestFirst = false)
{
    public static Selection All { get; } = new(_ => true);
}
