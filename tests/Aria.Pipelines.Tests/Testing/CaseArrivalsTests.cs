using System.Text;
using System.Text.Json.Nodes;
using Aria.Pipelines.Abstractions;
using Aria.Pipelines.Authoring.Forecast;
using Aria.Pipelines.Compilation;
using Aria.Pipelines.Mapping;
using Aria.Pipelines.Pipelines;
using Aria.Pipelines.Plugins;
using Aria.Pipelines.Runs;
using Aria.Pipelines.Store;
using Aria.Pipelines.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace Aria.Pipelines.Tests.Testing;

/// <summary>Cases and plans over events that no webhook brings: records of sources that are asked, and times that come.</summary>
public sealed class CaseArrivalsTests : IDisposable
{
    private const string Moved = """{ "from": "ats", "sample": "application.stage_changed" }""";
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("aria-arrivals-");

    public CaseArrivalsTests()
    {
        foreach (string system in new[] { "Orchard", "Relay" })
        {
            string from = Path.Combine(Connectors.Plugins.Root, "tests/Aria.Pipelines.Tests/Ingress/Systems", system);
            foreach (string file in Directory.EnumerateFiles(from, "*", SearchOption.AllDirectories))
            {
                Write($"plugins/{system}/{Path.GetRelativePath(from, file)}", File.ReadAllText(file));
            }
            Write($"w/connections/{system.ToLowerInvariant()}.json", $$"""{ "connector": "{{system.ToLowerInvariant()}}", "settings": { "{{(system == "Relay" ? "key" : "token")}}": "${secret:a}" } }""");
        }
        Pear("any");
        Write("w/connections/pear.json", """{ "connector": "pear", "settings": {} }""");
    }

    public void Dispose() => _folder.Delete(recursive: true);

    [Theory]
    [InlineData("orchard", """{ "data": 1 }""", "")]
    [InlineData("orchard", """{ "attributes": { "stage": "Offer" } }""", "when")]
    [InlineData("relay", """{ "limit": 1 }""", "")]
    [InlineData("relay", """{ "stage": "Offer" }""", "when")]
    public async Task Polled_SampleOfTheConnector_StartsTheRun(string system, string merge, string skipped)
    {
        Pipeline(system);

        string expect = skipped.Length > 0 ? """{ "state": "skipped", "code": "when" }""" : """{ "state": "succeeded", "steps": { "seen": { "output": { "stage": "Phone Screen" } } } }""";
        CaseResult result = await PlayAsync($$"""{ "event": { "from": "ats", "sample": "application.stage_changed", "merge": {{merge}} }, "expect": {{expect}} }""");

        result.Explanation.ShouldBeEmpty();
        result.Passed.ShouldBeTrue();
    }

    [Fact]
    public async Task Polled_RecordInAFileOrBody_IsTheOnlyEventOrTheNamedOne()
    {
        Pipeline("relay");
        Write("w/watch/cases/events/moved.json", """{ "id": "18", "stage": "Phone Screen" }""");

        (await PlayAsync("""{ "event": { "from": "ats", "file": "events/moved.json" }, "expect": { "state": "succeeded" } }""")).Explanation.ShouldBeEmpty();
        (await PlayAsync("""{ "event": { "from": "ats", "polled": "application.stage_changed", "body": { "id": "18", "stage": "Phone Screen" } }, "expect": { "state": "succeeded" } }""")).Explanation.ShouldBeEmpty();
        (await PlayAsync("""{ "event": { "from": "ats", "polled": "application.stage_chnged", "body": { "id": "18" } }, "expect": { "state": "succeeded" } }""")).Problems.ShouldContain(
            "'application.stage_chnged' is no event for which 'ats' is asked. Did you mean 'application.stage_changed'? Known: application.stage_changed.");
        (await PlayAsync("""{ "event": { "from": "ats", "sample": "application.stage_changed", "polled": "application.stage_changed" }, "expect": { "state": "succeeded" } }""")).Findings.Select(f => f.ToString()).ShouldBe(
            ["w/watch/cases/one.json(1,68): error ARIA1006: A sample is of one event already. Give 'polled' with 'file' or 'body'."]);
    }

