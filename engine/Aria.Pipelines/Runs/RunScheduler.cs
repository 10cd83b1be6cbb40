using Aria.Pipelines.Definitions;
using Aria.Pipelines.Store;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Aria.Pipelines.Runs;

/// <summary>Leases due runs and has them executed. Sleeps until the store's next due time, or until something wakes it.</summary>
internal sealed partial class RunScheduler(IStore store, RunExecutor executor, DueSignal due, TimeProvider time, ILogger<RunScheduler> log) : BackgroundService
{
    // With half of it runs fall behind acceptance while the processor and the writing thread have time; twice as many bring nothing.
    private const int MaxParallel = 128;

    // Leasing costs a commit, so under load it is not done for every run that ends.
    private const int FewSlots = MaxParallel / 4;
    private static readonly TimeSpan SlotWait = TimeSpan.FromMilliseconds(2);

    // Every acceptance and every end of a run wakes the scheduler; what is due later need not be asked for each time.
    private static readonly TimeSpan LookAgain = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan LeaseTime = TimeSpan.FromMinutes(3);
    private static readonly TimeSpan LongestSleep = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan StoreWait = TimeSpan.FromSeconds(1);

    // The longest that a run is put off by: a retry's hour and its spread, or the hour that a target may ask for.
    private static readonly TimeSpan LongestDelay = RetryDefaults.LongestDelay * 1.25;

    // A clock that is kept right by the network is moved by less.
    private static readonly TimeSpan ClockSlack = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan StopTime = TimeSpan.FromSeconds(25);
    private readonly string _owner = Guid.NewGuid().ToString("N");

