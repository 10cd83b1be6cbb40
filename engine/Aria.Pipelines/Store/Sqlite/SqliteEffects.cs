using Aria.Pipelines.Privacy;

namespace Aria.Pipelines.Store.Sqlite;

/// <summary>The ledger of effects.</summary>
internal sealed class SqliteEffects(ContentKeys keys, SqliteContent content, TimeProvider time)
{
    private const string Columns =
        "id, path, iter, class, state, connection, operation, input_ct, request_ct, idem_key_ct, output_ct, remote_ref_ct, code, attempts, lookups, created_ms, last_attempt_ms, force_no";

    internal const string FindPlannedSql = $"""
        SELECT {Columns} FROM effect
        WHERE event_seq = @seq AND pipeline = @pipeline AND path = @path AND iter = @iter
        ORDER BY force_no DESC LIMIT 1
        """;

    internal const string ListSql = $"""
        SELECT {Columns} FROM effect WHERE event_seq = @seq AND pipeline = @pipeline
        ORDER BY created_ms, path, iter, force_no
        """;

    private const string FindSql = $"""
        SELECT {Columns} FROM effect WHERE tenant = @tenant AND env = @env AND id = @id
        """;

    private const string RequestSql = """
        SELECT request_ct FROM effect WHERE tenant = @tenant AND env = @env AND id = @id
        """;

    private const string InsertSql = """
        INSERT INTO effect (tenant, env, id, event_seq, pipeline, path, iter, force_no, class, connection, operation, input_ct, request_ct, idem_key_ct, state, attempts,
          last_attempt_ms, created_ms)
        VALUES (@tenant, @env, @id, @seq, @pipeline, @path, @iter, @force, @class, @connection, @operation, @input, @request, @key, @state, @attempts,
          @sent, @created)
        """;

    private const string StateSql = """
        SELECT state FROM effect WHERE tenant = @tenant AND env = @env AND id = @id AND event_seq = @seq AND pipeline = @pipeline
        """;

    private const string SendSql = """
        UPDATE effect SET state = 'sending', attempts = attempts + 1, last_attempt_ms = @now WHERE tenant = @tenant AND env = @env AND id = @id
        """;

    private const string LookUpSql = """
        UPDATE effect SET lookups = lookups + 1 WHERE tenant = @tenant AND env = @env AND id = @id
        """;

    private const string ForgetLookupSql = """
        UPDATE effect SET lookups = lookups - 1
        WHERE tenant = @tenant AND env = @env AND id = @id
          AND EXISTS (SELECT 1 FROM attempt WHERE effect_id = @id AND n = @n AND phase = 'lookup')
        """;

    private const string OpenAttemptSql = """
        INSERT INTO attempt (tenant, env, effect_id, n, phase, started_ms, req_hash)
        SELECT @tenant, @env, @id, COALESCE(MAX(n), 0) + 1, @phase, @now, @hash FROM attempt WHERE effect_id = @id
        RETURNING n
        """;

    private const string HasOpenAttemptSql = """
        SELECT n FROM attempt WHERE effect_id = @id AND outcome IS NULL
        """;

    private const string CloseAttemptSql = """
        UPDATE attempt SET outcome = @outcome, http_status = @status, ms = @ms, code = @code, response_ct = @response
        WHERE effect_id = @id AND n = @n AND outcome IS NULL
        """;

    private const string MoveSql = """
        UPDATE effect SET state = @state, code = @code, output_ct = COALESCE(@output, output_ct), remote_ref_ct = COALESCE(@reference, remote_ref_ct)
        WHERE tenant = @tenant AND env = @env AND id = @id
        """;

    internal const string ListAttemptsSql = """
        SELECT a.effect_id, a.n, a.phase, a.started_ms, a.outcome, a.http_status, a.ms, a.code, a.response_ct
        FROM effect e JOIN attempt a ON a.effect_id = e.id
        WHERE e.event_seq = @seq AND e.pipeline = @pipeline
        ORDER BY a.started_ms, a.effect_id, a.n
        """;

    /// <inheritdoc cref="IStore.PlanEffectAsync"/>
    public EffectRecord Plan(SqliteSession session, RunLease lease, EffectPlan plan)
    {
        LeasedRun run = SqliteTurns.Require(session, lease);
        using DataKey key = content.KeyOf(session, run.EventSequence);
        return FindPlanned(session, lease, plan, key) ?? Planned(Insert(session, run.EventSequence, lease.Pipeline, plan, key), plan);
    }

