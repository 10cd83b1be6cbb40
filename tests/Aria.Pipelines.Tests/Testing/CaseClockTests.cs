using Aria.Pipelines.Testing;

namespace Aria.Pipelines.Tests.Testing;

public sealed class CaseClockTests
{
    private static readonly DateTimeOffset Start = new(2026, 1, 5, 9, 0, 0, TimeSpan.Zero);

    [Fact]
    public async Task Delay_OfSeconds_IsOverAtOnceAndTheClockHasMoved()
    {
        var clock = new CaseClock(Start);

        await Task.Delay(TimeSpan.FromSeconds(40), clock, TestContext.Current.CancellationToken);

        clock.GetUtcNow().ShouldBe(Start.AddSeconds(40));
    }

    [Fact]
    public void Limit_OfMinutes_MovesNothing()
    {
        var clock = new CaseClock(Start);

        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(3), clock);

        clock.GetUtcNow().ShouldBe(Start);
    }

    [Fact]
    public void Clock_MovedBack_StaysWhereItIs()
    {
        var clock = new CaseClock(Start);

        clock.MoveTo(Start.AddHours(1));
        clock.MoveTo(Start);

        clock.GetUtcNow().ShouldBe(Start.AddHours(1));
    }
}