    [Fact]
    public async Task Polled_SeveralEventsOfOneFeed_HaveToBeSaidAndAreChecked()
    {
        Pipeline("pear", "application.hired");

        (await PlayAsync("""{ "event": { "from": "ats", "body": { "id": "1", "kind": "hired", "stage": "Phone Screen" } }, "expect": { "state": "succeeded" } }""")).Problems.ShouldContain(
            "'ats' sends nothing, it is asked. Say which event the record at line 1 is of: \"polled\": one of application.hired, application.stage_changed.");
        (await PlayAsync("""{ "event": { "from": "ats", "polled": "application.hired", "body": { "id": "1", "kind": "hired", "stage": "Phone Screen" } }, "expect": { "state": "succeeded" } }""")).Explanation.ShouldBeEmpty();
        (await PlayAsync("""{ "event": { "from": "ats", "polled": "application.hired", "body": { "id": "1", "kind": "moved", "stage": "Phone Screen" } }, "expect": { "state": "succeeded" } }""")).Problems.ShouldContain(
            "The record at line 1 is no event 'application.hired' of 'ats': its '/kind' says 'moved', not 'hired'.");
        (await PlayAsync("""{ "event": { "from": "ats", "polled": "application.hired", "body": { "id": "1", "kind": "hired", "draft": true } }, "expect": { "state": "succeeded" } }""")).Problems.ShouldContain(
            "The record at line 1 is no event 'application.hired' of 'ats': the feed's 'when' leaves it out.");
    }

    [Theory]
    [InlineData("any", "Offer", "succeeded")]
    [InlineData("any", "Phone Screen", "duplicate")]
    [InlineData("new", "Offer", "duplicate")]
    [InlineData("changed", "Offer", "succeeded")]
    public async Task Polled_FeedThatCompares_MakesAnEventOnlyOfWhatIsNews(string emit, string before, string state)
    {
        Pear(emit);
        Pipeline("pear");

        CaseResult result = await PlayAsync($$"""
            { "given": [{ "event": { "from": "ats", "sample": "application.stage_changed", "merge": { "stage": "{{before}}", "note": "x" } } }],
              "event": {{Moved}}, "expect": { "state": "{{state}}" } }
            """);

        result.Explanation.ShouldBeEmpty();
    }

    [Fact]
    public async Task Polled_BackWhereItWas_IsAnEventAgain()
    {
        Pipeline("pear");

        (await PlayAsync($$"""
            { "given": [{ "event": {{Moved}} }, { "event": { "from": "ats", "sample": "application.stage_changed", "merge": { "stage": "Offer" } } }],
              "event": {{Moved}}, "expect": { "state": "succeeded" } }
            """)).Explanation.ShouldBeEmpty();
    }

    [Fact]
    public async Task Schedule_ItsNextTime_StartsTheRunThen()
    {
        Nightly();

        (await PlayAsync("""
            { "at": "2026-03-01T05:00:00Z", "event": { "schedule": "0 9 * * 1-5", "missed": 2 },
              "expect": { "state": "succeeded", "steps": { "seen": { "output": { "at": "2026-03-02T08:00:00Z", "missed": 2, "now": "2026-03-02T08:00:00.000Z" } } } } }
            """)).Explanation.ShouldBeEmpty();
        (await PlayAsync("""{ "event": { "schedule": "60m" }, "expect": { "state": "succeeded", "steps": { "seen": { "output": { "at": "2026-01-05T09:00:00Z" } } } } }""")).Explanation.ShouldBeEmpty();
    }

    [Fact]
    public async Task Schedule_UnknownOrMixedUp_SaysWhatThereIs()
    {
        Nightly();

        (await PlayAsync("""{ "event": { "schedule": "0 9 * * *" }, "expect": { "state": "succeeded" } }""")).Problems.ShouldContain(
            "Pipeline 'watch' has no schedule '0 9 * * *'. Did you mean '0 9 * * 1-5'? Known: 0 9 * * 1-5, 1h.");
        (await PlayAsync("""{ "event": { "schedule": "1h", "from": "ats" }, "expect": { "state": "succeeded" } }""")).Findings.Select(f => f.ToString()).ShouldBe(
            ["w/watch/cases/one.json(1,32): error ARIA1006: 'from' belongs to a delivery, and a clock starts this one. Give 'schedule' alone."]);
        (await PlayAsync("""{ "event": { "from": "ats", "sample": "application.stage_changed", "missed": 1 }, "expect": { "state": "succeeded" } }""")).Findings.Select(f => f.ToString()).ShouldBe(
            ["w/watch/cases/one.json(1,68): error ARIA1006: Only a schedule misses times. Give 'missed' with 'schedule'."]);
        Pipeline("orchard");
        (await PlayAsync("""{ "event": { "schedule": "1h" }, "expect": { "state": "succeeded" } }""")).Problems.ShouldContain("Pipeline 'watch' has no schedule.");
    }

    [Theory]
    [InlineData("relay", "application.stage_changed", "(1,22): 'relay' is called 'ats' in this pipeline.")]
    [InlineData("atz", "application.stage_changed", "(1,22): 'atz' is not one of the pipeline's connections. Did you mean 'ats'? Known: ats.")]
    [InlineData("ats", "application.stage_chnged", "(1,39): Connector 'relay' has no sample of an event 'application.stage_chnged'. Did you mean 'application.stage_changed'? Known: application.stage_changed.")]
    public async Task Event_NameThatThePipelineDoesNotKnow_SaysWhereAndWhatItIsCalled(string from, string sample, string expected)
    {
        Pipeline("relay");

        CaseResult result = await PlayAsync($$"""{ "event": { "from": "{{from}}", "sample": "{{sample}}" }, "expect": { "state": "succeeded" } }""");

        result.Problems.ShouldHaveSingleItem().ShouldBe("w/watch/cases/one.json" + expected);
    }

