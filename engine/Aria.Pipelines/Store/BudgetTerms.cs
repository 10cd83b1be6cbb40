namespace Aria.Pipelines.Store;

/// <summary>
/// A budget in whole numbers, so that no rounding lets one too many through. A bucket of B permits refilled with r per millisecond lets at
/// most B + W·r through in a window W: B is a twentieth of the limit, and r spends the rest of the limit over the window.
/// </summary>
internal sealed record BudgetTerms
{
    public BudgetTerms(BudgetLimit limit)
    {
        if (limit.Limit < 1 || limit.Window < TimeSpan.FromMilliseconds(1))
        {
            throw new ArgumentOutOfRangeException(nameof(limit), limit, "A budget allows at least one permit, in a window of at least a millisecond.");
        }
        long window = (long)Math.Ceiling(limit.Window.TotalMilliseconds);
        int burst = Math.Max(1, limit.Limit / 20);
        // With a limit of one nothing is left to refill from: the next permit comes when the window of the last has passed.
        Refill = limit.Limit == 1 ? 1 : limit.Limit - burst;
        Unit = limit.Limit == 1 ? window + 1 : window;
        Capacity = burst * Unit;
        Needed = (1 + Math.Min(limit.Keep, burst - 1)) * Unit;
    }

    /// <summary>What one permit costs.</summary>
    public long Unit { get; }

    /// <summary>What the bucket must hold for a permit: its cost, and what is to be left in it.</summary>
    public long Needed { get; }

    /// <summary>What the bucket holds when full.</summary>
    public long Capacity { get; }

    /// <summary>What one millisecond adds.</summary>
    public long Refill { get; }

    /// <summary>Content of the bucket after some time.</summary>
    public long After(long tokens, long milliseconds) =>
        milliseconds >= (Capacity / Refill) + 1 ? Capacity : Math.Min(Capacity, tokens + (milliseconds * Refill));

    /// <summary>Milliseconds until a permit can be paid.</summary>
    public long UntilPermit(long tokens) => (Needed - tokens + Refill - 1) / Refill;
}
