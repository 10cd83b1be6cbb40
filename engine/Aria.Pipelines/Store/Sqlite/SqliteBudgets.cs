namespace Aria.Pipelines.Store.Sqlite;

/// <summary>Rate budgets shared by all pipelines, kept over restarts.</summary>
internal static class SqliteBudgets
{
    /// <summary>A clock that goes back less than this is threads that overtook each other; more is a clock that was set.</summary>
    private const long OvertakingMilliseconds = 60_000;

    private const string FindSql = """
        SELECT tokens, unit, updated_ms, blocked_until_ms, pace, paced_ms FROM limiter WHERE tenant = @tenant AND env = @env AND scope = @scope
        """;

    private const string SaveSql = """
        INSERT INTO limiter (tenant, env, scope, tokens, unit, updated_ms, blocked_until_ms, pace, paced_ms)
        VALUES (@tenant, @env, @scope, @tokens, @unit, @updated, @blocked, @pace, @paced)
        ON CONFLICT (tenant, env, scope) DO UPDATE SET
          tokens = excluded.tokens, unit = excluded.unit, updated_ms = excluded.updated_ms, blocked_until_ms = excluded.blocked_until_ms,
          pace = excluded.pace, paced_ms = excluded.paced_ms
        """;

    /// <inheritdoc cref="IStore.TakePermitAsync"/>
    public static DateTimeOffset? Take(SqliteSession session, string scope, BudgetLimit limit, DateTimeOffset now)
    {
        var terms = new BudgetTerms(limit);
        long at = now.ToUnixTimeMilliseconds();
        Bucket bucket = Find(session, scope) ?? new Bucket(terms.Capacity, terms.Unit, at, Blocked: 0, BudgetPace.Full, Paced: 0);
        long behind = bucket.Updated - at;
        long updated = behind is > 0 and < OvertakingMilliseconds ? bucket.Updated : at;
        int pace = BudgetPace.After(bucket.Pace, at - bucket.Paced);
        long tokens = terms.After(bucket.In(terms), Math.Max(0, at - bucket.Updated) * pace / BudgetPace.Full);
        if (bucket.Blocked <= at && tokens >= terms.Needed)
        {
            Save(session, scope, bucket with { Tokens = tokens - terms.Unit, Unit = terms.Unit, Updated = updated });
            return null;
        }
        long refilled = at + (tokens >= terms.Needed ? 0 : ((terms.UntilPermit(tokens) * BudgetPace.Full) + pace - 1) / pace);
        return DateTimeOffset.FromUnixTimeMilliseconds(Math.Max(bucket.Blocked, refilled));
    }

    /// <inheritdoc cref="IStore.LimitBudgetAsync"/>
    public static void Limit(SqliteSession session, string scope, DateTimeOffset? blockedUntil, int? remaining, DateTimeOffset now)
    {
        Bucket bucket = Find(session, scope) ?? Full(now);
        long blocked = Math.Max(bucket.Blocked, blockedUntil?.ToUnixTimeMilliseconds() ?? 0);
        bool isLess = remaining is int left && left * bucket.Unit < bucket.Tokens;
        Save(session, scope, bucket with
        {
            Blocked = blocked,
            Tokens = isLess ? Math.Max(0, remaining!.Value) * bucket.Unit : bucket.Tokens,
            // What the remote system counts is true now, so refilling starts now.
            Updated = isLess ? Math.Max(bucket.Updated, now.ToUnixTimeMilliseconds()) : bucket.Updated,
        });
    }

    /// <inheritdoc cref="IStore.SlowBudgetAsync"/>
    public static void Slow(SqliteSession session, string scope, DateTimeOffset now)
    {
        long at = now.ToUnixTimeMilliseconds();
        Bucket bucket = Find(session, scope) ?? Full(now);
        // Answers to requests that left together say one thing together.
        if (at - bucket.Paced >= OvertakingMilliseconds / 10 || bucket.Pace == BudgetPace.Full)
        {
            Save(session, scope, bucket with { Pace = BudgetPace.Slowed(BudgetPace.After(bucket.Pace, at - bucket.Paced)), Paced = at });
        }
    }

    private static Bucket Full(DateTimeOffset now) => new(int.MaxValue, Unit: 1, now.ToUnixTimeMilliseconds(), Blocked: 0, BudgetPace.Full, Paced: 0);

    private static Bucket? Find(SqliteSession session, string scope) =>
        session.Find(FindSql, row => new Bucket(row.GetInt64(0), row.GetInt64(1), row.GetInt64(2), row.GetInt64(3), row.GetInt32(4), row.GetInt64(5)), ("@scope", scope));

    private static void Save(SqliteSession session, string scope, Bucket bucket) =>
        session.Execute(
            SaveSql,
            ("@scope", scope), ("@tokens", bucket.Tokens), ("@unit", bucket.Unit), ("@updated", bucket.Updated), ("@blocked", bucket.Blocked),
            ("@pace", bucket.Pace), ("@paced", bucket.Paced));

    private sealed record Bucket(long Tokens, long Unit, long Updated, long Blocked, int Pace, long Paced)
    {
        /// <summary>The content counted in the units of other terms; whole permits stay whole.</summary>
        public long In(BudgetTerms terms) =>
            Unit == terms.Unit ? Math.Min(Tokens, terms.Capacity) : (long)Int128.Min(terms.Capacity, (Int128)Tokens * terms.Unit / Unit);
    }
}
