using Aria.Pipelines.Store;

namespace Aria.Pipelines.Outbound;

/// <summary>Keeps each connection's budget in the store, so that it holds across restarts.</summary>
internal sealed class RateBudgets(IStore store, TimeProvider time) : IRateBudgets
{
    private static readonly TimeSpan LongestBlock = TimeSpan.FromHours(1);
    private readonly Dictionary<string, DateTimeOffset> _turns = [];

    public async ValueTask<DateTimeOffset?> TakeAsync(BudgetScope scope, CancellationToken cancellationToken)
    {
        BudgetLimit limit = scope.Limit ?? Unlimited;
        DateTimeOffset? later = await store.TakePermitAsync(scope.Connection, limit, time.GetUtcNow(), cancellationToken).ConfigureAwait(false);
        return later is { } next ? InTurn(scope.Connection, next, limit) : null;
    }

    /// <summary>Gives each of those who wait a time of its own, one permit apart: called all at once, most would only be sent away again.</summary>
    private DateTimeOffset InTurn(string connection, DateTimeOffset next, BudgetLimit limit)
    {
        TimeSpan apart = limit.Window / limit.Limit;
        lock (_turns)
        {
            DateTimeOffset turn = _turns.TryGetValue(connection, out DateTimeOffset last) && last + apart > next && last < next + limit.Window ? last + apart : next;
            _turns[connection] = turn;
            return turn;
        }
    }

    public async ValueTask BlockAsync(BudgetScope scope, DateTimeOffset until, CancellationToken cancellationToken)
    {
        DateTimeOffset now = time.GetUtcNow();
        DateTimeOffset latest = now + LongestBlock;
        await store.LimitBudgetAsync(scope.Connection, until > latest ? latest : until, null, now, cancellationToken).ConfigureAwait(false);
    }

    public async ValueTask ObserveRemainingAsync(BudgetScope scope, int remaining, CancellationToken cancellationToken)
    {
        // The bucket never holds more than a twentieth of the limit, so a larger remainder changes nothing.
        if (scope.Limit is { } limit && remaining < Math.Max(1, limit.Limit / 20))
        {
            await store.LimitBudgetAsync(scope.Connection, null, remaining, time.GetUtcNow(), cancellationToken).ConfigureAwait(false);
        }
    }

    // A connection without a limit still honours what the remote system says, through the same bucket.
    private static readonly BudgetLimit Unlimited = new(1_000_000, TimeSpan.FromSeconds(1));
}
