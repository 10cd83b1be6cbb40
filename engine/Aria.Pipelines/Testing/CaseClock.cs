namespace Aria.Pipelines.Testing;

/// <summary>The time of a case: it stands still until it is moved, and never goes back.</summary>
internal sealed class CaseClock(DateTimeOffset start) : TimeProvider
{
    private DateTimeOffset _now = start;

    public override DateTimeOffset GetUtcNow() => _now;

    public void MoveTo(DateTimeOffset time)
    {
        if (time > _now)
        {
            _now = time;
        }
    }
}
