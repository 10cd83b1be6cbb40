using LiteDB;

namespace Aria.Pipelines.Store.LiteDb;

/// <summary>Definition bundles by content hash. They hold no personal data and are kept in the clear.</summary>
internal static class LiteDbDefinitions
{
    public static void Save(LiteDbSession session, string hash, string pipeline, byte[] bundle)
    {
        if (session.Find(Records.Definition, hash) is null)
        {
            session.Add(Records.Definition, new BsonDocument { ["_id"] = hash, ["pipeline"] = pipeline, ["bundle"] = bundle });
        }
    }

    public static byte[]? Read(LiteDbSession session, string hash) => DefinitionContent.Checked(hash, session.Find(Records.Definition, hash)?.Bytes("bundle"));
}
