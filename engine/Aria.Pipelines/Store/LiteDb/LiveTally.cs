using LiteDB;

namespace Aria.Pipelines.Store.LiteDb;

/// <summary>How many events, runs and effects are in which state, and how many deliveries were duplicates: kept with each commit, so that counting reads one document.</summary>
internal sealed class LiveTally
{
    public const string Id = "tally";

    private readonly SortedDictionary<string, long> counts = new(StringComparer.Ordinal);

    public void Read(BsonDocument? document)
    {
        foreach ((string name, BsonValue count) in document?["counts"].AsDocument.GetElements() ?? [])
        {
            counts[name] = count.AsInt64;
        }
    }

    public BsonDocument Write() => new()
    {
        ["_id"] = Id,
        ["counts"] = new BsonDocument(counts.ToDictionary(count => count.Key, count => new BsonValue(count.Value))),
    };

    public void Observe(string collection, BsonDocument? before, BsonDocument? after)
    {
        Count(collection, before, -1);
        Count(collection, after, 1);
    }

    public StoreCounts ToCounts() => new(Of(Records.Event), Of(Records.Run), Of(Records.Effect), counts.GetValueOrDefault("duplicates"));

    private void Count(string collection, BsonDocument? document, int sign)
    {
        if (document is null)
        {
            return;
        }
        Add($"{collection}|{document["state"].AsString}", sign);
        if (collection == Records.Event)
        {
            Add("duplicates", sign * document["duplicates"].AsInt64);
        }
    }

    private void Add(string name, long change) => counts[name] = counts.GetValueOrDefault(name) + change;

    private Dictionary<string, long> Of(string collection) => counts
        .Where(count => count.Value > 0 && count.Key.StartsWith(collection + '|', StringComparison.Ordinal))
        .ToDictionary(count => count.Key[(collection.Length + 1)..], count => count.Value);
}
