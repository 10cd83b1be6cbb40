using System.Collections.Concurrent;

namespace Aria.Pipelines.Store.Sqlite;

/// <summary>Reading connections, kept and shared. Each read sees one state of the store, and never waits for the writer.</summary>
internal sealed class SqliteReaders(Func<SqliteSession> open) : IAsyncDisposable
{
    private const int MaxConnections = 4;

    private readonly ConcurrentBag<SqliteSession> idle = [];
    private readonly SemaphoreSlim slots = new(MaxConnections);
    private bool isClosed;

    /// <exception cref="StoreUnavailableException">The file could not be read, or the store is closed.</exception>
    public async Task<T> RunAsync<T>(Func<SqliteSession, T> read, CancellationToken cancellationToken)
    {
        await slots.WaitAsync(cancellationToken);
        try
        {
            if (isClosed)
            {
                throw new StoreUnavailableException("The store is closed.");
            }
            return await Task.Run(() => Read(read), cancellationToken);
        }
        finally
        {
            slots.Release();
        }
    }

    /// <summary>Waits for reads under way, then closes the connections.</summary>
    public async ValueTask DisposeAsync()
    {
        for (int i = 0; i < MaxConnections; i++)
        {
            await slots.WaitAsync();
        }
        isClosed = true;
        while (idle.TryTake(out SqliteSession? session))
        {
            session.Dispose();
        }
        slots.Release(MaxConnections);
    }

    private T Read<T>(Func<SqliteSession, T> read)
    {
        SqliteSession? session = null;
        try
        {
            session = idle.TryTake(out SqliteSession? kept) ? kept : open();
            session.Execute("BEGIN");
            T result = read(session);
            session.Execute("COMMIT");
            idle.Add(session);
            return result;
        }
        catch (SqliteErrorException e)
        {
            session?.Dispose();
            throw new StoreUnavailableException($"The store could not be read ({e.Message}).", e);
        }
        catch
        {
            session?.Dispose();
            throw;
        }
    }
}
