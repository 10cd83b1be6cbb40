using Aria.Pipelines.Privacy;
using LiteDB;

namespace Aria.Pipelines.Store.LiteDb;

/// <summary>The ledger of effects. The attempts at an effect are part of its document.</summary>
internal sealed class LiteDbEffects(ContentKeys keys, LiteDbContent content, TimeProvider time)
{
    /// <inheritdoc cref="IStore.PlanEffectAsync"/>
    public EffectRecord Plan(LiteDbSession session, RunLease lease, EffectPlan plan)
    {
        BsonDocument run = LiteDbRuns.Require(session, lease);
        using DataKey key = content.KeyOf(session, run.Number("event"));
        BsonDocument? existing = Of(session, run.Number("event"), lease.Pipeline)
            .Where(effect => effect.Text("path") == plan.Path && effect.Count("iter") == plan.Iteration)
            .MaxBy(effect => effect.Number("force"));
        return existing is not null && existing.State<EffectState>() != EffectState.Superseded
            ? ToRecord(existing, key)
            : Add(session, run.Number("event"), run.Text("pipeline"), plan, key);
    }

    /// <inheritdoc cref="IStore.StartEffectAsync"/>
    public EffectStart Start(LiteDbSession session, RunLease lease, EffectPlan plan, Permit permit, IReadOnlyList<StepRecord> steps)
    {
        BsonDocument run = LiteDbRuns.Require(session, lease);
        using DataKey key = content.KeyOf(session, run.Number("event"));
        foreach (StepRecord step in steps)
        {
            LiteDbSteps.Save(session, run, step, key);
        }
        EffectRecord effect = Plan(session, lease, plan);
        if (effect.State != EffectState.Planned)
        {
            return new EffectStart(effect, Attempt: null, Next: null);
        }
        return LiteDbBudgets.Take(session, permit) is { } next
            ? new EffectStart(effect, Attempt: null, next)
            : new EffectStart(effect, BeginAttempt(session, lease, effect.Id, EffectRules.SendPhase, permit.Now), Next: null);
    }

    /// <inheritdoc cref="IStore.BeginAttemptAsync"/>
    public int BeginAttempt(LiteDbSession session, RunLease lease, string effectId, string phase, DateTimeOffset now)
    {
        BsonDocument run = LiteDbRuns.Require(session, lease);
        BsonDocument effect = Require(session, run, lease, effectId);
        BsonArray attempts = effect["attempts"].AsArray;
        EffectRules.RequireMayBegin(effectId, effect.State<EffectState>(), phase, attempts.Select(a => a.AsDocument).FirstOrDefault(IsOpen)?.Number("n"));
        long at = now.ToUnixTimeMilliseconds();
        var attempt = new BsonDocument { ["n"] = attempts.Count + 1L, ["phase"] = phase, ["started"] = at };
        if (phase == EffectRules.LookupPhase)
        {
            effect["lookups"] = effect.Number("lookups") + 1;
        }
        else
        {
            effect["state"] = StateNames.Of(EffectState.Sending);
            effect["sent"] = effect.Number("sent") + 1;
            effect["last"] = at;
            using DataKey key = content.KeyOf(session, run.Number("event"));
            attempt["request"] = RequestHash(effect, key);
        }
        attempts.Add(attempt);
        session.Put(Records.Effect, effect);
        return attempts.Count;
    }

    /// <inheritdoc cref="IStore.EndAttemptAsync"/>
    public void EndAttempt(LiteDbSession session, RunLease lease, AttemptResult result, StepRecord? step)
    {
        BsonDocument run = LiteDbRuns.Require(session, lease);
        BsonDocument effect = Require(session, run, lease, result.EffectId);
        EffectRules.RequireMayEnd(result);
        using DataKey key = content.KeyOf(session, run.Number("event"));
        BsonDocument attempt = effect["attempts"].AsArray.Select(a => a.AsDocument).FirstOrDefault(a => IsOpen(a) && a.Count("n") == result.Number)
            ?? throw EffectRules.NotOpen(result);
        attempt["outcome"] = result.Outcome;
        attempt["status"] = ((long?)result.HttpStatus).OrNull();
        attempt["ms"] = (long)result.Elapsed.TotalMilliseconds;
        attempt["code"] = result.Code;
        attempt["response"] = key.Seal(result.Response, "attempt", EffectRules.AttemptRow(result.EffectId, result.Number), "response_ct");
        if (attempt.Text("phase") == EffectRules.LookupPhase && EffectRules.TakesLookupBack(result))
        {
            effect["lookups"] = effect.Number("lookups") - 1;
        }
        effect["state"] = StateNames.Of(result.State);
        effect["code"] = result.Code;
        effect["output"] = key.Seal(result.Output, "effect", result.EffectId, "output_ct") ?? effect["output"];
        effect["reference"] = key.Seal(ContentText.Write(result.RemoteReference), "effect", result.EffectId, "remote_ref_ct") ?? effect["reference"];
        session.Put(Records.Effect, effect);
        if (step is not null)
        {
            LiteDbSteps.Save(session, run, step, key);
        }
    }

