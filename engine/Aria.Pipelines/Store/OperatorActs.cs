using System.Text.Json.Nodes;

namespace Aria.Pipelines.Store;

/// <summary>Acts of operators: each is one operation of the writer, with its audit row.</summary>
internal sealed class OperatorActs<TSession>(GroupWriter<TSession> writer, IOperatorWork<TSession> work, DeliverySealer sealer) : IOperatorActs
    where TSession : class, IWriteSession
{
    public Task<EffectDecided> DecideAsync(EffectDecision decision, OperatorAct act, CancellationToken cancellationToken) =>
        writer.RunAsync(
            session =>
            {
                EffectDecided decided = work.Decide(session, decision, act.AtUtc);
                Record(session, act, decision.SendAgain ? "effect.send_again" : decided.IsCorrection ? "effect.corrected" : "effect.done", new JsonObject
                {
                    ["effect"] = decision.EffectId,
                    ["counts"] = decided.EffectId,
                    ["run"] = decided.ResumedRunId,
                });
                return decided;
            },
            cancellationToken);

    public async Task CancelAsync(string runId, OperatorAct act, CancellationToken cancellationToken) =>
        await writer.RunAsync(
            session =>
            {
                work.Cancel(session, runId, act.AtUtc);
                Record(session, act, "run.cancelled", new JsonObject { ["run"] = runId });
                return true;
            },
            cancellationToken);

    public Task<IReadOnlyList<ReplayedRun>> ReplayAsync(IReadOnlyList<ReplayOrder> orders, OperatorAct act, CancellationToken cancellationToken) =>
        writer.RunAsync<IReadOnlyList<ReplayedRun>>(
            session =>
            {
                ReplayedRun[] replayed = [.. orders.Select(order => work.Replay(session, order))];
                foreach (var made in orders.Zip(replayed).Where(pair => pair.Second.RunId is not null).GroupBy(pair => pair.First.Force))
                {
                    Record(session, act, made.Key ? "run.replayed_with_force" : "run.replayed", new JsonObject
                    {
                        ["runs"] = new JsonArray([.. made.Select(pair => (JsonNode)JsonValue.Create(pair.Second.RunId!))]),
                        ["former"] = new JsonArray([.. made.Select(pair => (JsonNode)JsonValue.Create(pair.First.RunId))]),
                    });
                }
                return replayed;
            },
            cancellationToken);

    public Task<IReadOnlyList<string>> StartAsync(string eventId, IReadOnlyList<RunPlan> runs, OperatorAct act, CancellationToken cancellationToken) =>
        writer.RunAsync(
            session =>
            {
                IReadOnlyList<string> started = work.Start(session, eventId, runs);
                Record(session, act, "event.started", new JsonObject
                {
                    ["event"] = eventId,
                    ["runs"] = new JsonArray([.. started.Select(run => (JsonNode)JsonValue.Create(run))]),
                });
                return started;
            },
            cancellationToken);

    public async Task<IReadOnlyList<AcceptedEvent>> ReplaceQuarantinedAsync(string eventId, Acceptance decoded, OperatorAct act, CancellationToken cancellationToken)
    {
        SealedDelivery delivery = sealer.Seal(decoded);
        return await writer.RunAsync(
            session =>
            {
                IReadOnlyList<AcceptedEvent> accepted = work.ReplaceQuarantined(session, eventId, delivery);
                Record(session, act, "event.decoded", new JsonObject
                {
                    ["event"] = eventId,
                    ["into"] = new JsonArray([.. accepted.Select(e => (JsonNode)JsonValue.Create(e.Id))]),
                });
                return accepted;
            },
            cancellationToken);
    }

    private void Record(TSession session, OperatorAct act, string name, JsonObject detail)
    {
        detail["by"] = act.By;
        detail["reason"] = act.Reason;
        work.Append(session, new AuditEntry(act.AtUtc, name, ContentText.Write(detail.ToJsonString())!));
    }
}
