using Aria.Pipelines.Testing;

namespace Aria.Pipelines.Tests.Testing;

public sealed class CaseClockTests
{
    private static readonly DateTimeOffset Start = new(2026, 1, 5, 9, 0, 0, TimeSpan.Zero);

    [Fact]
    public async Task Delay_OfDays_IsOverAtOnceAndTheClockHasMoved()
    {
        var clock = new CaseClock(Start);

        await Task.Delay(TimeSpan.FromDays(14), clock, TestContext.Current.CancellationToken);

        clock.GetUtcNow().ShouldBe(Start.AddDays(14));
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
