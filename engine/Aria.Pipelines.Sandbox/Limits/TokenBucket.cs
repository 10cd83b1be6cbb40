namespace Aria.Pipelines.Sandbox.Limits;

/// <summary>A bucket of <paramref name="burst"/> requests that refills at <paramref name="perSecond"/>. Not thread-safe.</summary>
internal sealed class TokenBucket(TimeProvider time, int perSecond, int burst)
{
    private double _tokens = burst;
    private DateTimeOffset _at = time.GetUtcNow();

    /// <summary>Takes one request; null when there was one, otherwise how long until there is.</summary>
    public TimeSpan? Take()
    {
        DateTimeOffset now = time.GetUtcNow();
        _tokens = Math.Min(burst, _tokens + (Math.Max(0, (now - _at).TotalSeconds) * perSecond));
        _at = now;
        if (_tokens < 1)
        {
            return TimeSpan.FromSeconds((1 - _tokens) / perSecond);
        }

        _tokens--;
        return null;
    }
}
