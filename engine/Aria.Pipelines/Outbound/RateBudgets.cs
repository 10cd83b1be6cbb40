using Aria.Pipelines.Connectors;
using Aria.Pipelines.Store;

namespace Aria.Pipelines.Outbound;

/// <summary>Keeps each connection's budget in the store, so that it holds across restarts.</summary>
internal sealed class RateBudgets(IStore store, TimeProvider time) : IRateBudgets
{
    private static readonly TimeSpan LongestBlock = TimeSpan.FromHours(1);

    public async ValueTask<DateTimeOffset?> TakeAsync(Connection connection, CancellationToken cancellationToken) =>
        await store.TakePermitAsync(connection.Id, connection.Limit ?? Unlimited, time.GetUtcNow(), cancellationToken).ConfigureAwait(false);

    public async ValueTask BlockAsync(Connection connection, DateTimeOffset until, CancellationToken cancellationToken)
    {
        DateTimeOffset now = time.GetUtcNow();
        DateTimeOffset latest = now + LongestBlock;
        await store.LimitBudgetAsync(connection.Id, until > latest ? latest : until, null, now, cancellationToken).ConfigureAwait(false);
    }

    public async ValueTask ObserveRemainingAsync(Connection connection, int remaining, CancellationToken cancellationToken)
    {
        // The bucket never holds more than a twentieth of the limit, so a larger remainder changes nothing.
        if (connection.Limit is { } limit && remaining < Math.Max(1, limit.Limit / 20))
        {
            await store.LimitBudgetAsync(connection.Id, null, remaining, time.GetUtcNow(), cancellationToken).ConfigureAwait(false);
        }
    }

    // A connection without a limit still honours what the remote system says, through the same bucket.
    private static readonly BudgetLimit Unlimited = new(1_000_000, TimeSpan.FromSeconds(1));
}
