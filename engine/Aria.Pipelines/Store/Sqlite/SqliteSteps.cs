using Aria.Pipelines.Privacy;

namespace Aria.Pipelines.Store.Sqlite;

/// <summary>Recorded results of steps.</summary>
internal sealed class SqliteSteps(SqliteContent content)
{
    private const string SaveSql = """
        INSERT INTO step (run_id, path, iter, state, output_ct, error_ct, started_ms)
        VALUES (@run, @path, @iter, @state, @output, @error, @started)
        ON CONFLICT (run_id, path, iter) DO UPDATE SET
          state = excluded.state, output_ct = excluded.output_ct, error_ct = excluded.error_ct, started_ms = excluded.started_ms
        """;

    // Progress clears the count of failed tries and crashes: both are about the step at work.
    private const string ProgressSql = """
        UPDATE run SET attempts = 0, crash_count = 0 WHERE tenant = @tenant AND env = @env AND id = @run
        """;

    private const string ListSql = """
        SELECT path, iter, state, output_ct, error_ct, started_ms FROM step WHERE run_id = @run
        ORDER BY started_ms, path, iter
        """;

    /// <inheritdoc cref="IStore.SaveStepAsync"/>
    public void Save(SqliteSession session, RunLease lease, StepRecord step)
    {
        LeasedRun run = SqliteTurns.Require(session, lease);
        using DataKey key = content.KeyOf(session, run.EventSequence);
        Save(session, lease, run, step, key);
    }

    public static void Save(SqliteSession session, RunLease lease, LeasedRun run, StepRecord step, DataKey key)
    {
        string row = StepRecord.RowOf(lease.RunId, step.Path, step.Iteration);
        session.Execute(
            SaveSql,
            ("@run", lease.RunId),
            ("@path", step.Path),
            ("@iter", step.Iteration),
            ("@state", StateNames.Of(step.State)),
            ("@output", key.Seal(step.Output, "step", row, "output_ct")),
            ("@error", key.Seal(step.Error, "step", row, "error_ct")),
            ("@started", step.StartedUtc.ToUnixTimeMilliseconds()));
        if (run.HasFailed && step.State != StepState.Started)
        {
            session.Execute(ProgressSql, ("@run", lease.RunId));
        }
    }

    public static IReadOnlyList<StepRecord> Read(SqliteSession session, string runId, DataKey key) =>
        session.List(
            ListSql,
            row =>
            {
                string id = StepRecord.RowOf(runId, row.Text(0), row.Count(1));
                return new StepRecord(
                    row.Text(0),
                    row.Count(1),
                    row.State<StepState>(2),
                    key.Open(row.BytesOrNull(3), "step", id, "output_ct"),
                    key.Open(row.BytesOrNull(4), "step", id, "error_ct"),
                    row.Time(5));
            },
            ("@run", runId));
}
