using LiteDB;

namespace Aria.Pipelines.Store.LiteDb;

/// <summary>Cursors and the records they remember. Positions are times and tokens of systems, so they are kept as they are (but for <see cref="SecretCursor"/>); keys and contents of records only as keyed hashes.</summary>
internal sealed class LiteDbCursors(DeliverySealer sealer, GroupWriter<LiteDbSession> writer) : ICursors
{
    public async Task<byte[]?> ReadAsync(string connection, string cursor, CancellationToken cancellationToken) =>
        sealer.Open(connection, cursor, await writer.RunAsync(s => s.Find(Records.Cursor, IdOf(connection, cursor))?.Bytes("value"), cancellationToken));

    public async Task<IReadOnlyList<RecordChange>> CompareAsync(
        string connection, string cursor, IReadOnlyList<PolledRecord> records, CancellationToken cancellationToken)
    {
        SealedRecord[] hashed = sealer.Seal(connection, records);
        return await writer.RunAsync<RecordChange[]>(
            s => [.. hashed.Select(r => r.ComparedWith(s.Find(Records.CursorRecord, IdOf(connection, cursor, r))?.Bytes("content")))], cancellationToken);
    }

    /// <summary>One part of the writer's commit.</summary>
    public static void Move(LiteDbSession session, string connection, CursorMove move, byte[] value, SealedRecord[] records)
    {
        session.Put(Records.Cursor, new BsonDocument { ["_id"] = IdOf(connection, move.Name), ["value"] = value });
        foreach (SealedRecord record in records)
        {
            session.Put(Records.CursorRecord, new BsonDocument { ["_id"] = IdOf(connection, move.Name, record), ["content"] = record.Content });
        }
    }

    private static string IdOf(string connection, string cursor) => $"{connection}|{cursor}";

    private static string IdOf(string connection, string cursor, SealedRecord record) => $"{connection}|{cursor}|{Convert.ToHexString(record.Key)}";
}
