using Aria.Pipelines.Store;

namespace Aria.Pipelines.Outbound;

/// <summary>Keeps each connection's budget in the store, so that it holds across restarts.</summary>
internal sealed class RateBudgets(IStore store, CircuitBreakers breakers, TimeProvider time) : IRateBudgets
{
    private const int ReservedPart = 10;
    private const string NoPipeline = "";
    private static readonly TimeSpan LongestBlock = TimeSpan.FromHours(1);

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
        BudgetLimit limit = scope.Limit ?? Unlimited;
        DateTimeOffset now = time.GetUtcNow();
        TimeSpan apart = limit.Window / limit.Limit > Closest ? limit.Window / limit.Limit : Closest;
        string pipeline = scope.Pipeline ?? NoPipeline;
        DateTimeOffset? later = now + apart;
        if (scope.IsUrgent || _shares.MayTake(scope.Connection, pipeline, now))
        {
            BudgetLimit terms = scope.IsUrgent ? limit : limit with { Keep = Math.Max(1, limit.Limit / 20) / ReservedPart };
            later = await take(new Permit(scope.Connection, terms, now)).ConfigureAwait(false);
        }
        if (later is not { } next)
        {
            _shares.Took(scope.Connection, pipeline, now);
            return null;
        }
        breakers.GiveUp(scope);
        return new PermitRefusal(scope.IsUrgent ? next : _shares.Turn(scope.Connection, pipeline, now, next, apart, limit.Window), PermitRefusal.Budget);
    }

    public async ValueTask BlockAsync(BudgetScope scope, DateTimeOffset until, CancellationToken cancellationToken)
    {
        DateTimeOffset now = time.GetUtcNow();
        DateTimeOffset latest = now + LongestBlock;
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
}
