namespace Aria.Pipelines.Store;

/// <summary>When an attempt at an effect may begin and end, for every store.</summary>
internal static class EffectRules
{
    /// <summary>Phase of an attempt that sends.</summary>
    public const string SendPhase = "send";

    /// <summary>Phase of an attempt that only looks whether an earlier one was processed.</summary>
    public const string LookupPhase = "lookup";

    /// <summary>Outcome of an attempt that a limit stopped: it says nothing about the change.</summary>
    public const string RateLimitedOutcome = "rate_limited";

    /// <summary>Outcome of an attempt that never reached the remote system: it says nothing about the change either.</summary>
    public const string NotSentOutcome = "not_sent";

    /// <summary>The class of an effect whose pipeline says whether duplicates are allowed; that changes only what would be left to a person.</summary>
    public static EffectClass Allowing(this EffectClass effectClass, bool duplicates) =>
        duplicates && effectClass == EffectClass.Unsafe ? EffectClass.AtLeastOnce : effectClass;

    /// <exception cref="InvalidOperationException">The effect is decided or being sent, or an attempt at it is open.</exception>
    public static void RequireMayBegin(string effectId, EffectState state, string phase, long? openAttempt)
    {
        if (state != EffectState.Unknown && (phase == LookupPhase || state != EffectState.Planned))
        {
            throw new InvalidOperationException($"Effect {effectId} is {StateNames.Of(state)}: no '{phase}' attempt may begin.");
        }
        if (openAttempt is long open)
        {
            throw new InvalidOperationException($"Attempt {open} of effect {effectId} has not ended: a second one may not begin.");
        }
    }

    /// <exception cref="ArgumentException">The effect cannot be left in this state.</exception>
    public static void RequireMayEnd(AttemptResult result)
    {
        if (result.State == EffectState.Sending)
        {
            throw new ArgumentException($"An attempt of effect {result.EffectId} cannot end as sending.", nameof(result));
        }
    }

    /// <summary>
    /// True when a look-up that ends so does not use up the allowance. It counts from its beginning, so that one which never ends counts too;
    /// one that was answered, or never made, is taken back.
    /// </summary>
    public static bool TakesLookupBack(AttemptResult result) => result.State != EffectState.Unknown || result.Outcome is RateLimitedOutcome or NotSentOutcome;

    public static InvalidOperationException NotOpen(AttemptResult result) =>
        new($"Attempt {result.Number} of effect {result.EffectId} is not open.");

    public static InvalidOperationException NotOfRun(string effectId, RunLease lease) =>
        new($"Effect {effectId} does not belong to run {lease.RunId}.");

    /// <summary>The row id under which an attempt's content is sealed.</summary>
    public static string AttemptRow(string effectId, int number) => $"{effectId}/{number}";
}
