namespace Aria.Pipelines.Store;

/// <summary>
/// Additive increase, multiplicative decrease: how fast a bucket refills, in thousandths of its limit, after a target refused requests without
/// saying for how long. Never above 1000, so the limit holds whatever was learnt.
/// </summary>
internal static class BudgetPace
{
    /// <summary>The full pace.</summary>
    public const int Full = 1000;

    private const int Lowest = 50;
    private const int Step = 50;
    private const long StepMilliseconds = 600_000;

    /// <summary>The pace at a time, when it was <paramref name="pace"/> at another.</summary>
    public static int After(int pace, long milliseconds) =>
        milliseconds <= 0 ? pace : (int)Math.Min(Full, pace + (milliseconds / StepMilliseconds * Step));

    /// <summary>The pace after a refusal.</summary>
    public static int Slowed(int pace) => Math.Max(Lowest, pace * 7 / 10);
}
