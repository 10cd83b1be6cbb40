namespace Aria.Pipelines.Definitions;

/// <summary>How a step is tried again when it says nothing.</summary>
internal static class RetryDefaults
{
    /// <summary>Tries in all. With doubling delays from 10 s this spans about 40 minutes.</summary>
    public const int Max = 9;

    /// <summary>Wait before the second try.</summary>
    public static readonly TimeSpan Delay = TimeSpan.FromSeconds(10);

    /// <summary>The longest that one attempt may take: half of the time for which a run is leased (R4).</summary>
    public static readonly TimeSpan LongestAttempt = TimeSpan.FromSeconds(90);

    /// <summary>The longest wait between two tries.</summary>
    public static readonly TimeSpan LongestDelay = TimeSpan.FromHours(1);
}
