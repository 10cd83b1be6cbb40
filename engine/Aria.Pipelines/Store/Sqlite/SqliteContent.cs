using Aria.Pipelines.Privacy;

namespace Aria.Pipelines.Store.Sqlite;

/// <summary>Opens what belongs to an event: its data key, and the event itself.</summary>
internal sealed class SqliteContent(ContentKeys keys)
{
    private const string KeySql = """
        SELECT e.id, k.wrapped FROM event e LEFT JOIN data_key k ON k.event_seq = e.seq
        WHERE e.seq = @seq AND e.tenant = @tenant AND e.env = @env
        """;

    private const string EventSql = """
        SELECT e.id, e.seq, e.connection, e.type, c.subject_ct, c.body_ct, e.received_ms FROM event e JOIN event_content c ON c.event_seq = e.seq
        WHERE e.seq = @seq AND e.tenant = @tenant AND e.env = @env
        """;

    /// <exception cref="ContentIntegrityException">The data key is missing or was changed.</exception>
    public DataKey KeyOf(SqliteSession session, long eventSequence)
    {
        KeyRow row = session.Find(KeySql, r => new KeyRow(r.Text(0), r.BytesOrNull(1)), ("@seq", eventSequence))
            ?? throw new ContentIntegrityException($"event|{eventSequence}");
        return keys.OpenDataKey(row.EventId, row.Wrapped ?? throw new ContentIntegrityException($"data_key|{row.EventId}|wrapped"));
    }

    public StoredEvent ReadEvent(SqliteSession session, long sequence)
    {
        using DataKey key = KeyOf(session, sequence);
        return ReadEvent(session, sequence, key);
    }

    /// <exception cref="ContentIntegrityException">The event is not what was stored.</exception>
    public static StoredEvent ReadEvent(SqliteSession session, long sequence, DataKey key) =>
        session.Find(
            EventSql,
            row => new StoredEvent(
                row.Text(0),
                row.Number(1),
                row.Text(2),
                row.Text(3),
                ContentText.Read(key.Open(row.Bytes(4), "event", row.Text(0), "subject_ct"))!,
                key.Open(row.Bytes(5), "event", row.Text(0), "body_ct")!,
                row.Time(6)),
            ("@seq", sequence)) ?? throw new ContentIntegrityException($"event|{sequence}");

    private sealed record KeyRow(string EventId, byte[]? Wrapped);
}
