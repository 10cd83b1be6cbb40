using Aria.Pipelines.Privacy;

namespace Aria.Pipelines.Store.Sqlite;

/// <summary>What a person decides about one effect or one run.</summary>
internal sealed class SqliteReviews(SqliteContent content, SqliteEffects effects)
{
    private const string EffectSql = """
        SELECT event_seq, pipeline FROM effect WHERE tenant = @tenant AND env = @env AND id = @id
        """;

    private const string ConfirmSql = """
        UPDATE effect SET state = 'confirmed', code = 'marked_done', output_ct = @output WHERE tenant = @tenant AND env = @env AND id = @id
        """;

    private const string SupersedeSql = """
        UPDATE effect SET state = 'superseded', code = state WHERE tenant = @tenant AND env = @env AND id = @id
        """;

    private const string AttemptSql = """
        INSERT INTO attempt (tenant, env, effect_id, n, phase, started_ms, outcome, ms)
        SELECT @tenant, @env, @id, COALESCE(MAX(n), 0) + 1, 'operator', @now, @outcome, 0
        FROM attempt WHERE effect_id = @id
        """;

    private const string LatestRunSql = """
        SELECT id, state FROM run WHERE event_seq = @seq AND pipeline = @pipeline ORDER BY replay_no DESC LIMIT 1
        """;

    private const string RunSql = """
        SELECT state, event_seq, order_key FROM run WHERE tenant = @tenant AND env = @env AND id = @run
        """;

    private const string EndSql = """
        UPDATE run SET code = 'by_operator', ended_ms = @now WHERE tenant = @tenant AND env = @env AND id = @run
        """;

    /// <inheritdoc cref="IOperatorActs.DecideAsync"/>
    public EffectDecided Decide(SqliteSession session, EffectDecision decision, DateTimeOffset now)
    {
        EffectPlace place = session.Find(EffectSql, row => new EffectPlace(row.Number(0), row.Text(1)), ("@id", decision.EffectId))
            ?? throw OperatorRules.NoEffect(decision.EffectId);
        using DataKey key = content.KeyOf(session, place.EventSequence);
        EffectRecord effect = SqliteEffects.Find(session, decision.EffectId, key)!;
        (string run, RunState state) = session.Find(
            LatestRunSql, row => Tuple.Create(row.Text(0), row.State<RunState>(1)), ("@seq", place.EventSequence), ("@pipeline", place.Pipeline))!;
        string outcome = OperatorRules.OutcomeOf(effect, decision, run, state);
        session.Execute(AttemptSql, ("@id", effect.Id), ("@now", now.ToUnixTimeMilliseconds()), ("@outcome", outcome));
        string counts = decision.SendAgain ? SendAgain(session, place, effect, key, now) : Confirm(session, effect.Id, decision.Output, key);
        bool isCorrection = outcome == OperatorRules.Corrected;
        return new EffectDecided(counts, !isCorrection && SqliteTurns.Wake(session, run, RunState.NeedsReview) ? run : null, isCorrection);
    }

    /// <inheritdoc cref="IOperatorActs.CancelAsync"/>
    public static void Cancel(SqliteSession session, string runId, DateTimeOffset now)
    {
        RunRow run = session.Find(RunSql, row => new RunRow(row.State<RunState>(0), row.Number(1), row.Bytes(2)), ("@run", runId))
            ?? throw OperatorRules.NoRun(runId);
        OperatorRules.RequireMayCancel(runId, run.State);
        SqliteWaits.Remove(session, runId);
        session.Execute(EndSql, ("@run", runId), ("@now", now.ToUnixTimeMilliseconds()));
        SqliteTurns.Leave(session, runId, run.OrderKey, RunState.Cancelled, due: 0);
        SqliteRuns.CloseEvent(session, run.EventSequence);
    }

    private static string Confirm(SqliteSession session, string id, byte[]? output, DataKey key)
    {
        session.Execute(ConfirmSql, ("@id", id), ("@output", key.Seal(output ?? "null"u8.ToArray(), "effect", id, "output_ct")));
        return id;
    }

    private string SendAgain(SqliteSession session, EffectPlace place, EffectRecord effect, DataKey key, DateTimeOffset now)
    {
        session.Execute(SupersedeSql, ("@id", effect.Id));
        return effects.Insert(session, place.EventSequence, place.Pipeline, OperatorRules.Again(effect, now), key);
    }

    private sealed record EffectPlace(long EventSequence, string Pipeline);

    private sealed record RunRow(RunState State, long EventSequence, byte[] OrderKey);
}
