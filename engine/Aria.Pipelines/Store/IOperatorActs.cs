namespace Aria.Pipelines.Store;

/// <summary>
/// What operators do to the record. Each act is one commit together with its audit row, so there is no act without its trace. Names of
/// events, runs and effects are their public ids.
/// </summary>
internal interface IOperatorActs
{
    /// <summary>
    /// Decides an effect that needs a review. Done: it becomes confirmed with the given output. Send again: it becomes
    /// <see cref="EffectState.Superseded"/> and a planned effect with the same bytes and the next force number takes its place. Either way
    /// an attempt of phase <c>operator</c> is recorded, and the run that waits for the decision (the latest of the event and pipeline, when
    /// it is <see cref="RunState.NeedsReview"/>) becomes ready at its place in the order of its subject.
    /// Done once more, with an output: the answer that a person gave is corrected for the next replay; runs stay as they are.
    /// </summary>
    /// <exception cref="OperatorRefusedException">
    /// There is no such effect; it needs no review and nobody said that it was done; or its run goes on with the former answer right now.
    /// </exception>
    Task<EffectDecided> DecideAsync(EffectDecision decision, OperatorAct act, CancellationToken cancellationToken);

    /// <summary>
    /// Ends a run that has not ended as cancelled: its open waits are removed, its turn passes on, and its effects stay as they are. The
    /// event closes when it was the last open run.
    /// </summary>
    /// <exception cref="OperatorRefusedException">There is no such run, it has ended, or somebody works on it right now.</exception>
    Task CancelAsync(string runId, OperatorAct act, CancellationToken cancellationToken);

    /// <summary>
    /// Makes the next run of an event and pipeline, with replay number + 1, the order key of the former one and the event reopened. Effects
    /// are kept, so what is confirmed is not sent again and what is unknown is resolved by its class. Superseded, so that the new run plans
    /// them anew, are: effects that were refused or are planned (certainly nothing was processed), effects that only read, and with
    /// <see cref="ReplayOrder.Force"/> also confirmed ones.
    /// </summary>
    /// <returns>One for each order, in order: the new run, or why there is none.</returns>
    Task<IReadOnlyList<ReplayedRun>> ReplayAsync(IReadOnlyList<ReplayOrder> orders, OperatorAct act, CancellationToken cancellationToken);

    /// <summary>Starts runs for an event that nothing took or that is quarantined with its type, as if they had been its first; the event becomes open.</summary>
    /// <returns>Ids of the runs, in the order of the plans.</returns>
    /// <exception cref="OperatorRefusedException">There is no such event, or it is neither unmatched nor quarantined.</exception>
    Task<IReadOnlyList<string>> StartAsync(string eventId, IReadOnlyList<RunPlan> runs, OperatorAct act, CancellationToken cancellationToken);

    /// <summary>
    /// Accepts what a quarantined event (or an unmatched one) turned out to be, exactly as <see cref="IStore.AcceptAsync"/> does, and closes the quarantined event
    /// with a link from the new ones, in the same commit. The dedupe key of the quarantined event is free again, unless it is
    /// quarantined as <c>id_conflict</c>.
    /// </summary>
    /// <exception cref="OperatorRefusedException">There is no such event, or it is neither quarantined nor unmatched.</exception>
    Task<IReadOnlyList<AcceptedEvent>> ReplaceQuarantinedAsync(string eventId, Acceptance decoded, OperatorAct act, CancellationToken cancellationToken);
}
