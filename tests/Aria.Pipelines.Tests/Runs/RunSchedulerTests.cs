using System.Reflection;
using Aria.Pipelines.Catalog;
using Aria.Pipelines.Mapping;
using Aria.Pipelines.Runs;
using Aria.Pipelines.Store;
using Aria.Pipelines.Tests.House;
using Microsoft.Extensions.Time.Testing;

namespace Aria.Pipelines.Tests.Runs;

/// <summary>The scheduler before a store that gives out leases when it is told to, and whose release ends when it is told to.</summary>
public sealed class RunSchedulerTests : IAsyncDisposable
{
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 9, 1, 8, 0, 0, TimeSpan.Zero));
    private readonly WallClock _wall;
    private readonly LoggedLines<RunScheduler> _log = new();
    private readonly LoggedLines<RunExecutor> _runs = new();
    private readonly DueSignal _due = new();
    private readonly ToldStore _store;
    private readonly RunScheduler _scheduler;

    public RunSchedulerTests()
    {
        _wall = new WallClock(_time);
        IStore store = DispatchProxy.Create<IStore, ToldStore>();
        _store = (ToldStore)(object)store;
        var executor = new RunExecutor(store, new PipelineCatalog(store, new MappingCompiler()), null!, _wall, _runs);
        _scheduler = new RunScheduler(store, executor, _due, _wall, _log);
    }

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask DisposeAsync()
    {
        _store.EndAll();
        await _scheduler.StopAsync(CancellationToken.None);
        _scheduler.Dispose();
        _due.Dispose();
    }

    [Fact]
    public async Task Run_AtWorkWhileTheClockIsSetForward_IsHeld()
    {
        _store.Offer(Lease(1));
        await _scheduler.StartAsync(Stop);
        TaskCompletionSource release = await _store.ReleasingAsync();
        _wall.Ahead = TimeSpan.FromMinutes(10);

        (await NextHeldAsync()).ShouldBe(["R1"], "no clock that is set ends a lease of work that goes on");
        _time.Advance(TimeSpan.FromMinutes(3));
        (await NextHeldAsync()).ShouldBeEmpty("it has stood still for as long as a lease");

        release.TrySetResult().ShouldBeTrue();
    }

    [Fact]
    public async Task Clock_SetBackWhileTheHostRuns_BringsBackWhatItHadPutOff()
    {
        await _scheduler.StartAsync(Stop);
        await NextHeldAsync();
        _wall.Ahead = TimeSpan.FromHours(2);
        await NextHeldAsync();
        _store.Recalled.ShouldBe([_time.GetUtcNow().AddMinutes(75)], "once at the start, and not for a clock that was set forward");

        _wall.Ahead = TimeSpan.Zero;
        await NextHeldAsync();

        _store.Recalled.ShouldBe([_time.GetUtcNow().AddMinutes(75), _time.GetUtcNow().AddMinutes(75)]);
        _log.Lines.ShouldBe(["2008 Warning: The clock was ahead: 1 runs were due later than any delay allows, and are due now"]);
    }

    [Fact]
    public async Task Run_ThatDies_IsLoggedWithWhatItSays()
    {
        _store.Offer(Lease(1));
        await _scheduler.StartAsync(Stop);
        (await _store.ReleasingAsync()).SetResult();
        await _scheduler.StopAsync(Stop);

        _runs.Lines.ShouldBe(["2005 Warning: Run R1 of pipeline p died outside of its steps: definition_invalid. Definition hash of pipeline 'p' is not in the store."]);
    }

    [Fact]
    public async Task Stop_WhileARunThatCameBackAtOnceIsAtWork_WaitsForIt()
    {
        _store.Offer(Lease(1));
        await _scheduler.StartAsync(Stop);
        TaskCompletionSource first = await _store.ReleasingAsync();
        _store.Offer(Lease(2));
        _due.Raise();
        TaskCompletionSource second = await _store.ReleasingAsync();
        first.SetResult();
        (await NextHeldAsync()).ShouldBe(["R1"], "the end of the first execution is not that of the second");

        Task stopped = _scheduler.StopAsync(Stop);
        stopped.IsCompleted.ShouldBeFalse();
        second.SetResult();

        await stopped;
    }

    [Fact]
    public async Task Store_ThatIsAwayForAWhile_IsLoggedOnceAndWhenItAnswers()
    {
        _store.Refuse(3);
        await _scheduler.StartAsync(Stop);
        for (int i = 0; i < 4; i++)
        {
            Task<string[]> leasing = _store.LeasingAsync();
            while (!leasing.IsCompleted)
            {
                _time.Advance(TimeSpan.FromSeconds(1));
                await Task.Yield();
            }
        }
        await _scheduler.StopAsync(Stop);

        _log.Lines.ShouldBe(["2003 Error: The store is unavailable; no run is started until it answers: The disk is full.", "2007 Information: The store answers again; runs go on"]);
    }

    /// <summary>What the scheduler says it holds when it leases next, once an execution that ended has been noticed.</summary>
    private async Task<string[]> NextHeldAsync()
    {
        _store.ForgetLeasing();
        string[] held;
        do
        {
            _due.Raise();
            held = await _store.LeasingAsync();
        }
        while (held.Length > 1);
        return held;
    }

    private RunLease Lease(long fence) => new("R1", 1, "p", "hash", fence, _time.GetUtcNow().AddMinutes(3))
    {
        Snapshot = new RunSnapshot(new StoredEvent("E1", 1, "c", "t", "s", [], _time.GetUtcNow()), 0, 0, 0, [], [], []),
    };

    /// <summary>A clock on the wall, which may be set while the time that passes is what it is.</summary>
    private sealed class WallClock(FakeTimeProvider passing) : TimeProvider
    {
        public TimeSpan Ahead { get; set; }

        public override long TimestampFrequency => passing.TimestampFrequency;

        public override DateTimeOffset GetUtcNow() => passing.GetUtcNow() + Ahead;

        public override long GetTimestamp() => passing.GetTimestamp();

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) => passing.CreateTimer(callback, state, dueTime, period);
    }

    /// <summary>A run whose definition is gone is released at once, so a release stands for all that a run does.</summary>
    public class ToldStore : DispatchProxy
    {
        private readonly System.Threading.Channels.Channel<string[]> _leasing = System.Threading.Channels.Channel.CreateUnbounded<string[]>();
        private readonly System.Threading.Channels.Channel<TaskCompletionSource> _releasing = System.Threading.Channels.Channel.CreateUnbounded<TaskCompletionSource>();
        private readonly Queue<RunLease> _offered = [];
        private readonly List<TaskCompletionSource> _all = [];
        private int _refused;

        internal void Offer(RunLease lease)
        {
            lock (_offered)
            {
                _offered.Enqueue(lease);
            }
        }

        /// <summary>So many times nothing can be leased.</summary>
        internal void Refuse(int times) => _refused = times;

        internal void ForgetLeasing()
        {
            while (_leasing.Reader.TryRead(out _))
            {
                // What was held before.
            }
        }

        internal void EndAll() => _all.ForEach(told => told.TrySetResult());

        internal Task<string[]> LeasingAsync() => _leasing.Reader.ReadAsync(Stop).AsTask();

        internal Task<TaskCompletionSource> ReleasingAsync() => _releasing.Reader.ReadAsync(Stop).AsTask();

        protected override object? Invoke(MethodInfo? targetMethod, object?[]? args) => targetMethod!.Name switch
        {
            nameof(IStore.LeaseRunsAsync) => Task.FromResult<IReadOnlyList<RunLease>>(Take([.. (IReadOnlyCollection<string>)args![4]!])),
            $"get_{nameof(IStore.Trouble)}" => null,
            nameof(IStore.RecallRunsAsync) => Recall((DateTimeOffset)args![0]!),
            nameof(IStore.NextDueAsync) => Task.FromResult<DateTimeOffset?>(null),
            nameof(IStore.ReadDefinitionAsync) => Task.FromResult<byte[]?>(null),
            nameof(IStore.ReleaseAsync) => Release(),
            _ => throw new NotSupportedException(targetMethod.Name),
        };

        /// <summary>Up to when runs could rightly be due, at each time that this was asked.</summary>
        internal List<DateTimeOffset> Recalled { get; } = [];

        private Task<int> Recall(DateTimeOffset latest)
        {
            Recalled.Add(latest);
            return Task.FromResult(Recalled.Count - 1);
        }

        private RunLease[] Take(string[] held)
        {
            _leasing.Writer.TryWrite(held);
            if (_refused-- > 0)
            {
                throw new StoreUnavailableException("The disk is full.");
            }
            lock (_offered)
            {
                return _offered.TryDequeue(out RunLease? lease) ? [lease] : [];
            }
        }

        private Task Release()
        {
            var told = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _all.Add(told);
            _releasing.Writer.TryWrite(told);
            return told.Task;
        }
    }
}
