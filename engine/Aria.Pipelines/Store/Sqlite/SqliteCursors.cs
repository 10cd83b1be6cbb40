namespace Aria.Pipelines.Store.Sqlite;

/// <summary>Cursors and the records they remember. Positions are times and tokens of systems, so they are kept as they are (but for <see cref="SecretCursor"/>); keys and contents of records only as keyed hashes.</summary>
internal sealed class SqliteCursors(DeliverySealer sealer, SqliteReaders readers) : ICursors
{
    private const string FindSql = """
        SELECT value FROM cursor WHERE tenant = @tenant AND env = @env AND connection = @connection AND event = @cursor
        """;

    private const string SaveSql = """
        INSERT INTO cursor (tenant, env, connection, event, value) VALUES (@tenant, @env, @connection, @cursor, @value)
        ON CONFLICT (tenant, env, connection, event) DO UPDATE SET value = excluded.value
        """;

    private const string FindRecordSql = """
        SELECT content_hash FROM cursor_record
        WHERE tenant = @tenant AND env = @env AND connection = @connection AND cursor = @cursor AND key_hash = @key
        """;

    private const string SaveRecordSql = """
        INSERT INTO cursor_record (tenant, env, connection, cursor, key_hash, content_hash) VALUES (@tenant, @env, @connection, @cursor, @key, @content)
        ON CONFLICT (tenant, env, connection, cursor, key_hash) DO UPDATE SET content_hash = excluded.content_hash
        """;

    public async Task<byte[]?> ReadAsync(string connection, string cursor, CancellationToken cancellationToken) =>
        sealer.Open(connection, cursor, await readers.RunAsync(s => s.Bytes(FindSql, ("@connection", connection), ("@cursor", cursor)), cancellationToken));

    public async Task<IReadOnlyList<RecordChange>> CompareAsync(
        string connection, string cursor, IReadOnlyList<PolledRecord> records, CancellationToken cancellationToken)
    {
        SealedRecord[] hashed = sealer.Seal(connection, records);
        return await readers.RunAsync<RecordChange[]>(s => [.. hashed.Select(r => Compare(s, connection, cursor, r))], cancellationToken);
    }

    /// <summary>One part of the writer's commit.</summary>
    public static void Move(SqliteSession session, string connection, CursorMove move, byte[] value, SealedRecord[] records)
    {
        session.Execute(SaveSql, ("@connection", connection), ("@cursor", move.Name), ("@value", value));
        foreach (SealedRecord record in records)
        {
            session.Execute(SaveRecordSql, ("@connection", connection), ("@cursor", move.Name), ("@key", record.Key), ("@content", record.Content));
        }
    }

    private static RecordChange Compare(SqliteSession session, string connection, string cursor, SealedRecord record) =>
        record.ComparedWith(session.Bytes(FindRecordSql, ("@connection", connection), ("@cursor", cursor), ("@key", record.Key)));
}
