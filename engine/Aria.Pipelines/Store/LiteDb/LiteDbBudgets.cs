using LiteDB;

namespace Aria.Pipelines.Store.LiteDb;

/// <summary>Rate budgets shared by all pipelines, kept over restarts.</summary>
internal static class LiteDbBudgets
{
    /// <inheritdoc cref="IStore.TakePermitAsync"/>
    public static DateTimeOffset? Take(LiteDbSession session, Permit permit)
    {
        (BudgetBucket? granted, DateTimeOffset? next) = BudgetBucket.Take(Find(session, permit.Scope), permit.Limit, permit.Now);
        if (granted is not null)
        {
            Save(session, permit.Scope, granted);
        }
        return next;
    }

    /// <inheritdoc cref="IStore.LimitBudgetAsync"/>
    public static void Limit(LiteDbSession session, string scope, DateTimeOffset? blockedUntil, int? remaining, DateTimeOffset now) =>
        Save(session, scope, BudgetBucket.Limit(Find(session, scope), blockedUntil, remaining, now));

    /// <inheritdoc cref="IStore.SlowBudgetAsync"/>
    public static void Slow(LiteDbSession session, string scope, DateTimeOffset now)
    {
        if (BudgetBucket.Slow(Find(session, scope), now) is { } slowed)
        {
            Save(session, scope, slowed);
        }
    }

    private static BudgetBucket? Find(LiteDbSession session, string scope) =>
        session.Find(Records.Limiter, scope) is BsonDocument kept
            ? new BudgetBucket(kept.Number("tokens"), kept.Number("unit"), kept.Number("updated"), kept.Number("blocked"), kept.Count("pace"), kept.Number("paced"))
            : null;

    private static void Save(LiteDbSession session, string scope, BudgetBucket bucket) => session.Put(Records.Limiter, new BsonDocument
    {
        ["_id"] = scope,
        ["tokens"] = bucket.Tokens,
        ["unit"] = bucket.Unit,
        ["updated"] = bucket.Updated,
        ["blocked"] = bucket.Blocked,
        ["pace"] = (long)bucket.Pace,
        ["paced"] = bucket.Paced,
    });
}
