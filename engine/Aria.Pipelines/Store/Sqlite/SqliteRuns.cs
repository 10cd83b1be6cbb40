using Aria.Pipelines.Privacy;

namespace Aria.Pipelines.Store.Sqlite;

/// <summary>Leases, their end, and what is due next.</summary>
internal sealed class SqliteRuns(SqliteContent content)
{
    internal const string ExpiredSql = """
        SELECT id, event_seq, pipeline, order_key FROM run INDEXED BY run_lease WHERE tenant = @tenant AND env = @env AND state = 'leased' AND lease_until_ms <= @now
        """;

    internal const string PromoteSql = """
        UPDATE run INDEXED BY run_due SET due_ms = 0 WHERE tenant = @tenant AND env = @env AND turn = 1 AND state = 'ready' AND due_ms > 0 AND due_ms <= @now
        """;

    internal const string RecallSql = """
        UPDATE run INDEXED BY run_due SET due_ms = 0 WHERE tenant = @tenant AND env = @env AND turn = 1 AND state = 'ready' AND due_ms > 0 AND due_ms > @latest
        """;

    internal const string NextSql = """
        SELECT id, event_seq, pipeline, def_hash, fence FROM run INDEXED BY run_next WHERE tenant = @tenant AND env = @env AND turn = 1 AND state = 'ready' AND due_ms = 0
          AND crash_count = 0
        ORDER BY event_seq, seq LIMIT @max
        """;

    // Of the runs that were under way when the host ended, one at a time: the next end then says which of them it was.
    internal const string SuspectSql = """
        SELECT id, event_seq, pipeline, def_hash, fence FROM run INDEXED BY run_suspect
        WHERE tenant = @tenant AND env = @env AND turn = 1 AND state = 'ready' AND due_ms = 0 AND crash_count > 0
          AND NOT EXISTS (SELECT 1 FROM run INDEXED BY run_suspect WHERE tenant = @tenant AND env = @env AND state = 'leased' AND crash_count > 0)
        ORDER BY event_seq, seq LIMIT 1
        """;

    // A run that two ends of the host have met is executed with nothing beside it: the third end gives it up, so it must be its own.
    internal const string LastTrySql = """
        SELECT id, event_seq, pipeline, def_hash, fence FROM run INDEXED BY run_suspect
        WHERE tenant = @tenant AND env = @env AND turn = 1 AND state = 'ready' AND due_ms = 0 AND crash_count > 0 AND crash_count >= 2
        ORDER BY event_seq, seq LIMIT 1
        """;

    internal const string MustWaitSql = """
        SELECT EXISTS (SELECT 1 FROM run INDEXED BY run_suspect WHERE tenant = @tenant AND env = @env AND state = 'leased' AND crash_count > 0 AND crash_count >= 2)
          OR (EXISTS (SELECT 1 FROM run INDEXED BY run_suspect
                WHERE tenant = @tenant AND env = @env AND turn = 1 AND state = 'ready' AND due_ms = 0 AND crash_count > 0 AND crash_count >= 2)
              AND EXISTS (SELECT 1 FROM run INDEXED BY run_lease WHERE tenant = @tenant AND env = @env AND state = 'leased'))
        """;

    internal const string NextDueSql = $"""
        SELECT MIN(due) FROM (
          SELECT 0 AS due WHERE EXISTS (
            SELECT 1 FROM run INDEXED BY run_next WHERE tenant = @tenant AND env = @env AND turn = 1 AND state = 'ready' AND due_ms = 0 AND crash_count = 0) AND NOT ({MustWaitSql})
          UNION ALL SELECT 0 WHERE EXISTS (
            SELECT 1 FROM run INDEXED BY run_suspect WHERE tenant = @tenant AND env = @env AND turn = 1 AND state = 'ready' AND due_ms = 0 AND crash_count > 0)
            AND NOT EXISTS (SELECT 1 FROM run INDEXED BY run_suspect WHERE tenant = @tenant AND env = @env AND state = 'leased' AND crash_count > 0)
            AND NOT ({MustWaitSql})
          UNION ALL SELECT MIN(due_ms) FROM run INDEXED BY run_due WHERE tenant = @tenant AND env = @env AND turn = 1 AND state = 'ready' AND due_ms > 0
          UNION ALL SELECT MIN(due_ms) FROM wait WHERE tenant = @tenant AND env = @env AND state = 'open'
          UNION ALL SELECT MIN(lease_until_ms) FROM run INDEXED BY run_lease WHERE tenant = @tenant AND env = @env AND state = 'leased') AS next
        """;

    private const string LeaseSql = """
        UPDATE run SET state = 'leased', lease_owner = @owner, lease_until_ms = @until, fence = fence + 1, code = NULL, diagnostic_ct = NULL
        WHERE tenant = @tenant AND env = @env AND id = @run
        """;

    private const string CrashSql = """
        UPDATE run SET crash_count = crash_count + 1 WHERE tenant = @tenant AND env = @env AND id = @run
        """;

    internal const string CloseAttemptsSql = """
        UPDATE attempt SET outcome = 'unknown', code = @code
        WHERE outcome IS NULL AND effect_id IN (SELECT id FROM effect WHERE event_seq = @seq AND pipeline = @pipeline)
        """;

    internal const string DoubtEffectsSql = """
        UPDATE effect SET state = 'unknown' WHERE event_seq = @seq AND pipeline = @pipeline AND state = 'sending'
        """;

    private const string ReleaseSql = """
        UPDATE run SET state = @state, due_ms = @due, lease_owner = NULL, lease_until_ms = NULL, turn = 0, code = @code, diagnostic_ct = @diagnostic,
          attempts = attempts + @attempts, fingerprint = @fingerprint, failed_step = @step, ended_ms = @ended
        WHERE tenant = @tenant AND env = @env AND id = @run
        """;

