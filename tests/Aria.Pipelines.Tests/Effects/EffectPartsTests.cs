using Aria.Pipelines.Effects;
using Aria.Pipelines.Store;

namespace Aria.Pipelines.Tests.Effects;

/// <summary>Operations of several parts: each an effect of its own, none sent before all are planned, none sent twice.</summary>
public sealed class EffectPartsTests
{
    private const string Place = """{ "place": "a" }""";
    private const string CallAndPlace = """{ "place": "a", "call": true }""";

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Perform_AllAnswered_EachConfirmedAtItsOwnPathUnderItsOwnKey()
    {
        await using EffectRig rig = await EffectRig.StartAsync();

        EffectResult.Done done = (await rig.PerformSeveralAsync(CallAndPlace)).ShouldBeOfType<EffectResult.Done>();
        EffectResult.Done again = (await rig.PerformSeveralAsync(CallAndPlace)).ShouldBeOfType<EffectResult.Done>();

        (done.Output.GetRawText(), again.Output.GetRawText()).ShouldBe(("""{"note":"7","called":true}""", """{"note":"7","called":true}"""));
        rig.Lines.ShouldBe(["POST /things", "POST /things", "PUT /places/a"]);
        RunSnapshot run = await rig.Store.ReadRunAsync(rig.Lease, Stop);
        run.Effects.OrderBy(e => e.Path, StringComparer.Ordinal).Select(e => (e.Path, e.Class, e.State)).ShouldBe(
        [
            ("step/call", EffectClass.Unsafe, EffectState.Confirmed),
            ("step/note", EffectClass.Lookup, EffectState.Confirmed),
            ("step/place", EffectClass.Idempotent, EffectState.Confirmed),
        ]);
        run.Effects.Select(e => e.IdempotencyKey).Distinct().Count().ShouldBe(3);
        run.Steps.ShouldBeEmpty("the step is recorded with the whole, not with its parts");
    }

    [Fact]
    public async Task Perform_PartNotWanted_IsLeftOut()
    {
        await using EffectRig rig = await EffectRig.StartAsync();

        (await rig.PerformSeveralAsync(Place)).ShouldBeOfType<EffectResult.Done>().Output.GetRawText().ShouldBe("""{"note":"7","called":false}""");

        rig.Lines.ShouldBe(["POST /things", "PUT /places/a"]);
    }

    [Fact]
    public async Task Perform_LastPartIsRefusedBeforehand_NothingIsSent()
    {
        await using EffectRig rig = await EffectRig.StartAsync();

        EffectResult.Failed failed = (await rig.PerformSeveralAsync("""{ "place": null }""")).ShouldBeOfType<EffectResult.Failed>();

        (failed.Problem.Code, failed.Problem.Summary).ShouldBe(("no_place", "There is no place."));
        rig.Lines.ShouldBeEmpty();
        (await rig.EffectsAsync()).ShouldBe(["step/note Planned"]);
    }

    [Fact]
    public async Task Perform_WholeIsRefused_NothingIsPlanned()
    {
        await using EffectRig rig = await EffectRig.StartAsync();

        (await rig.PerformSeveralAsync("""{ "place": "a", "nothing": true }""")).ShouldBeOfType<EffectResult.Failed>().Problem.Code.ShouldBe("nothing_to_do");

        (await rig.EffectsAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task Perform_AnswerOfTheFirstLostAndHostRestarted_FoundAndOnlyTheRestIsSent()
    {
        await using EffectRig rig = await EffectRig.StartAsync(EffectRig.Lost, EffectRig.Found("9"));

        (await rig.PerformSeveralAsync(Place)).ShouldBeOfType<EffectResult.Again>();
        (await rig.EffectsAsync()).ShouldBe(["step/note Unknown", "step/place Planned"]);
        rig.Time.Advance(TimeSpan.FromDays(10));
        await rig.RestartAsync();
        EffectResult.Done done = (await rig.PerformSeveralAsync(Place)).ShouldBeOfType<EffectResult.Done>();

        done.Output.GetRawText().ShouldBe("""{"note":"9","called":false}""");
        rig.Lines.Select(l => l.Split('?')[0]).ShouldBe(["POST /things", "GET /things", "PUT /places/a"]);
    }

    [Fact]
    public async Task Perform_AnswerOfTheLastLost_TheFirstIsNotSentAgain()
    {
        await using EffectRig rig = await EffectRig.StartAsync(EffectRig.Created, EffectRig.Lost);

        (await rig.PerformSeveralAsync(Place)).ShouldBeOfType<EffectResult.Again>();
        (await rig.PerformSeveralAsync(Place)).ShouldBeOfType<EffectResult.Done>();

        rig.Lines.ShouldBe(["POST /things", "PUT /places/a", "PUT /places/a"]);
    }

    [Fact]
    public async Task Perform_AnswerOfAnUnsafePartLost_APersonDecidesAndTheRestWaits()
    {
        await using EffectRig rig = await EffectRig.StartAsync(EffectRig.Created, EffectRig.Lost);

        (await rig.PerformSeveralAsync(CallAndPlace)).ShouldBeOfType<EffectResult.Review>();
        (await rig.PerformSeveralAsync(CallAndPlace)).ShouldBeOfType<EffectResult.Review>();

        rig.Lines.ShouldBe(["POST /things", "POST /things"]);
        (await rig.EffectsAsync()).ShouldBe(["step/call NeedsReview", "step/note Confirmed", "step/place Planned"]);
    }

    [Fact]
    public async Task Perform_PartRefusedByTheTarget_TheRestIsNotSent()
    {
        await using EffectRig rig = await EffectRig.StartAsync(EffectRig.Created, EffectRig.Status(422));

        EffectResult.Failed failed = (await rig.PerformSeveralAsync(CallAndPlace)).ShouldBeOfType<EffectResult.Failed>();

        failed.Problem.Summary.ShouldBe("'remote' refused 'thing.unsafe' with status 422: no reason given");
        rig.Lines.Count.ShouldBe(2);
    }
}