    /// <inheritdoc cref="IStore.StartEffectAsync"/>
    public EffectStart Start(SqliteSession session, RunLease lease, EffectPlan plan, Permit permit, IReadOnlyList<StepRecord> steps)
    {
        LeasedRun run = SqliteTurns.Require(session, lease);
        using DataKey key = content.KeyOf(session, run.EventSequence);
        foreach (StepRecord step in steps)
        {
            SqliteSteps.Save(session, lease, run, step, key);
        }
        EffectRecord? existing = FindPlanned(session, lease, plan, key);
        if (existing is { State: not EffectState.Planned })
        {
            return new EffectStart(existing, Attempt: null, Next: null);
        }
        DateTimeOffset? next = SqliteBudgets.Take(session, permit);
        EffectRecord effect = existing ?? Planned(Insert(session, run.EventSequence, lease.Pipeline, plan, key, sent: next is null ? permit.Now : null), plan);
        if (next is not null)
        {
            return new EffectStart(effect, Attempt: null, next);
        }
        long at = permit.Now.ToUnixTimeMilliseconds();
        if (existing is not null)
        {
            EffectRules.RequireMayBegin(effect.Id, effect.State, EffectRules.SendPhase, session.Number(HasOpenAttemptSql, ("@id", effect.Id)));
            session.Execute(SendSql, ("@id", effect.Id), ("@now", at));
        }
        return new EffectStart(effect, OpenAttempt(session, effect.Id, EffectRules.SendPhase, at, RequestHash(effect.Id, effect.Request)), Next: null);
    }

    /// <summary>Records an intent without looking for another one.</summary>
    /// <param name="session">The session.</param>
    /// <param name="eventSequence">The event it belongs to.</param>
    /// <param name="pipeline">The pipeline it belongs to.</param>
    /// <param name="plan">The intent.</param>
    /// <param name="key">Of the event.</param>
    /// <param name="sent">When its first attempt begins in the same commit; null when none does.</param>
    /// <returns>The effect's id.</returns>
    public string Insert(SqliteSession session, long eventSequence, string pipeline, EffectPlan plan, DataKey key, DateTimeOffset? sent = null)
    {
        string id = RecordId.New(time.GetUtcNow());
        session.Execute(
            InsertSql,
            ("@id", id),
            ("@seq", eventSequence),
            ("@pipeline", pipeline),
            ("@path", plan.Path),
            ("@iter", plan.Iteration),
            ("@force", plan.Force),
            ("@class", StateNames.Of(plan.Class)),
            ("@connection", plan.Connection),
            ("@operation", plan.Operation),
            ("@input", key.Seal(plan.Input, "effect", id, "input_ct")),
            ("@request", key.Seal(plan.Request, "effect", id, "request_ct")),
            ("@key", key.Seal(ContentText.Write(plan.IdempotencyKey), "effect", id, "idem_key_ct")),
            ("@state", StateNames.Of(sent is null ? EffectState.Planned : EffectState.Sending)),
            ("@attempts", sent is null ? 0 : 1),
            ("@sent", sent?.ToUnixTimeMilliseconds()),
            ("@created", plan.CreatedUtc.ToUnixTimeMilliseconds()));
        return id;
    }

    /// <summary>Any effect of an event; null when there is none.</summary>
    public static EffectRecord? Find(SqliteSession session, string id, DataKey key) => session.Find(FindSql, row => ReadRow(row, key), ("@id", id));

    /// <inheritdoc cref="IStore.BeginAttemptAsync"/>
    public int BeginAttempt(SqliteSession session, RunLease lease, string effectId, string phase, DateTimeOffset now)
    {
        (_, EffectState state) = RequireEffect(session, lease, effectId);
        EffectRules.RequireMayBegin(effectId, state, phase, session.Number(HasOpenAttemptSql, ("@id", effectId)));
        long at = now.ToUnixTimeMilliseconds();
        byte[]? sent = null;
        if (phase == EffectRules.LookupPhase)
        {
            session.Execute(LookUpSql, ("@id", effectId));
        }
        else
        {
            session.Execute(SendSql, ("@id", effectId), ("@now", at));
            byte[] box = session.Bytes(RequestSql, ("@id", effectId))!;
            using DataKey key = content.KeyOf(session, lease.EventSequence);
            sent = RequestHash(effectId, key.Open(box, "effect", effectId, "request_ct")!);
        }
        return OpenAttempt(session, effectId, phase, at, sent);
    }