    [Fact]
    public async Task Answer_NameThatThePipelineDoesNotKnow_SaysWhereAndWhatItIsCalled()
    {
        Pipeline("relay");

        CaseResult result = await PlayAsync($$"""{ "answers": [{ "to": "relay GET /x" }, { "to": "ats GET /y" }], "event": {{Moved}}, "expect": { "state": "succeeded" } }""");

        result.Problems.ShouldBe(
        [
            "w/watch/cases/one.json(1,15): 'relay' is called 'ats' in this pipeline.",
            "The answer to 'ats GET /y' at line 1 was never asked for. Remove it, or correct its 'to'.",
        ]);
    }

    [Fact]
    public async Task Coverage_OfASchedule_IsOneOfTheWaysIn()
    {
        Nightly();
        Write("w/watch/cases/one.json", """{ "event": { "schedule": "1h" }, "expect": { "state": "succeeded" } }""");

        PipelineCoverage coverage = (await SuiteAsync()).Coverage.ShouldHaveSingleItem();

        coverage.All.Select(p => p.Name).ShouldBe(["trigger schedule", "seen", "seen.map"], ignoreOrder: true);
        coverage.Missing.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("orchard", "application.stage_changed", """{ "id": "18", "attributes": { "stage": "Phone Screen" } }""", "2026-04-01T10:00:07Z",
        """{"from":"ats","polled":"application.stage_changed","body":{"id":"18","attributes":{"stage":"Phone Screen"}}}""")]
    [InlineData("$schedule", "schedule.fired", """{ "scheduled_at": "2026-03-02T08:00:00Z", "missed": 0 }""", "2026-03-02T08:00:00Z", """{"schedule":"0 9 * * 1-5"}""")]
    [InlineData("$schedule", "schedule.fired", """{ "scheduled_at": "2026-03-02T11:00:00Z", "missed": 3 }""", "2026-03-02T11:00:00Z", """{"schedule":"1h","missed":3}""")]
    public void Record_OfWhatNoWebhookBrought_IsTheEventThatPlaysIt(string connection, string type, string body, string at, string expected)
    {
        Write("w/watch/pipeline.json", """
            {
              "connections": { "ats": "orchard" },
              "triggers": [{ "on": "ats.application.stage_changed" }, { "schedule": { "cron": "0 9 * * 1-5", "timeZone": "Europe/Berlin" } }, { "schedule": { "every": "1h" } }],
              "steps": [{ "id": "seen", "map": {} }]
            }
            """);
        var received = new DateTimeOffset(2026, 4, 1, 10, 0, 7, TimeSpan.Zero);
        var run = new RunDetail(
            new RunSummary("run_1", "evt_1", type, connection, "watch", "h", RunState.Succeeded, null, received, null),
            new StoredEvent("evt_1", 1, connection, type, "s", Encoding.UTF8.GetBytes(body), received), [], [], [], null);

        JsonObject recorded = CaseRecorder.Record(run, Compiled()).ShouldNotBeNull();

        (recorded["at"]!.GetValue<string>(), recorded["event"]!.ToJsonString()).ShouldBe((at, expected));
    }

    [Fact]
    public void Plan_RecordOfASourceThatIsAsked_IsPlanned()
    {
        Pipeline("pear", "application.hired");
        using ServiceProvider services = AriaPipelines.Offline(TimeProvider.System);

        PlannedEvent Planned(string record, string? polled = null) =>
            new PipelineForecast(services.GetRequiredService<RunPlanner>, TimeProvider.System.GetUtcNow()).Of(Compiled(), [new RecordedDelivery("one", Encoding.UTF8.GetBytes(record), polled)]).ShouldHaveSingleItem();

        Planned("""{ "id": "1", "kind": "hired", "stage": "Phone Screen" }""").Fate.ShouldBe(EventFate.Caught);
        Planned("""{ "id": "1", "kind": "hired", "stage": "Phone Screen" }""", "application.hired").Fate.ShouldBe(EventFate.Caught);
        Planned("""{ "id": "1", "kind": "hired", "stage": "Offer" }""").Fate.ShouldBe(EventFate.Skipped);
        PlannedEvent ignored = Planned("""{ "id": "1", "kind": "moved", "stage": "Phone Screen" }""");
        (ignored.Fate, ignored.Reason).ShouldBe((EventFate.Ignored, "The delivery holds no event that starts this pipeline. It is no 'application.hired': its '/kind' says 'moved', not 'hired'."));
    }

