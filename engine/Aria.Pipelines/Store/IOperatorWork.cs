namespace Aria.Pipelines.Store;

/// <summary>What a store does for <see cref="OperatorActs{TSession}"/>: each is one part of the writer's commit, and keeps no trace of itself.</summary>
internal interface IOperatorWork<TSession>
{
    /// <inheritdoc cref="IOperatorActs.DecideAsync"/>
    EffectDecided Decide(TSession session, EffectDecision decision, DateTimeOffset now);

    /// <inheritdoc cref="IOperatorActs.CancelAsync"/>
    void Cancel(TSession session, string runId, DateTimeOffset now);

    /// <inheritdoc cref="IOperatorActs.ReplayAsync"/>
    ReplayedRun Replay(TSession session, ReplayOrder order);

    /// <inheritdoc cref="IOperatorActs.StartAsync"/>
    IReadOnlyList<string> Start(TSession session, string eventId, IReadOnlyList<RunPlan> runs);

    /// <inheritdoc cref="IOperatorActs.ReplaceQuarantinedAsync"/>
    IReadOnlyList<AcceptedEvent> ReplaceQuarantined(TSession session, string eventId, SealedDelivery decoded);

    /// <summary>Adds a row to the audit chain.</summary>
    void Append(TSession session, AuditEntry entry);
}
