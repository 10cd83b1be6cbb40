namespace Aria.Pipelines.Store.Sqlite;

/// <summary>The parts of operators' acts.</summary>
internal sealed class SqliteOperatorWork(SqliteReviews reviews, SqliteReplays replays, SqliteAudit audit) : IOperatorWork<SqliteSession>
{
    public EffectDecided Decide(SqliteSession session, EffectDecision decision, DateTimeOffset now) => reviews.Decide(session, decision, now);

    public void Cancel(SqliteSession session, string runId, DateTimeOffset now) => SqliteReviews.Cancel(session, runId, now);

    public ReplayedRun Replay(SqliteSession session, ReplayOrder order) => replays.Replay(session, order);

    public IReadOnlyList<string> Start(SqliteSession session, string eventId, IReadOnlyList<RunPlan> runs) => replays.Start(session, eventId, runs);

    public IReadOnlyList<AcceptedEvent> ReplaceQuarantined(SqliteSession session, string eventId, SealedDelivery decoded) =>
        replays.ReplaceQuarantined(session, eventId, decoded);

    public void Append(SqliteSession session, AuditEntry entry) => audit.Append(session, entry);
}