    // By lease and not by run: a run that is due again at once may be leased before the execution that gave it back has come to its end.
    private readonly Dictionary<(string RunId, long Fence), Execution> _running = [];
    private long? _looked;
    private (DateTimeOffset Utc, long At)? _seen;
    private bool _isStoreAway;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var abort = new CancellationTokenSource();
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                bool full = await StartDueAsync(stoppingToken, abort.Token).ConfigureAwait(false);
                await SleepAsync(full, stoppingToken).ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                break;
            }
            catch (StoreUnavailableException e)
            {
                if (!_isStoreAway)
                {
                    // Once, and not with each of the attempts that follow.
                    _isStoreAway = true;
                    LogStoreUnavailable(log, e.Message);
                }
                await Task.Delay(StoreWait, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
        await FinishAsync(abort).ConfigureAwait(false);
    }

    private async Task<bool> StartDueAsync(CancellationToken stopping, CancellationToken abort)
    {
        if (Free() < FewSlots)
        {
            await Task.Delay(SlotWait, time, stopping).ConfigureAwait(false);
        }
        int free = Free();
        if (free == 0)
        {
            return true;
        }
        await RecallAsync(stopping).ConfigureAwait(false);
        IReadOnlyList<RunLease> leases = await store.LeaseRunsAsync(_owner, time.GetUtcNow(), LeaseTime, free, Held(), stopping).ConfigureAwait(false);
        foreach (RunLease lease in leases)
        {
            lock (_running)
            {
                _running[(lease.RunId, lease.Fence)] = new Execution(
                    Task.Run(() => ExecuteOneAsync(lease, stopping, abort), CancellationToken.None), time.GetTimestamp());
            }
        }
        return leases.Count == free;
    }

    /// <summary>
    /// After a start, and when the clock was set back, runs may be due by a clock that was ahead: they would wait for as long as it was.
    /// </summary>
    private async Task RecallAsync(CancellationToken stopping)
    {
        DateTimeOffset now = time.GetUtcNow();
        long at = time.GetTimestamp();
        if (_seen is not { } seen || now - seen.Utc < time.GetElapsedTime(seen.At, at) - ClockSlack)
        {
            int count = await store.RecallRunsAsync(now + LongestDelay, stopping).ConfigureAwait(false);
            if (count > 0)
            {
                LogRecalled(log, count);
            }
        }
        _seen = (now, at);
    }

    /// <summary>The runs at work here. A step that stands still for longer than a lease, on a clock that nobody sets, loses it all the same.</summary>
    private string[] Held()
    {
        lock (_running)
        {
            return [.. _running.Where(r => time.GetElapsedTime(r.Value.Started) < LeaseTime).Select(r => r.Key.RunId)];
        }
    }

    private int Free()
    {
        lock (_running)
        {
            return MaxParallel - _running.Count;
        }
    }

    private async Task ExecuteOneAsync(RunLease lease, CancellationToken stopping, CancellationToken abort)
    {
        try
        {
            FaultPoint.Reach("run.after_lease");
            await executor.ExecuteAsync(lease, stopping, abort).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (abort.IsCancellationRequested)
        {
            LogAborted(log, lease.RunId);
            await GiveBackAsync(lease, abort).ConfigureAwait(false);
        }
        catch (StoreUnavailableException e)
        {
            LogUnrecorded(log, lease.RunId, lease.Pipeline, e.Message);
            await GiveBackAsync(lease, abort).ConfigureAwait(false);
        }
        catch (Exception e)
        {
            // The lease runs out and the run is taken up again; what it was doing is then resolved by its effect class.
            LogFailed(log, lease.RunId, lease.Pipeline, e);
        }
        finally
        {
            lock (_running)
            {
                _running.Remove((lease.RunId, lease.Fence));
            }
            due.Raise();
        }
    }

    /// <summary>
    /// Gives a lease back as soon as the store takes it. A store that comes back within the lease must not cost its rest, nor be counted as a crash.
    /// </summary>
    private async Task GiveBackAsync(RunLease lease, CancellationToken abort)
    {
        while (time.GetUtcNow() < lease.Until)
        {
            try
            {
                await store.AbandonAsync(lease, CancellationToken.None).ConfigureAwait(false);
                return;
            }
            catch (LeaseLostException)
            {
                return;
            }
            catch (StoreUnavailableException) when (!abort.IsCancellationRequested)
            {
                await Task.Delay(StoreWait, time, abort).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
            catch (StoreUnavailableException)
            {
                return;
            }
        }
    }

    private async Task SleepAsync(bool full, CancellationToken stopping)
    {
        TimeSpan sleep = full ? LongestSleep : await UntilDueAsync(stopping).ConfigureAwait(false);
        if (_isStoreAway && store.Trouble is null)
        {
            _isStoreAway = false;
            LogStoreAnswers(log);
        }
        if (sleep < TimeSpan.FromMilliseconds(1))
        {
            return;
        }
        using var waking = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        Task woken = due.WaitAsync(waking.Token);
        Task timer = Task.Delay(sleep, time, waking.Token);
        await Task.WhenAny(woken, timer).ConfigureAwait(false);
        await waking.CancelAsync().ConfigureAwait(false);
    }

    private async Task<TimeSpan> UntilDueAsync(CancellationToken stopping)
    {
        if (_looked is { } looked && time.GetElapsedTime(looked) < LookAgain)
        {
            return LookAgain;
        }
        _looked = time.GetTimestamp();
        DateTimeOffset? next = await store.NextDueAsync(stopping).ConfigureAwait(false);
        return next - time.GetUtcNow() is { } until && until < LongestSleep ? until : LongestSleep;
    }

    private async Task FinishAsync(CancellationTokenSource abort)
    {
        Task[] open;
        lock (_running)
        {
            open = [.. _running.Values.Select(r => r.Work)];
        }
        Task all = Task.WhenAll(open);
        await Task.WhenAny(all, Task.Delay(StopTime, time)).ConfigureAwait(false);
        await abort.CancelAsync().ConfigureAwait(false);
        await all.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    /// <summary>An execution under one lease.</summary>
    /// <param name="Work">Ends with it.</param>
    /// <param name="Started">When it was begun, on the clock that nobody sets.</param>
    private sealed record Execution(Task Work, long Started);

    [LoggerMessage(EventId = 2001, Level = LogLevel.Error, Message = "Run {RunId} of pipeline {Pipeline} could not be executed; it is tried again when its lease ends")]
    private static partial void LogFailed(ILogger log, string runId, string pipeline, Exception error);

    [LoggerMessage(EventId = 2002, Level = LogLevel.Warning, Message = "Run {RunId} was given up at shutdown; its open effect is resolved at the next start")]
    private static partial void LogAborted(ILogger log, string runId);

    [LoggerMessage(EventId = 2004, Level = LogLevel.Error, Message = "Run {RunId} of pipeline {Pipeline} stopped, because the store cannot record what it does; it goes on when the store answers: {Trouble}")]
    private static partial void LogUnrecorded(ILogger log, string runId, string pipeline, string trouble);

    [LoggerMessage(EventId = 2003, Level = LogLevel.Error, Message = "The store is unavailable; no run is started until it answers: {Trouble}")]
    private static partial void LogStoreUnavailable(ILogger log, string trouble);

    [LoggerMessage(EventId = 2007, Level = LogLevel.Information, Message = "The store answers again; runs go on")]
    private static partial void LogStoreAnswers(ILogger log);

    [LoggerMessage(EventId = 2008, Level = LogLevel.Warning, Message = "The clock was ahead: {Count} runs were due later than any delay allows, and are due now")]
    private static partial void LogRecalled(ILogger log, int count);
}
