using System.Text;
using System.Text.Json.Nodes;
using Aria.Pipelines.Catalog;
using Aria.Pipelines.ConnectorContract.Live;
using Aria.Pipelines.EndToEnd.Tests.Support;
using Aria.Pipelines.Ingress;
using Aria.Pipelines.Pipelines;
using Aria.Pipelines.Sandbox.Aria;
using Aria.Pipelines.Sandbox.Faults;
using Aria.Pipelines.Store;
using Microsoft.Extensions.Logging;

namespace Aria.Pipelines.EndToEnd.Tests;

/// <summary>How runs live with each other, with changed definitions, and with failure.</summary>
public sealed class RunTests
{
    [Fact]
    public async Task Once_SameSubjectTwice_SecondRunEndsSkippedAfterTheFirst()
    {
        await using Loop loop = await Loop.StartAsync();
        loop.Aria.Faults.Add(new Fault { Kind = FaultKind.Status, Status = 429, RetryAfter = 600, Method = "POST", PathPrefix = "/v1/interviews" });
        long first = loop.ReachPhoneScreen(email: "one@example.com");
        await loop.RunAsync(RunState.Ready);
        // Another moment, so that the second move is another body: Greenhouse gives a delivery no id that is signed.
        loop.Pass(TimeSpan.FromSeconds(5));
        loop.Greenhouse.MoveStage(first, "Face to Face");
        loop.Greenhouse.MoveStage(first, "Phone Screen");
        await loop.Greenhouse.WhenQuietAsync(Token);

        long other = loop.ReachPhoneScreen(email: "two@example.com");
        loop.Pass(TimeSpan.FromMinutes(11));

        await loop.StatusAsync(other, "Pending");
        await loop.StatusAsync(first, "Pending");
        RunDetail skipped = await Eventually.GetAsync(
            async () =>
            {
                RunSummary? run = (await loop.Store.ListRunsAsync(new RunQuery(null, RunState.Skipped, 10), Token)).FirstOrDefault(r => r.Code == "once");
                return run is null ? null : await loop.Store.FindRunAsync(run.Id, Token);
            },
            "the repeated move ends as skipped");
        skipped.Effects.ShouldBeEmpty();
        RunSummary holder = (await loop.Store.ListRunsAsync(new RunQuery(null, RunState.Waiting, 10), Token)).MinBy(r => r.ReceivedUtc)!;
        ((string?)JsonNode.Parse(skipped.Diagnostic!)!["summary"]).ShouldBe($"Run {holder.Id} holds the key of step 'invite'.");
        loop.Aria.InvitationsCreated.ShouldBe(2);
    }

    [Fact]
    public async Task Failure_TargetDownForLong_EndsDeadWithTheReason()
    {
        await using Loop loop = await Loop.StartAsync(prepare: w => w.Edit("invite-by-stage/pipeline.json", p =>
            p["steps"]![0]!["retry"] = new JsonObject { ["max"] = 2, ["delay"] = "1s" }));
        using var log = new KeptLog();
        loop.Get<ILoggerFactory>().AddProvider(log);
        loop.Aria.Faults.Add(new Fault { Kind = FaultKind.DropBefore, Times = 100, PathPrefix = "/v1/interviews" });
        loop.ReachPhoneScreen();
        RunDetail waiting = await loop.RunAsync(RunState.Ready);
        ((string?)JsonNode.Parse(waiting.Diagnostic!)!["summary"])!.ShouldStartWith("'aria.interview.create' is tried again: ");

        RunDetail run = await Eventually.GetAsync(
            async () =>
            {
                loop.Pass(TimeSpan.FromSeconds(1));
                IReadOnlyList<RunSummary> dead = await loop.Store.ListRunsAsync(new RunQuery(null, RunState.Dead, 1), Token);
                return dead.Count == 0 ? null : await loop.Store.FindRunAsync(dead[0].Id, Token);
            },
            "the run gives up");
        run.Run.Code.ShouldBe("retries_exhausted");
        Encoding.UTF8.GetString(run.Diagnostic!).ShouldContain("did not succeed in 2 tries");
        loop.Greenhouse.State.Notes.Count.ShouldBe(1);
        string told = $"Run {run.Run.Id} of pipeline invite-by-stage died at step invite: retries_exhausted. Step 'invite' did not succeed in 2 tries";
        await Eventually.GetAsync(() => Task.FromResult(log.Text.Contains(told, StringComparison.Ordinal) ? told : null), "the log tells it");
    }

