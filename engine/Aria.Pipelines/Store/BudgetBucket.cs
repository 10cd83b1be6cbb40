namespace Aria.Pipelines.Store;

/// <summary>What is kept of a budget: a bucket's content, counted in <paramref name="Unit"/> per permit.</summary>
/// <param name="Tokens">Content.</param>
/// <param name="Unit">What one permit costs.</param>
/// <param name="Updated">When it was counted, milliseconds since 1970.</param>
/// <param name="Blocked">Until when nothing is granted, milliseconds since 1970; 0 when it is not blocked.</param>
/// <param name="Pace">How fast it refills, see <see cref="BudgetPace"/>.</param>
/// <param name="Paced">When the pace was set, milliseconds since 1970.</param>
internal sealed record BudgetBucket(long Tokens, long Unit, long Updated, long Blocked, int Pace, long Paced)
{
    /// <summary>A clock that goes back less than this is threads that overtook each other; more is a clock that was set.</summary>
    private const long OvertakingMilliseconds = 60_000;

    /// <summary>The longest time for which a budget is closed. One that seems to be closed for longer was closed before the clock was set back.</summary>
    public static readonly TimeSpan LongestBlock = TimeSpan.FromHours(1);

    /// <summary>Takes one permit from a kept bucket; a bucket that was never kept is full.</summary>
    /// <returns>The bucket to keep when a permit was granted; otherwise when to ask again.</returns>
    public static (BudgetBucket? Granted, DateTimeOffset? Next) Take(BudgetBucket? kept, BudgetLimit limit, DateTimeOffset now)
    {
        var terms = new BudgetTerms(limit);
        long at = now.ToUnixTimeMilliseconds();
        BudgetBucket bucket = kept ?? new BudgetBucket(terms.Capacity, terms.Unit, at, Blocked: 0, BudgetPace.Full, Paced: 0);
        long behind = bucket.Updated - at;
        long updated = behind is > 0 and < OvertakingMilliseconds ? bucket.Updated : at;
        int pace = BudgetPace.After(bucket.Pace, at - bucket.Paced);
        long tokens = terms.After(bucket.In(terms), Math.Max(0, at - bucket.Updated) * pace / BudgetPace.Full);
        long blocked = bucket.BlockedAt(at);
        if (blocked <= at && tokens >= terms.Needed)
        {
            return (bucket with { Tokens = tokens - terms.Unit, Unit = terms.Unit, Updated = updated, Blocked = blocked }, null);
        }
        long refilled = at + (tokens >= terms.Needed ? 0 : ((terms.UntilPermit(tokens) * BudgetPace.Full) + pace - 1) / pace);
        return (null, DateTimeOffset.FromUnixTimeMilliseconds(Math.Max(blocked, refilled)));
    }

    /// <summary>Adapts a kept bucket to what the remote system said.</summary>
    public static BudgetBucket Limit(BudgetBucket? kept, DateTimeOffset? blockedUntil, int? remaining, DateTimeOffset now)
    {
        BudgetBucket bucket = kept ?? Untouched(now);
        long blocked = Math.Max(bucket.BlockedAt(now.ToUnixTimeMilliseconds()), blockedUntil?.ToUnixTimeMilliseconds() ?? 0);
        bool isLess = remaining is int left && left * bucket.Unit < bucket.Tokens;
        return bucket with
        {
            Blocked = blocked,
            Tokens = isLess ? Math.Max(0, remaining!.Value) * bucket.Unit : bucket.Tokens,
            // What the remote system counts is true now, so refilling starts now.
            Updated = isLess ? Math.Max(bucket.Updated, now.ToUnixTimeMilliseconds()) : bucket.Updated,
        };
    }

    /// <summary>Slows a kept bucket down after a refusal without a date.</summary>
    /// <returns>The bucket to keep; null when this refusal says nothing new.</returns>
    public static BudgetBucket? Slow(BudgetBucket? kept, DateTimeOffset now)
    {
        long at = now.ToUnixTimeMilliseconds();
        BudgetBucket bucket = kept ?? Untouched(now);
        // Answers to requests that left together say one thing together.
        return at - bucket.Paced >= OvertakingMilliseconds / 10 || bucket.Pace == BudgetPace.Full
            ? bucket with { Pace = BudgetPace.Slowed(BudgetPace.After(bucket.Pace, at - bucket.Paced)), Paced = at }
            : null;
    }

    private static BudgetBucket Untouched(DateTimeOffset now) =>
        new(int.MaxValue, Unit: 1, now.ToUnixTimeMilliseconds(), Blocked: 0, BudgetPace.Full, Paced: 0);

    /// <summary>Until when it is closed, as it can be believed at a time.</summary>
    private long BlockedAt(long at) => Blocked - at > (long)LongestBlock.TotalMilliseconds + OvertakingMilliseconds ? 0 : Blocked;

    /// <summary>The content counted in the units of other terms; whole permits stay whole.</summary>
    private long In(BudgetTerms terms) =>
        Unit == terms.Unit ? Math.Min(Tokens, terms.Capacity) : (long)Int128.Min(terms.Capacity, (Int128)Tokens * terms.Unit / Unit);
}
