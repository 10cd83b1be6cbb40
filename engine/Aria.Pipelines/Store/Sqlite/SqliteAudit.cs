using Aria.Pipelines.Privacy;

namespace Aria.Pipelines.Store.Sqlite;

/// <summary>Where the <see cref="AuditChain"/> is kept: a table of rows, and its head in <c>meta</c>.</summary>
internal sealed class SqliteAudit(ContentKeys keys, GroupWriter<SqliteSession> writer, SqliteReaders readers) : IAuditLog
{
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

    private readonly AuditChain chain = new(keys);

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

    public Task<AuditVerdict> VerifyAsync(AuditAnchor? anchor, CancellationToken cancellationToken) =>
        readers.RunAsync(s => Verify(s, keys, anchor), cancellationToken);

    public Task<AuditAnchor?> FindAnchorAsync(CancellationToken cancellationToken) =>
        readers.RunAsync(s => s.Find(LastSql, row => AuditAnchor.Of(row.Number(0), row.Bytes(1))), cancellationToken);

    public Task<IReadOnlyList<AuditRow>> ListAsync(int max, CancellationToken cancellationToken) =>
        readers.RunAsync<IReadOnlyList<AuditRow>>(s => s.List(NewestSql, ReadRow, ("@max", max)).ConvertAll(chain.Open), cancellationToken);

    /// <summary>Adds a row; one part of the writer's commit.</summary>
    public void Append(SqliteSession session, AuditEntry entry)
    {
        var last = session.List(LastSql, row => (row.Number(0), row.Bytes(1)));
        (AuditChainRow row, byte[] head) = chain.Next(last.Count == 0 ? null : last[0], entry);
        session.Execute(InsertSql, ("@n", row.Number), ("@prev", row.Previous), ("@row", row.Sealed), ("@mac", row.Mac));
        session.Execute(WriteHeadSql, ("@name", AuditChain.HeadName), ("@value", head));
    }

    /// <inheritdoc cref="IAuditLog.VerifyAsync"/>
    public static AuditVerdict Verify(SqliteSession session, ContentKeys keys, AuditAnchor? anchor = null) =>
        new AuditChain(keys).Verify(after => session.List(PageSql, ReadRow, ("@after", after)), session.Bytes(ReadHeadSql, ("@name", AuditChain.HeadName)), anchor);

    private static AuditChainRow ReadRow(SqliteRow row) => new(row.Number(0), row.Bytes(1), row.Bytes(2), row.Bytes(3));
}