    [Fact]
    public async Task Manual_ForASubjectThatIsNotThere_IsOneEventInAMinuteAndTheFailureIsAtItsReading()
    {
        await using Loop loop = await Loop.StartAsync(prepare: w =>
        {
            string folder = Path.Combine(w.Folder, "by-hand");
            Directory.CreateDirectory(folder);
            File.WriteAllText(Path.Combine(folder, "pipeline.json"), """
                { "connections": { "ats": "greenhouse" }, "triggers": [ { "manual": { "subject": "ats.application" } } ], "steps": [ { "id": "mark", "map": { "mark": 1 } } ] }
                """);
        });
        Pipeline pipeline = loop.Get<PipelineCatalog>().Current.Pipelines["by-hand"];
        // Well within a minute.
        loop.Pass(TimeSpan.FromSeconds(61 - loop.Clock.GetUtcNow().Second));

        AcceptedEvent first = await loop.Get<EventIntake>().SendAsync(pipeline, pipeline.Manual!, "999999", Token);
        AcceptedEvent second = await loop.Get<EventIntake>().SendAsync(pipeline, pipeline.Manual!, "999999", Token);

        (first.IsDuplicate, first.RunIds.Count).ShouldBe((false, 1));
        (second.IsDuplicate, second.RunIds.Count, second.Id).ShouldBe((true, 0, first.Id));
        RunDetail run = await loop.RunAsync(RunState.Dead);
        StepRecord read = run.Steps.ShouldHaveSingleItem();
        (read.Path, read.State).ShouldBe(("$event", StepState.Failed));
        ((string?)JsonNode.Parse(read.Error!)!["code"]).ShouldBe(run.Run.Code);
    }

    [Fact]
    public async Task Mapping_FailsInAStep_NamesFileLineAndColumn()
    {
        await using Loop broken = await Loop.StartAsync(prepare: w => File.WriteAllText(
            Path.Combine(w.Folder, "invite-by-stage/result.js"), "const a = 1;\nreturn { application_id: event.raw.missing.id };\n"));
        broken.ReachPhoneScreen();
        AriaInterview interview = await broken.InvitedAsync();
        await broken.RunAsync(RunState.Waiting);

        broken.Aria.Complete(interview.Id, new AriaResult(5m, "maybe"));

        RunDetail run = await broken.RunAsync(RunState.Dead);
        JsonNode diagnostic = JsonNode.Parse(run.Diagnostic!)!;
        diagnostic["file"]!.GetValue<string>().ShouldEndWith("invite-by-stage/result.js");
        diagnostic["line"]!.GetValue<int>().ShouldBe(2);
        diagnostic["column"]!.GetValue<int>().ShouldBeGreaterThan(20);
    }

    [Fact]
    public async Task Attempts_AreRecordedWithoutSecrets()
    {
        await using Loop loop = await Loop.StartAsync();
        loop.ReachPhoneScreen();

        RunDetail run = await loop.RunAsync(RunState.Waiting);

        run.Attempts.Select(a => a.Outcome).ShouldBe(["confirmed", "confirmed"]);
        string recorded = string.Concat(run.Attempts.Select(a => Encoding.UTF8.GetString(a.Response!)).Concat(run.Effects.Select(e => Encoding.UTF8.GetString(e.Request))));
        recorded.ShouldContain("int_");
        foreach (string secret in new[] { "aria-sandbox-key", "greenhouse-sandbox-secret", "Authorization", "Bearer" })
        {
            recorded.ShouldNotContain(secret);
        }
    }

    [Fact]
    public async Task Reads_OfCustomFields_AreCachedFiveMinutes()
    {
        await using Loop loop = await Loop.StartAsync();
        for (int i = 0; i < 4; i++)
        {
            await loop.StatusAsync(loop.ReachPhoneScreen(email: $"p{i}@example.com"), "Pending");
        }
        int Reads() => loop.Greenhouse.Requests.Entries.Count(r => r.Method == "GET" && r.Path.Contains("/custom_fields", StringComparison.Ordinal));
        int afterFour = Reads();

        loop.Pass(TimeSpan.FromMinutes(6));
        await loop.StatusAsync(loop.ReachPhoneScreen(email: "later@example.com"), "Pending");

        afterFour.ShouldBe(1);
        Reads().ShouldBe(2);
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;
}
