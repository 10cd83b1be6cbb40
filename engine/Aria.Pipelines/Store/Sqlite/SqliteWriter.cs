using System.Collections.Concurrent;

namespace Aria.Pipelines.Store.Sqlite;

/// <summary>
/// The one thread that writes. Operations that wait together share a transaction and so one sync of the disk (group commit); each has its
/// own savepoint, so that one that fails takes nothing from the others. Callers go on only after COMMIT returned.
/// </summary>
internal sealed class SqliteWriter : IAsyncDisposable
{
    private const int MaxBatch = 256;

    private readonly BlockingCollection<Operation> queue = [];
    private readonly TaskCompletionSource stopped = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Func<SqliteSession> open;
    private SqliteSession? session;
    private long commits;

    /// <param name="session">The open writing session; owned by the writer from now on.</param>
    /// <param name="open">Opens another one after this one became suspect.</param>
    public SqliteWriter(SqliteSession session, Func<SqliteSession> open)
    {
        this.session = session;
        this.open = open;
        new Thread(Work) { IsBackground = true, Name = "aria store writer" }.Start();
    }

    /// <summary>Transactions committed so far.</summary>
    public long Commits => Interlocked.Read(ref commits);

    /// <exception cref="StoreUnavailableException">Nothing of the work remains: it could not be made durable.</exception>
    public Task<T> RunAsync<T>(Func<SqliteSession, T> work, CancellationToken cancellationToken)
    {
        var operation = new Operation<T>(work, cancellationToken);
        try
        {
            queue.Add(operation, cancellationToken);
        }
        catch (InvalidOperationException e)
        {
            throw new StoreUnavailableException("The store is closed.", e);
        }
        return operation.Result;
    }

    /// <summary>Commits what is queued, then closes the connection.</summary>
    public async ValueTask DisposeAsync()
    {
        queue.CompleteAdding();
        await stopped.Task;
    }

    private void Work()
    {
        List<Operation> batch = new(MaxBatch);
        foreach (Operation first in queue.GetConsumingEnumerable())
        {
            batch.Clear();
            batch.Add(first);
            while (batch.Count < MaxBatch && queue.TryTake(out Operation? next))
            {
                batch.Add(next);
            }
            Commit(batch);
        }
        session?.Dispose();
        stopped.SetResult();
    }

    private void Commit(List<Operation> batch)
    {
        try
        {
            session ??= open();
            session.Execute("BEGIN IMMEDIATE");
            foreach (Operation operation in batch)
            {
                RunInSavepoint(session, operation);
            }
            FaultPoint.Reach("store.before_commit");
            session.Execute("COMMIT");
            FaultPoint.Reach("store.after_commit");
        }
        catch (Exception e)
        {
            // After a failed sync the same handle may report success for pages that never reached the disk.
            session?.Dispose();
            session = null;
            foreach (Operation operation in batch)
            {
                operation.Fail(new StoreUnavailableException($"The store could not make the change durable ({e.Message}); nothing of it remains.", e));
            }
            return;
        }
        Interlocked.Increment(ref commits);
        foreach (Operation operation in batch)
        {
            operation.Settle();
        }
    }

    private static void RunInSavepoint(SqliteSession session, Operation operation)
    {
        session.Execute("SAVEPOINT operation");
        try
        {
            operation.Run(session);
        }
        catch (Exception e) when (!SqliteFailure.IsOfTheStore(e))
        {
            operation.Refuse(e);
            session.Execute("ROLLBACK TO operation");
        }
        session.Execute("RELEASE operation");
    }

    private abstract class Operation
    {
        public abstract void Run(SqliteSession session);

        /// <summary>The operation's own failure, told to the caller when the others are durable.</summary>
        public abstract void Refuse(Exception exception);

        public abstract void Settle();

        public abstract void Fail(Exception exception);
    }

    private sealed class Operation<T>(Func<SqliteSession, T> work, CancellationToken cancellationToken) : Operation
    {
        private readonly TaskCompletionSource<T> completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private T? result;
        private Exception? refusal;

        public Task<T> Result => completion.Task;

        public override void Run(SqliteSession session)
        {
            cancellationToken.ThrowIfCancellationRequested();
            result = work(session);
        }

        public override void Refuse(Exception exception) => refusal = exception;

        public override void Settle()
        {
            if (refusal is OperationCanceledException && cancellationToken.IsCancellationRequested)
            {
                completion.SetCanceled(cancellationToken);
            }
            else if (refusal is not null)
            {
                completion.SetException(refusal);
            }
            else
            {
                completion.SetResult(result!);
            }
        }

        public override void Fail(Exception exception) => completion.SetException(exception);
    }
}
