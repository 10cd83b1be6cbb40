namespace Aria.Pipelines.Store;

/// <summary>What operators look at, beside runs. Only reads.</summary>
internal interface IOperatorViews
{
    /// <summary>Events, newest first.</summary>
    Task<IReadOnlyList<EventSummary>> ListEventsAsync(EventQuery query, CancellationToken cancellationToken);

    /// <summary>One event with its headers and body in the clear, and its runs; null when there is none.</summary>
    Task<EventDetail?> FindEventAsync(string eventId, CancellationToken cancellationToken);

    /// <summary>Dead runs grouped by fingerprint, the group that failed last first. Runs that were replayed since are not counted.</summary>
    Task<IReadOnlyList<FailureGroup>> ListFailuresAsync(int max, CancellationToken cancellationToken);

    /// <summary>Runs that fit and are the latest of their event and pipeline, oldest event first.</summary>
    Task<IReadOnlyList<RunSummary>> FindLatestRunsAsync(LatestRunQuery query, CancellationToken cancellationToken);

    /// <summary>The run that an effect belongs to now: the latest of its event and pipeline; null when there is no such effect.</summary>
    Task<string?> FindRunOfEffectAsync(string effectId, CancellationToken cancellationToken);
}