    internal const string CloseEventSql = """
        UPDATE event SET state = 'closed' WHERE seq = @seq AND state = 'open' AND NOT EXISTS (
          SELECT 1 FROM run WHERE event_seq = @seq AND state IN ('ready', 'leased', 'waiting', 'needs_review'))
        """;

    /// <inheritdoc cref="IStore.LeaseRunsAsync"/>
    public static IReadOnlyList<RunLease> Lease(SqliteSession session, string owner, DateTimeOffset now, TimeSpan duration, int max, IReadOnlyCollection<string> held)
    {
        long nowMs = now.ToUnixTimeMilliseconds();
        SqliteWaits.TimeOut(session, nowMs);
        ExpireLeases(session, nowMs, held);
        session.Execute(PromoteSql, ("@now", nowMs));
        long until = (now + duration).ToUnixTimeMilliseconds();
        RunLease Read(SqliteRow row) => new(
            row.Text(0), row.Number(1), row.Text(2), row.Text(3), row.Number(4) + 1, DateTimeOffset.FromUnixTimeMilliseconds(until));

        if (session.Number(MustWaitSql) == 1)
        {
            return [];
        }
        List<RunLease> leases = session.List(LastTrySql, Read);
        if (leases.Count == 0)
        {
            leases = session.List(SuspectSql, Read);
            leases.AddRange(session.List(NextSql, Read, ("@max", max - leases.Count)));
        }
        foreach (RunLease lease in leases)
        {
            session.Execute(LeaseSql, ("@owner", owner), ("@until", until), ("@run", lease.RunId));
        }
        return leases;
    }

    /// <summary>
    /// Gives runs whose lease ended by <paramref name="now"/> back, but for those that are <paramref name="held"/>. What their effects were sending may or may not have arrived.
    /// </summary>
    public static void ExpireLeases(SqliteSession session, long now, IReadOnlyCollection<string> held)
    {
        var expired = session.List(
            ExpiredSql, row => (Id: row.Text(0), Event: row.Number(1), Pipeline: row.Text(2), Order: row.Bytes(3)), ("@now", now));
        foreach (var run in expired.Where(r => !held.Contains(r.Id)))
        {
            Doubt(session, run.Event, run.Pipeline, "lease_expired");
            session.Execute(CrashSql, ("@run", run.Id));
            SqliteTurns.Leave(session, run.Id, run.Order, RunState.Ready, due: 0);
        }
    }

    /// <inheritdoc cref="IStore.RecallRunsAsync"/>
    public static int Recall(SqliteSession session, DateTimeOffset latest) => session.Change(RecallSql, ("@latest", latest.ToUnixTimeMilliseconds()));

    /// <inheritdoc cref="IStore.AbandonAsync"/>
    public static void Abandon(SqliteSession session, RunLease lease)
    {
        LeasedRun run = SqliteTurns.Require(session, lease);
        Doubt(session, run.EventSequence, lease.Pipeline, "abandoned");
        SqliteTurns.Leave(session, lease.RunId, run.OrderKey, RunState.Ready, due: 0);
    }

    /// <summary>When to look again; null when nothing is scheduled, <see cref="DateTimeOffset.UnixEpoch"/> when something is ready now.</summary>
    public static DateTimeOffset? NextDue(SqliteSession session) =>
        session.Number(NextDueSql) is long due ? DateTimeOffset.FromUnixTimeMilliseconds(due) : null;

    /// <inheritdoc cref="IStore.ReleaseAsync"/>
    public void Release(SqliteSession session, RunLease lease, RunTransition transition) =>
        Release(session, lease, SqliteTurns.Require(session, lease), transition);

    /// <summary>Releases a run whose lease was looked at in the same operation.</summary>
    public void Release(SqliteSession session, RunLease lease, LeasedRun run, RunTransition transition)
    {
        RunRules.RequireMayRelease(lease, transition);
        using DataKey? key = transition.Diagnostic is null && transition.Steps.Count == 0 ? null : content.KeyOf(session, run.EventSequence);
        foreach (StepRecord step in transition.Steps)
        {
            SqliteSteps.Save(session, lease, run, step, key!);
        }
        long due = transition is { State: RunState.Ready, DueUtc: DateTimeOffset at } ? at.ToUnixTimeMilliseconds() : 0;
        session.Execute(
            ReleaseSql,
            ("@state", StateNames.Of(transition.State)),
            ("@due", due),
            ("@code", transition.Code),
            ("@diagnostic", key?.Seal(transition.Diagnostic, "run", lease.RunId, "diagnostic_ct")),
            ("@attempts", transition.CountsAsAttempt ? 1 : 0),
            ("@fingerprint", transition.Failure?.Fingerprint),
            ("@step", transition.Failure?.Step),
            ("@ended", transition.State is RunState.Ready or RunState.NeedsReview ? null : transition.Now.ToUnixTimeMilliseconds()),
            ("@run", lease.RunId));
        SqliteTurns.Pass(session, run.OrderKey);
        CloseEvent(session, run.EventSequence);
    }

    /// <summary>What a run was sending may or may not have arrived.</summary>
    private static void Doubt(SqliteSession session, long eventSequence, string pipeline, string code)
    {
        session.Execute(CloseAttemptsSql, ("@seq", eventSequence), ("@pipeline", pipeline), ("@code", code));
        session.Execute(DoubtEffectsSql, ("@seq", eventSequence), ("@pipeline", pipeline));
    }

    /// <summary>Closes an event whose runs have all ended.</summary>
    public static void CloseEvent(SqliteSession session, long sequence) => session.Execute(CloseEventSql, ("@seq", sequence));
}
