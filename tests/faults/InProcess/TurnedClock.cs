namespace Aria.Pipelines.Faults.InProcess;

/// <summary>A clock that stands still until it is turned.</summary>
internal sealed class TurnedClock : TimeProvider
{
    private DateTimeOffset _now = new(2026, 9, 1, 8, 0, 0, TimeSpan.Zero);

    public override DateTimeOffset GetUtcNow() => _now;

    public void Pass(TimeSpan time) => _now += time;
}
