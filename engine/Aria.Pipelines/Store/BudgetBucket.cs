namespace Aria.Pipelines.Store;

/// <summary>What is kept of a budget: a bucket's content, counted in <paramref name="Unit"/> per permit.</summary>
/// <param name="Tokens">Content.</param>
/// <param name="Unit">What one permit costs.</param>
/// <param name="Updated">When it was counted, milliseconds since 1970.</param>
/// <param name="Blocked">Until when nothing is granted, milliseconds since 1970; 0 when it is not blocked.</param>
internal sealed record BudgetBucket(long Tokens, long Unit, long Updated, long Blocked)
{
    /// <summary>A clock that goes back less than this is threads that overtook each other; more is a clock that was set.</summary>
    private const long OvertakingMilliseconds = 60_000;

    /// <summary>Takes one permit from a kept bucket; a bucket that was never kept is full.</summary>
    /// <returns>The bucket to keep when a permit was granted; otherwise when to ask again.</returns>
    public static (BudgetBucket? Granted, DateTimeOffset? Next) Take(BudgetBucket? kept, BudgetLimit limit, DateTimeOffset now)
    {
        var terms = new BudgetTerms(limit);
        long at = now.ToUnixTimeMilliseconds();
        BudgetBucket bucket = kept ?? new BudgetBucket(terms.Capacity, terms.Unit, at, Blocked: 0);
        long behind = bucket.Updated - at;
        long updated = behind is > 0 and < OvertakingMilliseconds ? bucket.Updated : at;
        long tokens = terms.After(bucket.In(terms), Math.Max(0, at - bucket.Updated));
        if (bucket.Blocked <= at && tokens >= terms.Unit)
        {
            return (new BudgetBucket(tokens - terms.Unit, terms.Unit, updated, bucket.Blocked), null);
        }
        long refilled = at + (tokens >= terms.Unit ? 0 : terms.UntilPermit(tokens));
        return (null, DateTimeOffset.FromUnixTimeMilliseconds(Math.Max(bucket.Blocked, refilled)));
    }

    /// <summary>Adapts a kept bucket to what the remote system said.</summary>
    public static BudgetBucket Limit(BudgetBucket? kept, DateTimeOffset? blockedUntil, int? remaining, DateTimeOffset now)
    {
        BudgetBucket bucket = kept ?? new BudgetBucket(int.MaxValue, Unit: 1, now.ToUnixTimeMilliseconds(), Blocked: 0);
        long blocked = Math.Max(bucket.Blocked, blockedUntil?.ToUnixTimeMilliseconds() ?? 0);
        bool isLess = remaining is int left && left * bucket.Unit < bucket.Tokens;
        return bucket with
        {
            Blocked = blocked,
            Tokens = isLess ? Math.Max(0, remaining!.Value) * bucket.Unit : bucket.Tokens,
            // What the remote system counts is true now, so refilling starts now.
            Updated = isLess ? Math.Max(bucket.Updated, now.ToUnixTimeMilliseconds()) : bucket.Updated,
        };
    }

    /// <summary>The content counted in the units of other terms; whole permits stay whole.</summary>
    private long In(BudgetTerms terms) =>
        Unit == terms.Unit ? Math.Min(Tokens, terms.Capacity) : (long)Int128.Min(terms.Capacity, (Int128)Tokens * terms.Unit / Unit);
}
