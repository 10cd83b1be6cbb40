using Aria.Pipelines.Privacy;
using LiteDB;

namespace Aria.Pipelines.Store.LiteDb;

/// <summary>Where the <see cref="AuditChain"/> is kept.</summary>
internal sealed class LiteDbAudit(ContentKeys keys, GroupWriter<LiteDbSession> writer) : IAuditLog
{
    private const int Page = 1000;

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
        writer.RunAsync(s => Verify(s, keys, anchor), cancellationToken);

    public Task<AuditAnchor?> FindAnchorAsync(CancellationToken cancellationToken) => writer.RunAsync(
        s => s.Find(Records.Audit, s.Last(Records.Audit)) is { } last ? AuditAnchor.Of(last.Number("_id"), last.Bytes("mac")) : null, cancellationToken);

    public Task<IReadOnlyList<AuditRow>> ListAsync(int max, CancellationToken cancellationToken) =>
        writer.RunAsync<IReadOnlyList<AuditRow>>(
            s => s.Range(Records.Audit, "_id", 0L, long.MaxValue, new Selection(_ => true, max, NewestFirst: true)).ConvertAll(row => chain.Open(ToRow(row))),
            cancellationToken);

    /// <summary>Adds a row; one part of the writer's commit.</summary>
    public void Append(LiteDbSession session, AuditEntry entry)
    {
        BsonDocument? last = session.Find(Records.Audit, session.Last(Records.Audit));
        (AuditChainRow row, byte[] head) = chain.Next(last is null ? null : (last.Number("_id"), last.Bytes("mac")), entry);
        session.Add(Records.Audit, new BsonDocument { ["_id"] = row.Number, ["prev"] = row.Previous, ["row"] = row.Sealed, ["mac"] = row.Mac });
        session.Put(Records.Meta, new BsonDocument { ["_id"] = AuditChain.HeadName, ["value"] = head });
    }

    /// <inheritdoc cref="IAuditLog.VerifyAsync"/>
    public static AuditVerdict Verify(LiteDbSession session, ContentKeys keys, AuditAnchor? anchor = null) =>
        new AuditChain(keys).Verify(
            after => session.Range(Records.Audit, "_id", after + 1, long.MaxValue, new Selection(_ => true, Page)).ConvertAll(ToRow),
            session.Find(Records.Meta, AuditChain.HeadName)?.Bytes("value"),
            anchor);

    private static AuditChainRow ToRow(BsonDocument row) => new(row.Number("_id"), row.Bytes("prev"), row.Bytes("row"), row.Bytes("mac"));
}
