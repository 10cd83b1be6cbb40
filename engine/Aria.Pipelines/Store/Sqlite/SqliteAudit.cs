using System.Buffers.Binary;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Aria.Pipelines.Privacy;

namespace Aria.Pipelines.Store.Sqlite;

/// <summary>
/// The audit chain. A row's MAC covers its number, the MAC before it and its ciphertext; <c>audit_head</c> in <c>meta</c> names the last row
/// under a MAC of its own. All keys come from the store's pepper.
/// </summary>
internal sealed class SqliteAudit(ContentKeys keys, SqliteWriter writer, SqliteReaders readers) : IAuditLog
{
    private const string HeadName = "audit_head";

    private const string LastSql = "SELECT n, mac FROM audit WHERE tenant = @tenant AND env = @env ORDER BY n DESC LIMIT 1";

    private const string InsertSql = """
        INSERT INTO audit (tenant, env, n, prev, row_ct, mac) VALUES (@tenant, @env, @n, @prev, @row, @mac)
        """;

    private const string WriteHeadSql = """
        INSERT INTO meta (tenant, env, name, value) VALUES (@tenant, @env, @name, @value)
        ON CONFLICT (tenant, env, name) DO UPDATE SET value = excluded.value
        """;

    private const string ReadHeadSql = "SELECT value FROM meta WHERE tenant = @tenant AND env = @env AND name = @name";

    private const string PageSql = """
        SELECT n, prev, row_ct, mac FROM audit WHERE tenant = @tenant AND env = @env AND n > @after ORDER BY n LIMIT 1000
        """;

    private const string NewestSql = """
        SELECT n, prev, row_ct, mac FROM audit WHERE tenant = @tenant AND env = @env ORDER BY n DESC LIMIT @max
        """;

    private static readonly byte[] Start = new byte[32];

    private readonly DataKey content = new(keys.Hash("audit-content"));

    public async Task AppendAsync(IReadOnlyList<AuditEntry> entries, CancellationToken cancellationToken) =>
        await writer.RunAsync(
            session =>
            {
                foreach (AuditEntry entry in entries)
                {
                    Append(session, entry);
                }
                return true;
            },
            cancellationToken);

    public Task<AuditVerdict> VerifyAsync(CancellationToken cancellationToken) => readers.RunAsync(s => Verify(s, keys), cancellationToken);

    public Task<IReadOnlyList<AuditRow>> ListAsync(int max, CancellationToken cancellationToken) =>
        readers.RunAsync<IReadOnlyList<AuditRow>>(
            s => s.List(NewestSql, ReadRow, ("@max", max)).ConvertAll(row => new AuditRow(row.Number, Read(row))), cancellationToken);

    /// <summary>Adds a row; one part of the writer's commit.</summary>
    public void Append(SqliteSession session, AuditEntry entry)
    {
        ChainRow? last = session.Find(LastSql, row => new ChainRow(row.GetInt64(0), [], [], row.Bytes(1)));
        long number = (last?.Number ?? 0) + 1;
        byte[] previous = last?.Mac ?? Start;
        byte[] sealedRow = content.Seal(Write(entry), "audit", Text(number), "row_ct")!;
        byte[] mac = Mac(keys, number, previous, sealedRow);
        session.Execute(InsertSql, ("@n", number), ("@prev", previous), ("@row", sealedRow), ("@mac", mac));
        session.Execute(WriteHeadSql, ("@name", HeadName), ("@value", Head(keys, number, mac)));
    }

    /// <inheritdoc cref="IAuditLog.VerifyAsync"/>
    public static AuditVerdict Verify(SqliteSession session, ContentKeys keys)
    {
        long good = 0;
        byte[] previous = Start;
        while (session.List(PageSql, ReadRow, ("@after", good)) is { Count: > 0 } page)
        {
            foreach (ChainRow row in page)
            {
                if (Fault(keys, row, good + 1, previous) is { } fault)
                {
                    return new AuditVerdict(good, good + 1, fault);
                }
                good = row.Number;
                previous = row.Mac;
            }
        }
        byte[]? head = session.Bytes(ReadHeadSql, ("@name", HeadName));
        if (good == 0 && head is null)
        {
            return new AuditVerdict(0, null, null);
        }
        return head is not null && head.AsSpan().SequenceEqual(Head(keys, good, previous))
            ? new AuditVerdict(good, null, null)
            : new AuditVerdict(good, good + 1, HeadFault(head, good));
    }

    private static string? Fault(ContentKeys keys, ChainRow row, long expected, byte[] previous)
    {
        if (row.Number != expected)
        {
            return $"Row {expected} is missing; the next one is row {row.Number}.";
        }
        if (!row.Previous.AsSpan().SequenceEqual(previous))
        {
            return $"Row {expected} does not follow the row before it.";
        }
        return row.Mac.AsSpan().SequenceEqual(Mac(keys, row.Number, row.Previous, row.Sealed)) ? null : $"Row {expected} was changed.";
    }

    private static string HeadFault(byte[]? head, long good) =>
        head is { Length: > sizeof(long) } && BinaryPrimitives.ReadInt64BigEndian(head) is var last && last > good
            ? $"The chain was cut: row {good + 1} and those after it are missing; the last one was row {last}."
            : "The record of the last row is missing or was changed.";

    private static byte[] Mac(ContentKeys keys, long number, byte[] previous, byte[] sealedRow) =>
        keys.Hash("audit", Text(number), [.. previous, .. sealedRow]);

    private static byte[] Head(ContentKeys keys, long number, byte[] mac)
    {
        byte[] first = new byte[sizeof(long)];
        BinaryPrimitives.WriteInt64BigEndian(first, number);
        return [.. first, .. keys.Hash("audit-head", Text(number), mac)];
    }

    private static byte[] Write(AuditEntry entry) => ContentText.Write(
        new JsonObject { ["at"] = entry.AtUtc.ToUnixTimeMilliseconds(), ["act"] = entry.Act, ["detail"] = JsonNode.Parse(entry.Detail) }.ToJsonString())!;

    private AuditEntry Read(ChainRow row)
    {
        using var json = JsonDocument.Parse(content.Open(row.Sealed, "audit", Text(row.Number), "row_ct"));
        JsonElement root = json.RootElement;
        return new AuditEntry(
            DateTimeOffset.FromUnixTimeMilliseconds(root.GetProperty("at").GetInt64()),
            root.GetProperty("act").GetString()!,
            ContentText.Write(root.GetProperty("detail").GetRawText())!);
    }

    private static ChainRow ReadRow(Microsoft.Data.Sqlite.SqliteDataReader row) => new(row.GetInt64(0), row.Bytes(1), row.Bytes(2), row.Bytes(3));

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);

    private sealed record ChainRow(long Number, byte[] Previous, byte[] Sealed, byte[] Mac);
}
