using System.Collections.Concurrent;
using System.Diagnostics;
using Aria.Pipelines.Telemetry;

namespace Aria.Pipelines.Store;

/// <summary>
/// The one thread that writes. Operations that wait together share a transaction and so one sync of the disk (group commit); one that fails
/// takes nothing from the others. Callers go on only after COMMIT returned. A commit of operations that all may wait for the disk is not
/// synced by itself: the next one that is syncs both, because the log is one file written in order, and none waits longer than
/// <see cref="LongestUnsynced"/> or for more than <see cref="MostUnsynced"/> of its kind.
/// </summary>
internal sealed class GroupWriter<TSession> : IAsyncDisposable
    where TSession : class, IWriteSession
{
    /// <summary>How long a commit may stand in the log before the disk is synced.</summary>
    internal static readonly TimeSpan LongestUnsynced = TimeSpan.FromMilliseconds(100);

    /// <summary>How many commits may stand in the log before the disk is synced. What a power cut may have left undone, damage may hide in.</summary>
    internal const int MostUnsynced = 8;

    private const int MaxBatch = 256;

    /// <summary>How often a store that could not be written is tried, while nobody asks.</summary>
    private static readonly TimeSpan TryAgain = TimeSpan.FromSeconds(1);

    private readonly BlockingCollection<Operation> queue = [];
    private readonly TaskCompletionSource stopped = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Func<TSession> open;
    private TSession? session;
    private long commits;
    private long syncs;
    private long? unsyncedSince;
    private int unsynced;
    private volatile string? trouble;

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

    /// <summary>Transactions that synced the disk.</summary>
    public long Syncs => Interlocked.Read(ref syncs);

    /// <summary>Why the last commit failed; null when it did not. It is tried again by itself, so this tells whether the store can be written now.</summary>
    public string? Trouble => queue.IsAddingCompleted ? "The store is closed." : trouble;

    private bool IsOverdue => unsynced >= MostUnsynced || (unsyncedSince is { } since && Stopwatch.GetElapsedTime(since) >= LongestUnsynced);

    /// <summary>Has work done on the writing session, in a transaction.</summary>
    /// <param name="work">What to do. It may be done again from the start, after everything it changed in the store was taken back.</param>
    /// <param name="cancellationToken">Gives up before it began.</param>
    /// <param name="canWait">True for work that may be lost with the power, together with all that came after it; a killed process never loses it.</param>
    /// <exception cref="StoreUnavailableException">Nothing of the work remains: it could not be made durable.</exception>
    public Task<T> RunAsync<T>(Func<TSession, T> work, CancellationToken cancellationToken, bool canWait = false)
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
            Commit(batch);
        }
        Close();
        stopped.SetResult();
    }

    /// <summary>Waits for operations, and takes all there are.</summary>
    /// <returns>False when no more will come. An empty batch is one whose only work is to sync the disk, or to see whether it can be written again.</returns>
    private bool Take(List<Operation> batch)
    {
        batch.Clear();
        if (!queue.TryTake(out Operation? first, Patience()))
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

    /// <summary>How long there is nothing to do but to wait for operations, in milliseconds.</summary>
    private int Patience()
    {
        if (trouble is not null)
        {
            return (int)TryAgain.TotalMilliseconds;
        }
        return unsyncedSince is { } since ? (int)Math.Max(0, (LongestUnsynced - Stopwatch.GetElapsedTime(since)).TotalMilliseconds) : Timeout.Infinite;
    }

    private void Commit(List<Operation> batch)
    {
        long started = Stopwatch.GetTimestamp();
        try
        {
            session ??= Reopen();
            bool isSynced = !session.CanRelax || IsOverdue || batch.Exists(o => !o.CanWait);
            session.SyncCommits(isSynced);
            session.Begin();
            if (batch.Count == 0)
            {
                session.Touch();
            }
            while (!RunAll(session, batch))
            {
                session.Rollback();
                session.Begin();
            }
            FaultPoint.Reach("store.before_commit");
            session.Commit();
            FaultPoint.Reach("store.after_commit");
            trouble = null;
            Note(isSynced);
            EngineMetrics.Committed(started, batch.Count, isSynced);
        }
        catch (Exception e)
        {
            // After a failed sync the same handle may report success for pages that never reached the disk.
            Close();
            trouble = e.Message;
            foreach (Operation operation in batch)
            {
                operation.Fail(new StoreUnavailableException($"The store could not make the change durable ({e.Message}); nothing of it remains.", e));
            }
            return;
        }
        if (session.IsSpent)
        {
            Close();
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
            (unsyncedSince, unsynced) = (null, 0);
        }
        else
        {
            unsynced++;
            unsyncedSince ??= Stopwatch.GetTimestamp();
        }
    }

    private TSession Reopen()
    {
        TSession reopened = open();
        try
        {
            reopened.BeginLogAnew();
            (unsyncedSince, unsynced) = (null, 0);
            return reopened;
        }
        catch
        {
            reopened.Dispose();
            throw;
        }
    }

    private void Close()
    {
        session?.Dispose();
        session = null;
    }

    /// <summary>Runs what has not been refused.</summary>
    /// <returns>False when one was refused that only the whole transaction can take back: all others are done anew, without it.</returns>
    private static bool RunAll(TSession session, List<Operation> batch)
    {
        foreach (Operation operation in batch.Where(o => !o.IsRefused))
        {
            session.Mark();
            try
            {
                operation.Run(session);
            }
            catch (Exception e) when (!session.IsOfTheStore(e))
            {
                operation.Refuse(e);
                if (!session.TryUndo())
                {
                    return false;
                }
            }
        }
        return true;
    }

    private abstract class Operation(bool canWait)
    {
        public bool CanWait => canWait;

        public abstract bool IsRefused { get; }

        /// <summary>Does the work; more than once when the transaction had to be taken back.</summary>
        public abstract void Run(TSession session);

        /// <summary>The operation's own failure, told to the caller when the others are durable.</summary>
        public abstract void Refuse(Exception exception);

        public abstract void Settle();

        public abstract void Fail(Exception exception);
    }

    private sealed class Operation<T> : Operation
    {
        private const int Waiting = 0;
        private const int Begun = 1;
        private const int GivenUp = 2;

        private readonly TaskCompletionSource<T> completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly Func<TSession, T> work;
        private readonly CancellationTokenRegistration registration;
        private T? result;
        private Exception? refusal;
        private int state;

        public Operation(Func<TSession, T> work, bool canWait, CancellationToken cancellationToken)
            : base(canWait)
        {
            this.work = work;
            // The thread that writes may be held up for long: who gives up is told at once, and nothing is done for them afterwards.
            registration = cancellationToken.UnsafeRegister(
                static (operation, token) =>
                {
                    var given = (Operation<T>)operation!;
                    if (Interlocked.CompareExchange(ref given.state, GivenUp, Waiting) == Waiting)
                    {
                        given.completion.TrySetCanceled(token);
                    }
                },
                this);
        }

        public Task<T> Result => completion.Task;

        public override bool IsRefused => refusal is not null;

        public override void Run(TSession session)
        {
            if (Interlocked.CompareExchange(ref state, Begun, Waiting) != GivenUp)
            {
                result = work(session);
            }
        }

        public override void Refuse(Exception exception) => refusal = exception;

        public override void Settle()
        {
            registration.Dispose();
            if (refusal is not null)
            {
                completion.TrySetException(refusal);
            }
            else
            {
                completion.TrySetResult(result!);
            }
        }

        public override void Fail(Exception exception)
        {
            registration.Dispose();
            completion.TrySetException(exception);
        }
    }
}
