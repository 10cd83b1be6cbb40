namespace Aria.Pipelines.Store.Sqlite;

/// <summary>Rate budgets shared by all pipelines, kept over restarts.</summary>
internal static class SqliteBudgets
{
    /// <summary>A clock that goes back less than this is threads that overtook each other; more is a clock that was set.</summary>
    private const long OvertakingMilliseconds = 60_000;

    private const string FindSql = """
        SELECT tokens, unit, updated_ms, blocked_until_ms FROM limiter WHERE tenant = @tenant AND env = @env AND scope = @scope
        """;

    private const string SaveSql = """
        INSERT INTO limiter (tenant, env, scope, tokens, unit, updated_ms, blocked_until_ms)
        VALUES (@tenant, @env, @scope, @tokens, @unit, @updated, @blocked)
        ON CONFLICT (tenant, env, scope) DO UPDATE SET
          tokens = excluded.tokens, unit = excluded.unit, updated_ms = excluded.updated_ms, blocked_until_ms = excluded.blocked_until_ms
        """;

    /// <inheritdoc cref="IStore.TakePermitAsync"/>
    public static DateTimeOffset? Take(SqliteSession session, string scope, BudgetLimit limit, DateTimeOffset now)
    {
        var terms = new BudgetTerms(limit);
        long at = now.ToUnixTimeMilliseconds();
        Bucket bucket = Find(session, scope) ?? new Bucket(terms.Capacity, terms.Unit, at, Blocked: 0);
        long behind = bucket.Updated - at;
        long updated = behind is > 0 and < OvertakingMilliseconds ? bucket.Updated : at;
        long tokens = terms.After(bucket.In(terms), Math.Max(0, at - bucket.Updated));
        if (bucket.Blocked <= at && tokens >= terms.Unit)
        {
            Save(session, scope, new Bucket(tokens - terms.Unit, terms.Unit, updated, bucket.Blocked));
            return null;
        }
        long refilled = at + (tokens >= terms.Unit ? 0 : terms.UntilPermit(tokens));
        return DateTimeOffset.FromUnixTimeMilliseconds(Math.Max(bucket.Blocked, refilled));
    }

    /// <inheritdoc cref="IStore.LimitBudgetAsync"/>
    public static void Limit(SqliteSession session, string scope, DateTimeOffset? blockedUntil, int? remaining, DateTimeOffset now)
    {
        Bucket bucket = Find(session, scope) ?? new Bucket(int.MaxValue, Unit: 1, now.ToUnixTimeMilliseconds(), Blocked: 0);
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

    private static Bucket? Find(SqliteSession session, string scope) =>
        session.Find(FindSql, row => new Bucket(row.GetInt64(0), row.GetInt64(1), row.GetInt64(2), row.GetInt64(3)), ("@scope", scope));

    private static void Save(SqliteSession session, string scope, Bucket bucket) =>
        session.Execute(
            SaveSql,
            ("@scope", scope), ("@tokens", bucket.Tokens), ("@unit", bucket.Unit), ("@updated", bucket.Updated), ("@blocked", bucket.Blocked));

    private sealed record Bucket(long Tokens, long Unit, long Updated, long Blocked)
    {
        /// <summary>The content counted in the units of other terms; whole permits stay whole.</summary>
        public long In(BudgetTerms terms) =>
            Unit == terms.Unit ? Math.Min(Tokens, terms.Capacity) : (long)Int128.Min(terms.Capacity, (Int128)Tokens * terms.Unit / Unit);
    }
}
