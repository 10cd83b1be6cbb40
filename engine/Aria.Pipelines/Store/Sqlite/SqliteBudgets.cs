namespace Aria.Pipelines.Store.Sqlite;

/// <summary>Rate budgets shared by all pipelines, kept over restarts.</summary>
internal static class SqliteBudgets
{
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
    public static DateTimeOffset? Take(SqliteSession session, Permit permit)
    {
        (BudgetBucket? granted, DateTimeOffset? next) = BudgetBucket.Take(Find(session, permit.Scope), permit.Limit, permit.Now);
        if (granted is not null)
        {
            Save(session, permit.Scope, granted);
        }
        return next;
    }

    /// <inheritdoc cref="IStore.LimitBudgetAsync"/>
    public static void Limit(SqliteSession session, string scope, DateTimeOffset? blockedUntil, int? remaining, DateTimeOffset now) =>
        Save(session, scope, BudgetBucket.Limit(Find(session, scope), blockedUntil, remaining, now));

    /// <inheritdoc cref="IStore.SlowBudgetAsync"/>
    public static void Slow(SqliteSession session, string scope, DateTimeOffset now)
    {
        if (BudgetBucket.Slow(Find(session, scope), now) is { } slowed)
        {
            Save(session, scope, slowed);
        }
    }

    private static BudgetBucket? Find(SqliteSession session, string scope) =>
        session.Find(
            FindSql,
            row => new BudgetBucket(row.Number(0), row.Number(1), row.Number(2), row.Number(3), row.Count(4), row.Number(5)),
            ("@scope", scope));

    private static void Save(SqliteSession session, string scope, BudgetBucket bucket) =>
        session.Execute(
            SaveSql,
            ("@scope", scope), ("@tokens", bucket.Tokens), ("@unit", bucket.Unit), ("@updated", bucket.Updated), ("@blocked", bucket.Blocked),
            ("@pace", bucket.Pace), ("@paced", bucket.Paced));
}
