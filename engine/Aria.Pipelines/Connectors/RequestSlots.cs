using System.Collections.Concurrent;

namespace Aria.Pipelines.Connectors;

/// <summary>Lets no more requests of an account be under way than its system takes at once. Safe from any thread.</summary>
internal sealed class RequestSlots(TimeProvider time)
{
    // Requests are short. Where nobody is done in this time the system has stopped answering, and whoever waits comes back through the store.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);
    private readonly ConcurrentDictionary<(string Connection, int Count), SemaphoreSlim> _accounts = new();

    /// <summary>Waits until a request may leave.</summary>
    /// <returns>What to dispose of when it was answered; null when its turn does not come.</returns>
    public async Task<IDisposable?> EnterAsync(Connection connection, CancellationToken cancellationToken)
    {
        if (connection.Connector.Http.Concurrent is not { } count)
        {
            return Slot.Free;
        }
        SemaphoreSlim account = _accounts.GetOrAdd((connection.Id, count), key => new SemaphoreSlim(key.Count));
        using var patience = new CancellationTokenSource(Patience, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, patience.Token);
        try
        {
            await account.WaitAsync(either.Token);
            return new Slot(account);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return null;
        }
    }

    private sealed class Slot(SemaphoreSlim? account) : IDisposable
    {
        public static readonly Slot Free = new(null);

        public void Dispose() => account?.Release();
    }
}
