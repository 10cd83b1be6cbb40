using Microsoft.Extensions.Time.Testing;

namespace Aria.Pipelines.Tests.Connectors;

/// <summary>A clock that stands still, and tells whether somebody waits for it.</summary>
/// <param name="start">Its time.</param>
internal sealed class AwaitedTime(DateTimeOffset start) : FakeTimeProvider(start)
{
    private int _waiting;

    public bool IsAwaited => Volatile.Read(ref _waiting) > 0;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        ITimer timer = base.CreateTimer(
            s =>
            {
                Interlocked.Decrement(ref _waiting);
                callback(s);
            },
            state, dueTime, period);
        Interlocked.Increment(ref _waiting);
        return timer;
    }
}
