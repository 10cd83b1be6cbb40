using Aria.Pipelines.Privacy;
using LiteDB;

namespace Aria.Pipelines.Store.LiteDb;

/// <summary>Opens what belongs to an event: its data key, and the event itself.</summary>
internal sealed class LiteDbContent(ContentKeys keys)
{
    /// <exception cref="ContentIntegrityException">The data key is missing or was changed.</exception>
    public DataKey KeyOf(LiteDbSession session, long eventSequence) => KeyOf(session, EventOf(session, eventSequence));

    public StoredEvent ReadEvent(LiteDbSession session, long sequence)
    {
        BsonDocument e = EventOf(session, sequence);
        using DataKey key = KeyOf(session, e);
        return ReadEvent(session, e, key);
    }

    /// <exception cref="ContentIntegrityException">The event is not what was stored.</exception>
    public static StoredEvent ReadEvent(LiteDbSession session, BsonDocument e, DataKey key)
    {
        string id = e.Text("id");
        BsonDocument content = session.Find(Records.Content, e["_id"]) ?? throw new ContentIntegrityException($"event|{id}|body_ct");
        return new StoredEvent(
            id,
            e.Number("_id"),
            e.Text("connection"),
            e.Text("type"),
            ContentText.Read(key.Open(content.Bytes("subject"), "event", id, "subject_ct"))!,
            key.Open(content.Bytes("body"), "event", id, "body_ct")!,
            e.Time("received"));
    }

    public static BsonDocument EventOf(LiteDbSession session, long sequence) =>
        session.Find(Records.Event, sequence) ?? throw new InvalidOperationException($"Event {sequence} is not in the store.");

    private DataKey KeyOf(LiteDbSession session, BsonDocument e)
    {
        string id = e.Text("id");
        BsonDocument key = session.Find(Records.DataKey, e["_id"]) ?? throw new ContentIntegrityException($"data_key|{id}|wrapped");
        return keys.OpenDataKey(id, key.Bytes("wrapped"));
    }
}
