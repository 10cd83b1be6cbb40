using System.Text.Json.Nodes;
using Aria.Pipelines.Abstractions;
using Aria.Pipelines.Effects;
using Aria.Pipelines.Store;
using Aria.Pipelines.Tests.Catalog;

namespace Aria.Pipelines.Tests.Runs;

/// <summary>Events that are not what their connector declares, through the whole engine: stored, run, and said.</summary>
public sealed class DeclaredShapeTests
{
    private const string Misfit = "Event 'ats.application.stage_changed' is not what its connector declares. '/application/applied_at': expected a date and time with offset";

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Event_ThatDoesNotFit_RunsToItsEndAndSaysSo()
    {
        await using WatchedHost host = await WatchedHost.StartAsync();
        AcceptedEvent accepted = await host.DeliverAsync("candidate_stage_change.json", 1, a => a["applied_at"] = "last Tuesday");
        string run = accepted.RunIds.ShouldHaveSingleItem();
        RunDetail parked = await host.RunAsync(run, RunState.Waiting);
        Warning(parked, "$event").ShouldStartWith(Misfit);

        await host.DeliverAsync("hire_candidate.json", 1);
        RunDetail done = await host.RunAsync(run, RunState.Succeeded);

        done.Run.Code.ShouldBe("event_invalid");
        var said = JsonNode.Parse(done.Diagnostic!)!;
        (said["severity"]!.ToString(), said["fault"]!.ToString()).ShouldBe(("Warning", "Connector"));
        said["summary"]!.ToString().ShouldStartWith(Misfit);
        (await host.Store.CountAsync(Stop)).Events.Values.Sum().ShouldBe(2);
    }

    [Fact]
    public async Task Event_ThatIsAwaitedAndDoesNotFit_WarnsAtTheWait()
    {
        await using WatchedHost host = await WatchedHost.StartAsync();
        string run = (await host.DeliverAsync("candidate_stage_change.json", 1)).RunIds.ShouldHaveSingleItem();
        await host.RunAsync(run, RunState.Waiting);

        await host.DeliverAsync("hire_candidate.json", 1, a => a["applied_at"] = "last Tuesday");
        RunDetail done = await host.RunAsync(run, RunState.Succeeded);

        done.Run.Code.ShouldBe("event_invalid");
        Warning(done, "wait").ShouldStartWith("Event 'ats.application.hired' is not what its connector declares. '/application/applied_at'");
        done.Steps.Single(s => s.Path == "$event").Error.ShouldBeNull();
    }

    [Fact]
    public async Task Event_ThatFits_LeavesNothingBehind()
    {
        await using WatchedHost host = await WatchedHost.StartAsync();
        string run = (await host.DeliverAsync("candidate_stage_change.json", 1)).RunIds.ShouldHaveSingleItem();
        await host.RunAsync(run, RunState.Waiting);
        await host.DeliverAsync("hire_candidate.json", 1);

        RunDetail done = await host.RunAsync(run, RunState.Succeeded);

        (done.Run.Code, done.Diagnostic).ShouldBe((null, null));
        done.Steps.ShouldAllBe(s => s.Error == null);
    }

    [Fact]
    public void Schema_OfGreenhouse_IsTheRecruitingProfile() =>
        File.ReadAllText(Path.Combine(Tests.Connectors.Plugins.Root, "plugins/Greenhouse/application-event.schema.json"))
            .ShouldBe(File.ReadAllText(Path.Combine(Tests.Connectors.Plugins.Root, "schemas/recruiting/application-event.schema.json")));

    private static string Warning(RunDetail run, string path)
    {
        StepRecord step = run.Steps.Single(s => s.Path == path);
        step.State.ShouldBe(StepState.Succeeded);
        return StepError.Read(step.Error, DiagnosticSeverity.Warning).Summary;
    }
}