    [Fact]
    public void Plan_ScheduledTime_IsPlanned()
    {
        Nightly();
        using ServiceProvider services = AriaPipelines.Offline(TimeProvider.System);
        Pipeline pipeline = Compiled();

        (JsonObject plan, IReadOnlyList<Diagnostic> findings) = services.GetRequiredService<RunPlanner>().Plan(pipeline, pipeline.Schedules[0], new DateTimeOffset(2026, 3, 1, 5, 0, 0, TimeSpan.Zero));

        findings.ShouldBeEmpty();
        plan["event"]!.ToJsonString().ShouldBe("""{"scheduled_at":"2026-03-02T08:00:00Z","missed":0,"type":"schedule.fired","id":"planned","raw":null}""");
        plan["steps"]!.AsArray().Select(s => $"{s!["id"]} {s["skipped"]}").ShouldBe(["seen false"]);
    }

    private void Pear(string emit) => Write("plugins/Pear/connector.json", """
        {
          "connector": "pear", "version": "1.0.0", "contract": 1, "title": "Pear", "settings": {}, "http": { "baseUrl": "https://pear.example" },
          "events": {
            "application.stage_changed": {
              "wireType": "moved", "subject": "application:{{ payload.id }}",
              "poll": { "request": { "method": "GET", "path": "/list" }, "items": "", "type": "/kind", "when": "item.draft !== true",
                "cursor": { "diff": { "key": "/id", "compare": ["/stage"], "emit": "EMIT" } } },
              "canonical": { "application": { "id": "{{ payload.id }}", "stage": { "name": "{{ payload.stage }}" } } },
              "samples": [{ "constructed": "moved.json" }]
            },
            "application.hired": {
              "wireType": "hired", "subject": "application:{{ payload.id }}", "poll": "application.stage_changed",
              "canonical": { "application": { "id": "{{ payload.id }}", "stage": { "name": "{{ payload.stage }}" } } },
              "samples": [{ "constructed": "hired.json" }]
            }
          }
        }
        """.Replace("EMIT", emit, StringComparison.Ordinal),
        ("plugins/Pear/moved.json", """{ "id": "7", "kind": "moved", "stage": "Phone Screen", "note": "y" }"""),
        ("plugins/Pear/hired.json", """{ "id": "7", "kind": "hired", "stage": "Phone Screen" }"""));

    private void Pipeline(string system, string type = "application.stage_changed") => Write("w/watch/pipeline.json", $$"""
        {
          "connections": { "ats": "{{system}}" },
          "triggers": [{ "on": "ats.{{type}}", "when": "event.application.stage.name === 'Phone Screen'" }],
          "steps": [{ "id": "seen", "map": { "stage": { "$js": "event.application.stage.name" } } }]
        }
        """);

    private void Nightly() => Write("w/watch/pipeline.json", """
        {
          "connections": { "ats": "orchard" },
          "triggers": [{ "schedule": { "cron": "0 9 * * 1-5", "timeZone": "Europe/Berlin" } }, { "schedule": { "every": "1h" } }],
          "steps": [{ "id": "seen", "map": { "at": "{{ event.scheduled_at }}", "missed": "{{ event.missed }}", "now": "{{ now }}" } }]
        }
        """);

    private void Write(string file, string text, params ReadOnlySpan<(string File, string Text)> more)
    {
        foreach ((string name, string content) in (ReadOnlySpan<(string, string)>)[(file, text), .. more])
        {
            string path = Path.Combine(_folder.FullName, name);
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllText(path, content);
        }
    }

    private Pipeline Compiled()
    {
        (InstalledConnectors installed, Workspace workspace) = Compile();
        installed.Dispose();
        return workspace.Pipelines.ShouldHaveSingleItem().Pipeline;
    }

    private (InstalledConnectors Installed, Workspace Workspace) Compile()
    {
        (InstalledConnectors installed, Workspace workspace) = AriaEngine.Compile(
            new EngineOptions { Workspace = Path.Combine(_folder.FullName, "w"), Plugins = Path.Combine(_folder.FullName, "plugins") }, new MappingCompiler());
        workspace.Findings.Where(f => f.Severity == DiagnosticSeverity.Error).Select(f => f.ToString()).ShouldBeEmpty();
        return (installed, workspace);
    }

    private async Task<SuiteResult> SuiteAsync()
    {
        (InstalledConnectors installed, Workspace workspace) = Compile();
        using (installed)
        {
            return await new CaseSuite(workspace, Path.Combine(_folder.FullName, "w"), "w").RunAsync([], TestContext.Current.CancellationToken);
        }
    }

    private async Task<CaseResult> PlayAsync(string json)
    {
        Write("w/watch/cases/one.json", json);
        return (await SuiteAsync()).Cases.ShouldHaveSingleItem();
    }
}
