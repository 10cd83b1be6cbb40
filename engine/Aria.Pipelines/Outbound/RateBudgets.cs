using System.Globalization;
using Aria.Pipelines.Store;

namespace Aria.Pipelines.Outbound;

/// <summary>Keeps each connection's budget in the store, so that it holds across restarts.</summary>
internal sealed class RateBudgets(IStore store, CircuitBreakers breakers, TimeProvider time) : IRateBudgets
{
    private const int ReservedPart = 10;
    private const string NoPipeline = "";

    // Who was refused asks again through the store. Closer to each other, with a limit of thousands a second, that would be all that the host
    // does, and those whose turn it is would not come to ask.
    private static readonly TimeSpan Closest = TimeSpan.FromMilliseconds(5);

    // A connection without a limit still honours what the remote system says, through the same bucket.
    private static readonly BudgetLimit Unlimited = new(1_000_000, TimeSpan.FromSeconds(1));
    private readonly FairShares _shares = new();

    public ValueTask<PermitRefusal?> TakeAsync(BudgetScope scope, CancellationToken cancellationToken) =>
        TakeAsync(scope, permit => store.TakePermitAsync(permit, cancellationToken));

    public async ValueTask<PermitRefusal?> TakeAsync(BudgetScope scope, Func<Permit, Task<DateTimeOffset?>> take)
    {
        if (breakers.Refuse(scope) is { } open)
        {
            return open;
        }
        DateTimeOffset now = time.GetUtcNow();
        string pipeline = scope.Pipeline ?? NoPipeline;
        BudgetLimit first = scope.Limit ?? Unlimited;
        Refused? refused = new Refused(now + Apart(first), first);
        if (scope.IsUrgent || _shares.MayTake(scope.Connection, pipeline, now))
        {
            refused = await TakeOfEachAsync(scope, first, now, take).ConfigureAwait(false);
        }
        if (refused is not { } by)
        {
            _shares.Took(scope.Connection, pipeline, now);
            return null;
        }
        breakers.GiveUp(scope);
        return new PermitRefusal(scope.IsUrgent ? by.Next : _shares.Turn(scope.Connection, pipeline, now, by.Next, Apart(by.Limit), Closest, by.Limit.Window), PermitRefusal.Budget);
    }

    public async ValueTask BlockAsync(BudgetScope scope, DateTimeOffset until, CancellationToken cancellationToken)
    {
        DateTimeOffset now = time.GetUtcNow();
        DateTimeOffset latest = now + BudgetBucket.LongestBlock;
        await store.LimitBudgetAsync(scope.Connection, until > latest ? latest : until, null, now, cancellationToken).ConfigureAwait(false);
    }

    public async ValueTask SlowAsync(BudgetScope scope, CancellationToken cancellationToken) =>
        await store.SlowBudgetAsync(scope.Connection, time.GetUtcNow(), cancellationToken).ConfigureAwait(false);

    public async ValueTask ObserveRemainingAsync(BudgetScope scope, int remaining, CancellationToken cancellationToken)
    {
        // The bucket never holds more than a twentieth of the limit, so a larger remainder changes nothing.
        if (scope.Limit is { } limit && remaining < Math.Max(1, limit.Limit / 20))
        {
            await store.LimitBudgetAsync(scope.Connection, null, remaining, time.GetUtcNow(), cancellationToken).ConfigureAwait(false);
        }
    }

    public ValueTask ReportAsync(BudgetScope scope, bool answered, CancellationToken cancellationToken) => breakers.ReportAsync(scope, answered, cancellationToken);

    /// <summary>Takes a permit of each window; the shortest first, because what it gives in vain it gives again soon. What is done with the permit is done with the last one.</summary>
    private async ValueTask<Refused?> TakeOfEachAsync(BudgetScope scope, BudgetLimit first, DateTimeOffset now, Func<Permit, Task<DateTimeOffset?>> take)
    {
        if (scope.More.Count == 0)
        {
            return await TakeOneAsync(scope, scope.Connection, first, now, take).ConfigureAwait(false);
        }
        var further = scope.More.Select(l => (Account: string.Create(CultureInfo.InvariantCulture, $"{scope.Connection}/{l.Limit}/{l.Window.TotalMilliseconds:0}"), Limit: l));
        (string Account, BudgetLimit Limit)[] windows = [.. further.Prepend((Account: scope.Connection, Limit: first)).OrderBy(w => w.Limit.Window)];
        foreach ((string account, BudgetLimit limit) in windows[..^1])
        {
            if (await TakeOneAsync(scope, account, limit, now, permit => store.TakePermitAsync(permit, CancellationToken.None)).ConfigureAwait(false) is { } refused)
            {
                return refused;
            }
        }
        return await TakeOneAsync(scope, windows[^1].Account, windows[^1].Limit, now, take).ConfigureAwait(false);
    }

    private static async ValueTask<Refused?> TakeOneAsync(BudgetScope scope, string account, BudgetLimit limit, DateTimeOffset now, Func<Permit, Task<DateTimeOffset?>> take)
    {
        BudgetLimit terms = scope.IsUrgent ? limit : limit with { Keep = Math.Max(1, limit.Limit / 20) / ReservedPart };
        return await take(new Permit(account, terms, now)).ConfigureAwait(false) is { } next ? new Refused(next, limit) : null;
    }

    private static TimeSpan Apart(BudgetLimit limit) => limit.Window / limit.Limit > Closest ? limit.Window / limit.Limit : Closest;

    /// <summary>A window without a permit, and when it has one.</summary>
    private readonly record struct Refused(DateTimeOffset Next, BudgetLimit Limit);
}