    /// <summary>The part of <see cref="IStore.EndAttemptAsync"/> that is about the effect.</summary>
    /// <returns>The run.</returns>
    public LeasedRun EndAttempt(SqliteSession session, RunLease lease, AttemptResult result, StepRecord? step)
    {
        (LeasedRun run, _) = RequireEffect(session, lease, result.EffectId);
        EffectRules.RequireMayEnd(result);
        using DataKey key = content.KeyOf(session, lease.EventSequence);
        string row = EffectRules.AttemptRow(result.EffectId, result.Number);
        int closed = session.Change(
            CloseAttemptSql,
            ("@outcome", result.Outcome),
            ("@status", result.HttpStatus),
            ("@ms", (long)result.Elapsed.TotalMilliseconds),
            ("@code", result.Code),
            ("@response", key.Seal(result.Response, "attempt", row, "response_ct")),
            ("@id", result.EffectId),
            ("@n", result.Number));
        if (closed == 0)
        {
            throw EffectRules.NotOpen(result);
        }
        if (EffectRules.TakesLookupBack(result))
        {
            session.Execute(ForgetLookupSql, ("@id", result.EffectId), ("@n", result.Number));
        }
        session.Execute(
            MoveSql,
            ("@state", StateNames.Of(result.State)),
            ("@code", result.Code),
            ("@output", key.Seal(result.Output, "effect", result.EffectId, "output_ct")),
            ("@reference", key.Seal(ContentText.Write(result.RemoteReference), "effect", result.EffectId, "remote_ref_ct")),
            ("@id", result.EffectId));
        if (step is not null)
        {
            SqliteSteps.Save(session, lease, run, step, key);
        }
        return run;
    }

    public static IReadOnlyList<EffectRecord> Read(SqliteSession session, long eventSequence, string pipeline, DataKey key) =>
        session.List(ListSql, row => ReadRow(row, key), ("@seq", eventSequence), ("@pipeline", pipeline));

    public static IReadOnlyList<AttemptRecord> ReadAttempts(SqliteSession session, long eventSequence, string pipeline, DataKey key) =>
        session.List(
            ListAttemptsSql,
            row => new AttemptRecord(
                row.Text(0),
                row.Count(1),
                row.Text(2),
                row.Time(3),
                row.TextOrNull(4),
                (int?)row.NumberOrNull(5),
                row.NumberOrNull(6),
                row.TextOrNull(7),
                key.Open(row.BytesOrNull(8), "attempt", EffectRules.AttemptRow(row.Text(0), row.Count(1)), "response_ct")),
            ("@seq", eventSequence),
            ("@pipeline", pipeline));

    /// <summary>The effect that stands in a place, unless it was superseded.</summary>
    private static EffectRecord? FindPlanned(SqliteSession session, RunLease lease, EffectPlan plan, DataKey key) =>
        session.Find(
            FindPlannedSql,
            row => ReadRow(row, key),
            ("@seq", lease.EventSequence), ("@pipeline", lease.Pipeline), ("@path", plan.Path), ("@iter", plan.Iteration)) is { State: not EffectState.Superseded } found
            ? found
            : null;

    private static EffectRecord Planned(string id, EffectPlan plan) => new(
        id, plan.Path, plan.Iteration, plan.Class, EffectState.Planned, plan.Connection, plan.Operation, plan.Input, plan.Request, plan.IdempotencyKey,
        Output: null, RemoteReference: null, Code: null, Attempts: 0, Lookups: 0, DateTimeOffset.FromUnixTimeMilliseconds(plan.CreatedUtc.ToUnixTimeMilliseconds()), LastAttemptUtc: null, plan.Force);

    private static int OpenAttempt(SqliteSession session, string effectId, string phase, long at, byte[]? hash) =>
        (int)session.Number(OpenAttemptSql, ("@id", effectId), ("@phase", phase), ("@now", at), ("@hash", hash))!.Value;

    private static (LeasedRun Run, EffectState State) RequireEffect(SqliteSession session, RunLease lease, string effectId)
    {
        LeasedRun run = SqliteTurns.Require(session, lease);
        string[] state = [.. session.List(
            StateSql, row => row.Text(0), ("@id", effectId), ("@seq", run.EventSequence), ("@pipeline", lease.Pipeline))];
        return state is [string name]
            ? (run, StateNames.Parse<EffectState>(name))
            : throw EffectRules.NotOfRun(effectId, lease);
    }

    private static EffectRecord ReadRow(SqliteRow row, DataKey key)
    {
        string id = row.Text(0);
        return new EffectRecord(
            id,
            row.Text(1),
            row.Count(2),
            row.State<EffectClass>(3),
            row.State<EffectState>(4),
            row.Text(5),
            row.Text(6),
            key.Open(row.Bytes(7), "effect", id, "input_ct")!,
            key.Open(row.Bytes(8), "effect", id, "request_ct")!,
            ContentText.Read(key.Open(row.Bytes(9), "effect", id, "idem_key_ct"))!,
            key.Open(row.BytesOrNull(10), "effect", id, "output_ct"),
            ContentText.Read(key.Open(row.BytesOrNull(11), "effect", id, "remote_ref_ct")),
            row.TextOrNull(12),
            row.Count(13),
            row.Count(14),
            row.Time(15),
            row.TimeOrNull(16),
            row.Count(17));
    }

    /// <summary>Keyed hash of the bytes an attempt sends, so that it can be shown that all attempts sent the same (R3).</summary>
    private byte[] RequestHash(string effectId, byte[] request) => keys.Hash("request", effectId, request);
}
