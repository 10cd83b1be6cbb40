using System.Collections.Concurrent;
using System.Diagnostics;
using Aria.Pipelines.Telemetry;

namespace Aria.Pipelines.Store.Sqlite;

/// <summary>
/// The one thread that writes. Operations that wait together share a transaction and so one sync of the disk (group commit); one that fails
/// takes nothing from the others. Callers go on only after COMMIT returned. A commit of operations that all may wait for the disk is not
/// synced by itself: the next one that is syncs both, because the log is one file written in order, and none waits longer than
/// <see cref="LongestUnsynced"/>.
/// </summary>
internal sealed class SqliteWriter : IAsyncDisposable
{
    /// <summary>How long a commit may stand in the log before the disk is synced.</summary>
    internal static readonly TimeSpan LongestUnsynced = TimeSpan.FromMilliseconds(100);

    private const int MaxBatch = 256;

    private const string TouchSql = "UPDATE meta SET value = value WHERE rowid = (SELECT MIN(rowid) FROM meta)";

    private readonly BlockingCollection<Operation> queue = [];
    private readonly TaskCompletionSource stopped = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Func<SqliteSession> open;
    private SqliteSession? session;
    private long commits;
    private long syncs;
    private long? unsyncedSince;

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

    /// <summary>Transactions that synced the disk.</summary>
    public long Syncs => Interlocked.Read(ref syncs);

    private bool IsOverdue => unsyncedSince is { } since && Stopwatch.GetElapsedTime(since) >= LongestUnsynced;

    /// <summary>Has work done on the writing session, in a transaction.</summary>
    /// <param name="work">What to do. It may be done a second time when another operation of its transaction failed; the first time is rolled back.</param>
    /// <param name="cancellationToken">Gives up before it began.</param>
    /// <param name="canWait">True for work that may be lost with the power, together with all that came after it; a killed process never loses it.</param>
    /// <exception cref="StoreUnavailableException">Nothing of the work remains: it could not be made durable.</exception>
    public Task<T> RunAsync<T>(Func<SqliteSession, T> work, CancellationToken cancellationToken, bool canWait = false)
    {
        var operation = new Operation<T>(work, canWait, cancellationToken);
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
        while (Take(batch))
        {
            List<Operation> relaxed = batch.FindAll(o => o.CanWait);
            if (relaxed.Count > 0 && relaxed.Count < batch.Count)
            {
                // A run does several of these one after the other: they do not wait for the disk of others.
                Commit(relaxed);
                batch.RemoveAll(o => o.CanWait);
            }
            Commit(batch);
        }
        session?.Dispose();
        stopped.SetResult();
    }

    /// <summary>Waits for operations, and takes all there are.</summary>
    /// <returns>False when no more will come. An empty batch is one whose only work is to sync the disk.</returns>
    private bool Take(List<Operation> batch)
    {
        batch.Clear();
        int patience = unsyncedSince is { } since
            ? (int)Math.Max(0, (LongestUnsynced - Stopwatch.GetElapsedTime(since)).TotalMilliseconds)
            : Timeout.Infinite;
        if (!queue.TryTake(out Operation? first, patience))
        {
            return !queue.IsCompleted;
        }
        batch.Add(first);
        while (batch.Count < MaxBatch && queue.TryTake(out Operation? next))
        {
            batch.Add(next);
        }
        return true;
    }

    private void Commit(List<Operation> batch)
    {
        long started = Stopwatch.GetTimestamp();
        try
        {
            session ??= Reopen();
            bool isSynced = IsOverdue || batch.Exists(o => !o.CanWait);
            session.SyncCommits(isSynced);
            if (!RunTogether(session, batch))
            {
                RunApart(session, batch);
            }
            session.Execute("COMMIT");
            Note(isSynced);
            EngineMetrics.Committed(started, batch.Count, isSynced);
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
        foreach (Operation operation in batch)
        {
            operation.Settle();
        }
    }

    private void Note(bool isSynced)
    {
        Interlocked.Increment(ref commits);
        if (isSynced)
        {
            Interlocked.Increment(ref syncs);
            unsyncedSince = null;
        }
        else
        {
            unsyncedSince ??= Stopwatch.GetTimestamp();
        }
    }

    /// <summary>Another session after one became suspect. What the log holds unsynced goes to the data file first, and the log begins anew: it may have a hole.</summary>
    private SqliteSession Reopen()
    {
        SqliteSession reopened = open();
        try
        {
            if (reopened.Number("PRAGMA wal_checkpoint(TRUNCATE)") != 0)
            {
                throw new IOException("readers hold the log");
            }
            unsyncedSince = null;
            return reopened;
        }
        catch
        {
            reopened.Dispose();
            throw;
        }
    }

    /// <summary>Begins a transaction and does all of it, without savepoints.</summary>
    /// <returns>False when one failed of its own accord: everything is rolled back.</returns>
    private static bool RunTogether(SqliteSession session, List<Operation> batch)
    {
        session.Execute("BEGIN IMMEDIATE");
        if (batch.Count == 0)
        {
            session.Execute(TouchSql);
        }
        try
        {
            foreach (Operation operation in batch)
            {
                operation.Run(session);
            }
            return true;
        }
        catch (Exception e) when (!SqliteFailure.IsOfTheStore(e))
        {
            session.Execute("ROLLBACK");
            return false;
        }
    }

    /// <summary>Begins a transaction and does each in a savepoint of its own.</summary>
    private static void RunApart(SqliteSession session, List<Operation> batch)
    {
        session.Execute("BEGIN IMMEDIATE");
        foreach (Operation operation in batch)
        {
            RunInSavepoint(session, operation);
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

    private abstract class Operation(bool canWait)
    {
        public bool CanWait => canWait;

        public abstract void Run(SqliteSession session);

        /// <summary>The operation's own failure, told to the caller when the others are durable.</summary>
        public abstract void Refuse(Exception exception);

        public abstract void Settle();

        public abstract void Fail(Exception exception);
    }

    private sealed class Operation<T>(Func<SqliteSession, T> work, bool canWait, CancellationToken cancellationToken) : Operation(canWait)
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
