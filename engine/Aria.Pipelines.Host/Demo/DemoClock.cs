namespace Aria.Pipelines.Host.Demo;

/// <summary>The real clock, moved ahead when the demo lets days pass. Timers run in real time; whoever sleeps until a far time must be woken.</summary>
internal sealed class DemoClock : TimeProvider
{
    private long _aheadTicks;

    public override DateTimeOffset GetUtcNow() => System.GetUtcNow() + TimeSpan.FromTicks(Interlocked.Read(ref _aheadTicks));

    public void Advance(TimeSpan time) => Interlocked.Add(ref _aheadTicks, time.Ticks);
}
