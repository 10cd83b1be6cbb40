namespace Aria.Pipelines.Sandbox.Limits;

/// <summary>At most <paramref name="limit"/> requests in every span of <paramref name="window"/>; refused ones do not count. Not thread-safe.</summary>
internal sealed class RollingWindow(TimeProvider time, int limit, TimeSpan window)
{
    private readonly Queue<DateTimeOffset> _taken = new();

    public Allowance Take()
    {
        DateTimeOffset now = time.GetUtcNow();
        while (_taken.TryPeek(out DateTimeOffset oldest) && oldest + window <= now)
        {
            _taken.Dequeue();
        }

        bool allowed = _taken.Count < limit;
        if (allowed)
        {
            _taken.Enqueue(now);
        }

        DateTimeOffset reset = _taken.TryPeek(out DateTimeOffset first) ? first + window : now + window;
        return new Allowance(allowed, limit, limit - _taken.Count, reset, now);
    }
}
