namespace Aria.Pipelines.ConnectorContract.Live;

/// <summary>A clock that is wrong by a time, and otherwise goes as another one does.</summary>
internal sealed class SkewedTime(TimeProvider right, TimeSpan off) : TimeProvider
{
    public override DateTimeOffset GetUtcNow() => right.GetUtcNow() + off;

    public override long GetTimestamp() => right.GetTimestamp();

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) => right.CreateTimer(callback, state, dueTime, period);
}
