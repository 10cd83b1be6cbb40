using Aria.Pipelines.Authoring.Forecast;
using Aria.Pipelines.Compilation;
using Aria.Pipelines.Mapping;
using Aria.Pipelines.Pipelines;
using Aria.Pipelines.Plugins;
using Aria.Pipelines.Runs;
using Aria.Pipelines.Tests.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace Aria.Pipelines.Tests.Authoring;

/// <summary>What a forecast tells of operations that are made of parts: the shipped pipeline with an ATS whose results are several requests.</summary>
public sealed class ForecastTests
{
    private static readonly RecordedDelivery Moved = new("one", File.ReadAllBytes(Path.Combine(Connectors.Plugins.Root, "plugins/Lever/samples/candidate_stage_change.json")));

    [Fact]
    public void Of_OperationOfParts_TellsTheRequestOfEachPart()
    {
        using CaseWorkspace files = CaseWorkspace.CopyForLever();

        PlannedEvent planned = Planned(files);

        (planned.Fate, planned.Reason).ShouldBe((EventFate.Caught, null));
        planned.Requests.Select(r => $"{r.Step} {r.Method}").ShouldBe(["invite POST", "pending/tag POST", "pending/untag POST", "pending/stage PUT", "details GET", "write/note POST", "write/tag POST", "write/untag POST"]);
    }

    [Fact]
    public void Between_TextOfAPartDiffers_IsAChangeOfThatPart()
    {
        using CaseWorkspace files = CaseWorkspace.CopyForLever();
        PlannedEvent before = Planned(files);
        files.Replace("result.js", "score: completed ? interview.score : null", "score: 1.5");

        PlannedChange change = PlannedChange.Between([before], [Planned(files)]).ShouldHaveSingleItem();

        change.IsAny.ShouldBeTrue();
        change.Requests.Select(r => r.Step).ShouldBe(["write/note"]);
    }

    private static PlannedEvent Planned(CaseWorkspace files)
    {
        var options = new EngineOptions { Workspace = files.Folder, Plugins = Path.Combine(Connectors.Plugins.Root, "plugins") };
        (InstalledConnectors installed, Workspace workspace) = AriaEngine.Compile(options, new MappingCompiler());
        using (installed)
        {
            using ServiceProvider services = AriaPipelines.Offline(TimeProvider.System);
            Pipeline pipeline = workspace.Pipelines.ShouldHaveSingleItem(string.Join('\n', workspace.Findings)).Pipeline;
            return new PipelineForecast(services.GetRequiredService<RunPlanner>, TimeProvider.System.GetUtcNow()).Of(pipeline, [Moved]).ShouldHaveSingleItem();
        }
    }
}
