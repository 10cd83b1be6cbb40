namespace Aria.Pipelines.Testing;

/// <summary>
/// The time of a case: it stands still until it is moved, and never goes back. Whoever waits on it within a run is the only thing going on,
/// so the clock moves ahead by that wait and it is over at once. Longer timers are limits of something under way, which takes no time here:
/// they never fire.
/// </summary>
internal sealed class CaseClock(DateTimeOffset start) : TimeProvider
{
    // Within a run only connecting again and half-read lists wait, for seconds; a lease's end is at least an attempt away.
    private static readonly TimeSpan LongestWait = TimeSpan.FromMinutes(1);

    private long _ticks = start.UtcTicks;

    public override DateTimeOffset GetUtcNow() => new(Volatile.Read(ref _ticks), TimeSpan.Zero);

    public void MoveTo(DateTimeOffset time)
    {
        long now = Volatile.Read(ref _ticks);
        while (time.UtcTicks > now)
        {
            long seen = Interlocked.CompareExchange(ref _ticks, time.UtcTicks, now);
            if (seen == now)
            {
                return;
            }
            now = seen;
        }
    }

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new PassedTimer(this, callback, state);
        timer.Change(dueTime, period);
        return timer;
    }

    private sealed class PassedTimer(CaseClock clock, TimerCallback callback, object? state) : ITimer
    {
        private volatile bool _isOver;

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            if (_isOver || dueTime == Timeout.InfiniteTimeSpan || dueTime > LongestWait)
            {
                return !_isOver;
            }
            clock.MoveTo(clock.GetUtcNow() + dueTime);
            return ThreadPool.QueueUserWorkItem(_ => Fire());
        }

        public void Dispose() => _isOver = true;

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }

        private void Fire()
        {
            if (!_isOver)
            {
                callback(state);
            }
        }
    }
}
