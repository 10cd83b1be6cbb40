using Aria.Pipelines.Effects;
using Aria.Pipelines.Store;

namespace Aria.Pipelines.Tests.Effects;

/// <summary>The author of a pipeline allows duplicates of what would otherwise be left to a person.</summary>
public sealed class EffectDuplicatesTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(500)]
    public async Task Perform_UnsafeAndUnknownWhereDuplicatesAreAllowed_SameBytesAgain(int status)
    {
        await using EffectRig rig = await EffectRig.StartAsync(status == 0 ? EffectRig.Lost : EffectRig.Status(status));

        EffectResult.Again again = (await rig.PerformAsync("unsafe", allowsDuplicates: true)).ShouldBeOfType<EffectResult.Again>();
        again.CountsAsAttempt.ShouldBeTrue();
        (await rig.EffectAsync()).ShouldSatisfyAllConditions(e => e.Class.ShouldBe(EffectClass.AtLeastOnce), e => e.State.ShouldBe(EffectState.Unknown));
        rig.Time.Advance(TimeSpan.FromMinutes(1));
        await rig.RestartAsync();
        (await rig.PerformAsync("unsafe", allowsDuplicates: true)).ShouldBeOfType<EffectResult.Done>();

        rig.Requests.Select(r => r.Body).Distinct().Count().ShouldBe(1);
        rig.Requests.Count.ShouldBe(2);
        (await rig.Store.Inspection.InspectAsync(TestContext.Current.CancellationToken)).ShouldContain(f => f.Id == "I3" && f.Holds);
    }

    [Fact]
    public async Task Perform_PlannedBeforeDuplicatesWereAllowed_StaysWithAPerson()
    {
        await using EffectRig rig = await EffectRig.StartAsync(EffectRig.Lost);
        await rig.PerformAsync("unsafe");

        (await rig.PerformAsync("unsafe", allowsDuplicates: true)).ShouldBeOfType<EffectResult.Review>();

        rig.Requests.Count.ShouldBe(1);
    }

    [Fact]
    public async Task Perform_DuplicatesAllowedForWhatCanBeFound_LookedForAllTheSame()
    {
        await using EffectRig rig = await EffectRig.StartAsync(EffectRig.Lost, EffectRig.Found("7"));

        await rig.PerformAsync("lookup", allowsDuplicates: true);
        rig.Time.Advance(TimeSpan.FromMinutes(1));
        (await rig.PerformAsync("lookup", allowsDuplicates: true)).ShouldBeOfType<EffectResult.Done>();

        (await rig.EffectAsync()).Class.ShouldBe(EffectClass.Lookup);
        rig.Requests.Count(r => r.Method == "POST").ShouldBe(1);
    }
}
