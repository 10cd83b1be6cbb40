using Aria.Pipelines.Privacy;

namespace Aria.Pipelines.Store.Sqlite;

/// <summary>Everything that only reads.</summary>
internal sealed class SqliteQueries(SqliteContent content, SqliteWaits waits, DeliverySealer sealer)
{
    internal const string SummarySql = """
        SELECT r.id, e.id, e.type, e.connection, r.pipeline, r.def_hash, r.state, r.code, e.received_ms, r.due_ms, r.event_seq, r.diagnostic_ct,
          r.replay_no, r.failed_step, r.fingerprint
        FROM run r JOIN event e ON e.seq = r.event_seq
        WHERE r.tenant = @tenant AND r.env = @env
        """;

    private const string FindSql = $"{SummarySql} AND r.id = @run";

    internal const string SubjectSql = "SELECT subject_ct FROM event_content WHERE event_seq = @seq";

    internal const string LatestSql = "SELECT id FROM run WHERE event_seq = @seq AND pipeline = @pipeline ORDER BY replay_no DESC LIMIT 1";

    private const string SnapshotSql = """
        SELECT event_seq, replay_no, attempts, crash_count, pipeline FROM run
        WHERE tenant = @tenant AND env = @env AND id = @run AND fence = @fence AND state = 'leased'
        """;

    private const string CountsSql = """
        SELECT 'event', state, COUNT(*) FROM event WHERE tenant = @tenant AND env = @env GROUP BY state
        UNION ALL SELECT 'run', state, COUNT(*) FROM run WHERE tenant = @tenant AND env = @env GROUP BY state
        UNION ALL SELECT 'effect', state, COUNT(*) FROM effect WHERE tenant = @tenant AND env = @env GROUP BY state
        """;

    private const string OpenSql = "SELECT COUNT(*) FROM run WHERE tenant = @tenant AND env = @env AND state = @state";

    private const string DuplicatesSql = """
        SELECT SUM(duplicates) FROM event WHERE tenant = @tenant AND env = @env AND duplicates > 0
        """;

    private static readonly RunState[] Open = [RunState.Ready, RunState.Leased, RunState.Waiting, RunState.NeedsReview];

    /// <inheritdoc cref="IStore.ReadRunAsync"/>
    public RunSnapshot ReadRun(SqliteSession session, RunLease lease)
    {
        SnapshotRow run = session.Find(
            SnapshotSql,
            row => new SnapshotRow(row.Number(0), row.Count(1), row.Count(2), row.Count(3), row.Text(4)),
            ("@run", lease.RunId),
            ("@fence", lease.Fence)) ?? throw new LeaseLostException(lease.RunId);
        using DataKey key = content.KeyOf(session, run.EventSequence);
        return new RunSnapshot(
            SqliteContent.ReadEvent(session, run.EventSequence, key),
            run.Replay,
            run.Attempts,
            run.Crashes,
            SqliteSteps.Read(session, lease.RunId, key),
            SqliteEffects.Read(session, run.EventSequence, run.Pipeline, key),
            waits.Read(session, lease.RunId));
    }

    /// <inheritdoc cref="IStore.ListRunsAsync"/>
    public IReadOnlyList<RunSummary> ListRuns(SqliteSession session, RunQuery query)
    {
        (string Name, object? Value)[] orders = [.. (query.Subjects ?? []).Select((s, i) => ($"@order{i}", (object?)sealer.OrderKey(s.Connection, s.Subject, "")))];
        List<(RunSummary Run, long Event)> found = session.List(
            ListSql(query, orders.Length),
            row => (ReadSummary(row), row.Number(10)),
            [("@pipeline", query.Pipeline), ("@state", query.State is RunState state ? StateNames.Of(state) : null), ("@max", query.Max), .. orders]);
        return found.ConvertAll(r => r.Run with { Subject = Subject(session, r.Event, r.Run.EventId), ReplayedAs = Successor(session, r.Event, r.Run) });
    }

    /// <summary>The statement of a list. Subjects have no index of their own: the newest runs are looked through until there are enough.</summary>
    internal static string ListSql(RunQuery query, int orders) =>
        SummarySql
        + (query.Pipeline is null ? string.Empty : " AND r.pipeline = @pipeline")
        + (query.State is null ? string.Empty : " AND r.state = @state")
        + (query.Subjects is null ? string.Empty : $" AND r.order_key IN ({string.Join(", ", Enumerable.Range(0, orders).Select(i => $"@order{i}"))})")
        + " ORDER BY r.seq DESC LIMIT @max";

    /// <inheritdoc cref="IStore.FindRunAsync"/>
    public RunDetail? FindRun(SqliteSession session, string runId)
    {
        DetailRow? found = session.Find(
            FindSql, row => new DetailRow(ReadSummary(row), row.Number(10), row.BytesOrNull(11)), ("@run", runId));
        if (found is null)
        {
            return null;
        }
        using DataKey key = content.KeyOf(session, found.EventSequence);
        return new RunDetail(
            found.Summary,
            SqliteContent.ReadEvent(session, found.EventSequence, key),
            SqliteSteps.Read(session, runId, key),
            SqliteEffects.Read(session, found.EventSequence, found.Summary.Pipeline, key),
            SqliteEffects.ReadAttempts(session, found.EventSequence, found.Summary.Pipeline, key),
            key.Open(found.Diagnostic, "run", runId, "diagnostic_ct"));
    }

    /// <inheritdoc cref="IStore.CountAsync"/>
    public static StoreCounts Count(SqliteSession session)
    {
        var rows = session.List(CountsSql, row => (Kind: row.Text(0), State: row.Text(1), Count: row.Number(2)));
        Dictionary<string, long> Of(string kind) => rows.Where(row => row.Kind == kind).ToDictionary(row => row.State, row => row.Count);
        return new StoreCounts(Of("event"), Of("run"), Of("effect"), session.Number(DuplicatesSql) ?? 0);
    }

    /// <inheritdoc cref="IStore.CountOpenRunsAsync"/>
    public static IReadOnlyDictionary<RunState, long> CountOpenRuns(SqliteSession session) =>
        Open.ToDictionary(state => state, state => session.Number(OpenSql, ("@state", StateNames.Of(state))) ?? 0);

    private static string? Successor(SqliteSession session, long eventSequence, RunSummary run) =>
        session.Find(LatestSql, row => row.Text(0), ("@seq", eventSequence), ("@pipeline", run.Pipeline)) is { } latest && latest != run.Id ? latest : null;

    /// <summary>What an event is about; null when its content is gone or damaged, which must not hide the runs of others.</summary>
    private string? Subject(SqliteSession session, long eventSequence, string eventId)
    {
        try
        {
            using DataKey key = content.KeyOf(session, eventSequence);
            return ContentText.Read(key.Open(session.Bytes(SubjectSql, ("@seq", eventSequence)), "event", eventId, "subject_ct"));
        }
        catch (ContentIntegrityException)
        {
            return null;
        }
    }

    internal static RunSummary ReadSummary(SqliteRow row) =>
        new(
            row.Text(0),
            row.Text(1),
            row.Text(2),
            row.Text(3),
            row.Text(4),
            row.Text(5),
            row.State<RunState>(6),
            row.TextOrNull(7),
            row.Time(8),
            row.Number(9) == 0 ? null : row.Time(9),
            row.Count(12),
            row.TextOrNull(13),
            row.TextOrNull(14));

    private sealed record SnapshotRow(long EventSequence, int Replay, int Attempts, int Crashes, string Pipeline);

    private sealed record DetailRow(RunSummary Summary, long EventSequence, byte[]? Diagnostic);
}
