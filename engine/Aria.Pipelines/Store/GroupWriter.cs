using System.Collections.Concurrent;

namespace Aria.Pipelines.Store;

/// <summary>
/// The one thread that writes. Operations that wait together share a transaction and so one sync of the disk (group commit); each can be
/// taken back alone, so that one that fails takes nothing from the others. Callers go on only after the commit returned.
/// </summary>
internal sealed class GroupWriter<TSession> : IAsyncDisposable
    where TSession : class, IWriteSession
{
    private const int MaxBatch = 256;

    private readonly BlockingCollection<Operation> queue = [];
    private readonly TaskCompletionSource stopped = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Func<TSession> open;
    private TSession? session;
    private long commits;

    /// <param name="session">The open writing session; owned by the writer from now on.</param>
    /// <param name="open">Opens another one after this one became suspect.</param>
    public GroupWriter(TSession session, Func<TSession> open)
    {
        this.session = session;
        this.open = open;
        new Thread(Work) { IsBackground = true, Name = "aria store writer" }.Start();
    }

    /// <summary>Transactions committed so far.</summary>
    public long Commits => Interlocked.Read(ref commits);

    /// <exception cref="StoreUnavailableException">Nothing of the work remains: it could not be made durable.</exception>
    public Task<T> RunAsync<T>(Func<TSession, T> work, CancellationToken cancellationToken)
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
        Close();
        stopped.SetResult();
    }

    private void Commit(List<Operation> batch)
    {
        try
        {
            session ??= open();
            session.Begin();
            foreach (Operation operation in batch)
            {
                Run(session, operation);
            }
            FaultPoint.Reach("store.before_commit");
            session.Commit();
            FaultPoint.Reach("store.after_commit");
        }
        catch (Exception e)
        {
            // After a failed sync the same handle may report success for pages that never reached the disk.
            Close();
            foreach (Operation operation in batch)
            {
                operation.Fail(new StoreUnavailableException($"The store could not make the change durable ({e.Message}); nothing of it remains.", e));
            }
            return;
        }
        Interlocked.Increment(ref commits);
        if (session.IsSpent)
        {
            Close();
        }
        foreach (Operation operation in batch)
        {
            operation.Settle();
        }
    }

    private void Close()
    {
        session?.Dispose();
        session = null;
    }

    private static void Run(TSession session, Operation operation)
    {
        session.Mark();
        try
        {
            operation.Run(session);
        }
        catch (Exception e) when (!session.IsOfTheStore(e))
        {
            operation.Refuse(e);
            session.Undo();
        }
        session.Keep();
    }

    private abstract class Operation
    {
        public abstract void Run(TSession session);

        /// <summary>The operation's own failure, told to the caller when the others are durable.</summary>
        public abstract void Refuse(Exception exception);

        public abstract void Settle();

        public abstract void Fail(Exception exception);
    }

    private sealed class Operation<T>(Func<TSession, T> work, CancellationToken cancellationToken) : Operation
    {
        private readonly TaskCompletionSource<T> completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private T? result;
        private Exception? refusal;

        public Task<T> Result => completion.Task;

        public override void Run(TSession session)
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
