namespace Aria.Pipelines.Definitions;

/// <summary>Reads <c>timeout</c>, of a step or of a connector's requests: how long one attempt may take.</summary>
internal static class AttemptTime
{
    /// <returns>The time; null when none is written, or when it is none or longer than half of a lease (R4).</returns>
    public static TimeSpan? Read(JsonCursor owner, DiagnosticBag bag)
    {
        TimeSpan? time = owner.OptionalDuration("timeout", bag);
        if (time is { } given && (given <= TimeSpan.Zero || given > RetryDefaults.LongestAttempt))
        {
            bag.Error(DefinitionCodes.InvalidValue, owner.Optional("timeout")!.Value.Position, $"An attempt cannot take {(given <= TimeSpan.Zero ? "no time" : "so long")}.", $"Write a time of at most {RetryDefaults.LongestAttempt.TotalSeconds:0}s; to wait for an event is an 'await'.");
            return null;
        }
        return time;
    }
}