    /// <summary>Marks what was being sent when a lease ended: it may or may not have arrived.</summary>
    public static void Doubt(LiteDbSession session, long eventSequence, string pipeline, string code)
    {
        foreach (BsonDocument effect in Of(session, eventSequence, pipeline))
        {
            BsonDocument[] open = [.. effect["attempts"].AsArray.Select(a => a.AsDocument).Where(IsOpen)];
            foreach (BsonDocument attempt in open)
            {
                attempt["outcome"] = "unknown";
                attempt["code"] = code;
            }
            bool wasSending = effect.State<EffectState>() == EffectState.Sending;
            if (wasSending)
            {
                effect["state"] = StateNames.Of(EffectState.Unknown);
            }
            if (wasSending || open.Length > 0)
            {
                session.Put(Records.Effect, effect);
            }
        }
    }

    public static IReadOnlyList<EffectRecord> Read(LiteDbSession session, long eventSequence, string pipeline, DataKey key) =>
    [
        .. Of(session, eventSequence, pipeline)
            .OrderBy(effect => effect.Number("created"))
            .ThenBy(effect => effect.Text("path"), StringComparer.Ordinal)
            .ThenBy(effect => effect.Count("iter"))
            .ThenBy(effect => effect.Number("force"))
            .Select(effect => ToRecord(effect, key)),
    ];

    public static IReadOnlyList<AttemptRecord> ReadAttempts(LiteDbSession session, long eventSequence, string pipeline, DataKey key) =>
    [
        .. from effect in Of(session, eventSequence, pipeline)
           let id = effect.Text("_id")
           from attempt in effect["attempts"].AsArray.Select(a => a.AsDocument)
           orderby attempt.Number("started"), id, attempt.Number("n")
           select new AttemptRecord(
               id,
               attempt.Count("n"),
               attempt.Text("phase"),
               attempt.Time("started"),
               attempt.TextOrNull("outcome"),
               (int?)attempt.NumberOrNull("status"),
               attempt.NumberOrNull("ms"),
               attempt.TextOrNull("code"),
               key.Open(attempt.BytesOrNull("response"), "attempt", EffectRules.AttemptRow(id, attempt.Count("n")), "response_ct")),
    ];

    /// <summary>True for an attempt that is under way.</summary>
    public static bool IsOpen(BsonDocument attempt) => attempt.TextOrNull("outcome") is null;

    public static List<BsonDocument> Of(LiteDbSession session, long eventSequence, string pipeline)
    {
        string place = Ids.OfPlace(eventSequence, pipeline);
        return session.Range(Records.Effect, "place", place, place);
    }

    private static BsonDocument Require(LiteDbSession session, BsonDocument run, RunLease lease, string effectId) =>
        session.Find(Records.Effect, effectId) is BsonDocument effect && effect.Text("place") == Ids.OfPlace(run.Number("event"), lease.Pipeline)
            ? effect
            : throw EffectRules.NotOfRun(effectId, lease);

    /// <summary>Any effect of an event by its id; null when there is none.</summary>
    public static BsonDocument? Find(LiteDbSession session, string id) => session.Find(Records.Effect, id);

    /// <summary>Records an intent without looking for another one.</summary>
    public EffectRecord Add(LiteDbSession session, long eventSequence, string pipeline, EffectPlan plan, DataKey key)
    {
        string id = RecordId.New(time.GetUtcNow());
        var effect = new BsonDocument
        {
            ["_id"] = id,
            ["place"] = Ids.OfPlace(eventSequence, pipeline),
            ["event"] = eventSequence,
            ["pipeline"] = pipeline,
            ["path"] = plan.Path,
            ["iter"] = (long)plan.Iteration,
            ["force"] = (long)plan.Force,
            ["class"] = StateNames.Of(plan.Class),
            ["connection"] = plan.Connection,
            ["operation"] = plan.Operation,
            ["input"] = key.Seal(plan.Input, "effect", id, "input_ct"),
            ["request"] = key.Seal(plan.Request, "effect", id, "request_ct"),
            ["key"] = key.Seal(ContentText.Write(plan.IdempotencyKey), "effect", id, "idem_key_ct"),
            ["state"] = StateNames.Of(EffectState.Planned),
            ["sent"] = 0L,
            ["lookups"] = 0L,
            ["created"] = plan.CreatedUtc.ToUnixTimeMilliseconds(),
            ["attempts"] = new BsonArray(),
        };
        session.Add(Records.Effect, effect);
        return ToRecord(effect, key);
    }

    public static EffectRecord ToRecord(BsonDocument effect, DataKey key)
    {
        string id = effect.Text("_id");
        return new EffectRecord(
            id,
            effect.Text("path"),
            effect.Count("iter"),
            effect.State<EffectClass>("class"),
            effect.State<EffectState>(),
            effect.Text("connection"),
            effect.Text("operation"),
            key.Open(effect.Bytes("input"), "effect", id, "input_ct")!,
            key.Open(effect.Bytes("request"), "effect", id, "request_ct")!,
            ContentText.Read(key.Open(effect.Bytes("key"), "effect", id, "idem_key_ct"))!,
            key.Open(effect.BytesOrNull("output"), "effect", id, "output_ct"),
            ContentText.Read(key.Open(effect.BytesOrNull("reference"), "effect", id, "remote_ref_ct")),
            effect.TextOrNull("code"),
            effect.Count("sent"),
            effect.Count("lookups"),
            effect.Time("created"),
            effect.TimeOrNull("last"),
            effect.Count("force"));
    }

    /// <summary>Keyed hash of the bytes an attempt sends, so that it can be shown that all attempts sent the same (R3).</summary>
    private byte[] RequestHash(BsonDocument effect, DataKey key)
    {
        string id = effect.Text("_id");
        return keys.Hash("request", id, key.Open(effect.Bytes("request"), "effect", id, "request_ct")!);
    }
}
