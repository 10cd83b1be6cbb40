namespace Aria.Pipelines.Authoring.Forecast;

/// <summary>What is different about an event under another definition.</summary>
/// <param name="Event">The event under the definition in question.</param>
/// <param name="Before">The same event under the other one.</param>
internal sealed record PlannedChange(PlannedEvent Event, PlannedEvent Before)
{
    /// <summary>Requests that are new, gone or different, by step: the one before is null for a new one, the one after for one that is gone.</summary>
    public IReadOnlyList<(string Step, PlannedRequest? Before, PlannedRequest? After)> Requests { get; } =
    [
        .. Before.Requests.Concat(Event.Requests).Select(r => r.Step).Distinct()
            .Select(step => (Step: step, Before: Before.Requests.FirstOrDefault(r => r.Step == step), After: Event.Requests.FirstOrDefault(r => r.Step == step)))
            .Where(r => r.Before is null || r.After is null || !r.Before.IsSame(r.After)),
    ];

    /// <summary>True when anything is different.</summary>
    public bool IsAny => Event.Fate != Before.Fate || Requests.Count > 0;

    /// <summary>Compares two forecasts of the same deliveries.</summary>
    public static IReadOnlyList<PlannedChange> Between(IReadOnlyList<PlannedEvent> before, IReadOnlyList<PlannedEvent> after) =>
        [.. after.Zip(before, (a, b) => new PlannedChange(a, b))];
}
