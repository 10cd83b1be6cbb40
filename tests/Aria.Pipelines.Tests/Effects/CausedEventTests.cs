using Aria.Pipelines.Effects;

namespace Aria.Pipelines.Tests.Effects;

/// <summary>The event that an action causes is expected from before it is sent, and no more when nothing was changed.</summary>
public sealed class CausedEventTests
{
    private const string Moved = "thing.moved";

    [Fact]
    public async Task Perform_ActionThatCausesAnEvent_IsNotedBeforeItsAnswer()
    {
        int meanwhile = 0;
        EffectRig? rig = null;
        await using (rig = await EffectRig.StartAsync(response =>
        {
            meanwhile = rig!.Loops.HopsTo("remote", Moved, "s:1");
            return EffectRig.Created(response);
        }))
        {
            rig.Causes = [Moved];

            (await rig.PerformAsync("unsafe")).ShouldBeOfType<EffectResult.Done>();

            (meanwhile, rig.Loops.HopsTo("remote", Moved, "s:1")).ShouldBe((1, 1));
        }
    }

    [Fact]
    public async Task Perform_ActionThatIsLost_MayHaveCausedIt()
    {
        await using EffectRig rig = await EffectRig.StartAsync(EffectRig.Lost);
        rig.Causes = [Moved];

        (await rig.PerformAsync("unsafe")).ShouldBeOfType<EffectResult.Review>();

        rig.Loops.HopsTo("remote", Moved, "s:1").ShouldBe(1);
    }

    [Fact]
    public async Task Perform_ActionThatIsRefused_HasNotCausedIt()
    {
        await using EffectRig rig = await EffectRig.StartAsync(EffectRig.Status(422));
        rig.Causes = [Moved];

        (await rig.PerformAsync("unsafe")).ShouldBeOfType<EffectResult.Failed>();

        rig.Loops.HopsTo("remote", Moved, "s:1").ShouldBe(0);
    }
}
