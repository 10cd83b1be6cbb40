using Aria.Pipelines.Privacy;
using LiteDB;

namespace Aria.Pipelines.Store.LiteDb;

/// <summary>The parts of operators' acts.</summary>
internal sealed class LiteDbOperatorWork(LiteDbContent content, LiteDbEffects effects, LiteDbEvents events, DeliverySealer sealer, LiteDbAudit audit)
    : IOperatorWork<LiteDbSession>
{
    public EffectDecided Decide(LiteDbSession session, EffectDecision decision, DateTimeOffset now)
    {
        BsonDocument effect = LiteDbEffects.Find(session, decision.EffectId) ?? throw OperatorRules.NoEffect(decision.EffectId);
        long eventSequence = effect.Number("event");
        using DataKey key = content.KeyOf(session, eventSequence);
        EffectRecord record = LiteDbEffects.ToRecord(effect, key);
        BsonDocument run = LiteDbRuns.Latest(session, eventSequence, effect.Text("pipeline"));
        string outcome = OperatorRules.OutcomeOf(record, decision, run.Text("id"), run.State<RunState>());
        BsonArray attempts = effect["attempts"].AsArray;
        attempts.Add(new BsonDocument
        {
            ["n"] = attempts.Count + 1L,
            ["phase"] = OperatorRules.DecisionPhase,
            ["started"] = now.ToUnixTimeMilliseconds(),
            ["outcome"] = outcome,
            ["ms"] = 0L,
        });
        string counts = record.Id;
        if (decision.SendAgain)
        {
            Supersede(effect);
            counts = effects.Add(session, eventSequence, effect.Text("pipeline"), OperatorRules.Again(record, now), key).Id;
        }
        else
        {
            effect["state"] = StateNames.Of(EffectState.Confirmed);
            effect["code"] = OperatorRules.MarkedDone;
            effect["output"] = key.Seal(decision.Output ?? "null"u8.ToArray(), "effect", record.Id, "output_ct");
        }
        session.Put(Records.Effect, effect);
        bool isCorrection = outcome == OperatorRules.Corrected;
        return new EffectDecided(counts, !isCorrection && LiteDbRuns.Wake(session, run, RunState.NeedsReview) ? run.Text("id") : null, isCorrection);
    }

    public void Cancel(LiteDbSession session, string runId, DateTimeOffset now)
    {
        BsonDocument run = LiteDbRuns.Find(session, runId) ?? throw OperatorRules.NoRun(runId);
        OperatorRules.RequireMayCancel(runId, run.State<RunState>());
        LiteDbWaits.Remove(session, run.Number("_id"));
        run["code"] = OperatorRules.ByOperator;
        run["ended"] = now.ToUnixTimeMilliseconds();
        LiteDbRuns.Leave(session, run, RunState.Cancelled, due: 0);
        LiteDbRuns.CloseEvent(session, run.Number("event"));
    }

    public ReplayedRun Replay(LiteDbSession session, ReplayOrder order)
    {
        if (LiteDbRuns.Find(session, order.RunId) is not BsonDocument former)
        {
            return new ReplayedRun(order.RunId, null, OperatorRules.ReplayRefusal(order.RunId, null, isLatest: false));
        }
        long eventSequence = former.Number("event");
        string pipeline = former.Text("pipeline");
        bool isLatest = LiteDbRuns.Latest(session, eventSequence, pipeline).Number("_id") == former.Number("_id");
        if (OperatorRules.ReplayRefusal(order.RunId, former.State<RunState>(), isLatest) is { } refusal)
        {
            return new ReplayedRun(order.RunId, null, refusal);
        }
        foreach (BsonDocument effect in LiteDbEffects.Of(session, eventSequence, pipeline)
            .Where(effect => OperatorRules.IsPlannedAnew(effect.State<EffectState>(), effect.State<EffectClass>("class"), order.Force)))
        {
            Supersede(effect);
            session.Put(Records.Effect, effect);
        }
        string id = LiteDbRuns.Add(
            session, sealer.NewId(), eventSequence, new RunPlan(pipeline, order.DefinitionHash), former.Bytes("order"), former.Number("replay") + 1);
        LiteDbEvents.Move(session, LiteDbContent.EventOf(session, eventSequence), EventStates.Open);
        return new ReplayedRun(order.RunId, id, null);
    }

    public IReadOnlyList<string> Start(LiteDbSession session, string eventId, IReadOnlyList<RunPlan> runs)
    {
        BsonDocument e = Require(session, eventId, EventStates.Unmatched, EventStates.Quarantined);
        long sequence = e.Number("_id");
        byte[] order = sealer.OrderKey(e.Text("connection"), content.ReadEvent(session, sequence).Subject, eventId);
        LiteDbEvents.Move(session, e, EventStates.Open);
        return [.. runs.Select(plan => LiteDbRuns.Add(session, sealer.NewId(), sequence, plan, order))];
    }

    public IReadOnlyList<AcceptedEvent> ReplaceQuarantined(LiteDbSession session, string eventId, SealedDelivery decoded)
    {
        BsonDocument e = Require(session, eventId, EventStates.Quarantined, EventStates.Unmatched);
        // A contradicting body keeps its key: it must be known when it comes again.
        if (e.TextOrNull("code") != EventStates.IdConflict)
        {
            LiteDbEvents.ForgetKey(session, e);
        }
        LiteDbEvents.Move(session, e, EventStates.Closed);
        return events.Accept(session, decoded with { DecodedFrom = e.Number("_id") });
    }

    public void Append(LiteDbSession session, AuditEntry entry) => audit.Append(session, entry);

    private static void Supersede(BsonDocument effect)
    {
        effect["code"] = effect["state"];
        effect["state"] = StateNames.Of(EffectState.Superseded);
    }

    private static BsonDocument Require(LiteDbSession session, string eventId, params ReadOnlySpan<string> states)
    {
        BsonDocument e = LiteDbEvents.Find(session, eventId) ?? throw OperatorRules.NoEvent(eventId);
        OperatorRules.RequireState(eventId, e.Text("state"), states);
        return e;
    }
}
