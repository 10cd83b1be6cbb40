namespace Aria.Pipelines.Host.Demo;

/// <summary>The real clock, which can be moved ahead: timers that become due by the move fire at once, as if the time had passed.</summary>
internal sealed class DemoClock : TimeProvider
{
    private readonly Lock _gate = new();
    private readonly HashSet<MovedTimer> _timers = [];
    private long _aheadTicks;

    public override DateTimeOffset GetUtcNow() => System.GetUtcNow() + TimeSpan.FromTicks(Interlocked.Read(ref _aheadTicks));

    public void Advance(TimeSpan time)
    {
        MovedTimer[] timers;
        lock (_gate)
        {
            Interlocked.Add(ref _aheadTicks, time.Ticks);
            timers = [.. _timers];
        }
        foreach (MovedTimer timer in timers)
        {
            timer.MoveAhead(time);
        }
    }

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        lock (_gate)
        {
            var timer = new MovedTimer(this, callback, state, dueTime, period);
            _timers.Add(timer);
            return timer;
        }
    }

    private void Forget(MovedTimer timer)
    {
        lock (_gate)
        {
            _timers.Remove(timer);
        }
    }

    private sealed class MovedTimer : ITimer
    {
        private readonly Lock _gate = new();
        private readonly DemoClock _clock;
        private readonly ITimer _timer;
        private DateTimeOffset _due;
        private TimeSpan _period;

        public MovedTimer(DemoClock clock, TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            _clock = clock;
            _due = DueAfter(dueTime);
            _period = period;
            _timer = System.CreateTimer(_ => Fire(callback, state), null, dueTime, period);
        }

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            lock (_gate)
            {
                (_due, _period) = (DueAfter(dueTime), period);
                return _timer.Change(dueTime, period);
            }
        }

        public void MoveAhead(TimeSpan time)
        {
            lock (_gate)
            {
                if (_due == DateTimeOffset.MaxValue)
                {
                    return;
                }
                _due -= time;
                TimeSpan left = _due - System.GetUtcNow();
                _timer.Change(left > TimeSpan.Zero ? left : TimeSpan.Zero, _period);
            }
        }

        public void Dispose()
        {
            _clock.Forget(this);
            _timer.Dispose();
        }

        public ValueTask DisposeAsync()
        {
            _clock.Forget(this);
            return _timer.DisposeAsync();
        }

        private static DateTimeOffset DueAfter(TimeSpan time) => time == Timeout.InfiniteTimeSpan ? DateTimeOffset.MaxValue : System.GetUtcNow() + time;

        private void Fire(TimerCallback callback, object? state)
        {
            lock (_gate)
            {
                _due = DueAfter(_period);
            }
            callback(state);
        }
    }
}
