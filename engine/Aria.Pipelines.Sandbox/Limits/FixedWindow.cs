namespace Aria.Pipelines.Sandbox.Limits;

/// <summary>At most <paramref name="limit"/> requests in each window; windows are aligned to the Unix epoch. Not thread-safe.</summary>
internal sealed class FixedWindow(TimeProvider time, int limit, TimeSpan window)
{
    private long _window = -1;
    private int _used;

    public Allowance Take()
    {
        DateTimeOffset now = time.GetUtcNow();
        long current = (now - DateTimeOffset.UnixEpoch).Ticks / window.Ticks;
        if (current != _window)
        {
            (_window, _used) = (current, 0);
        }

        bool allowed = _used < limit;
        _used += allowed ? 1 : 0;
        return new Allowance(allowed, limit, limit - _used, DateTimeOffset.UnixEpoch + (window * (current + 1)), now);
    }
}
