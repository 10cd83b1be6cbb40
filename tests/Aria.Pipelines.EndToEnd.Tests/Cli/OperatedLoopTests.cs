using System.Text.Json.Nodes;
using Aria.Pipelines.EndToEnd.Tests.Support;
using Aria.Pipelines.Host.Control;
using Aria.Pipelines.Ingress;
using Aria.Pipelines.Pipelines;
using Aria.Pipelines.Runs;
using Aria.Pipelines.Sandbox.Aria;
using Aria.Pipelines.Sandbox.Faults;
using Aria.Pipelines.Store;

namespace Aria.Pipelines.EndToEnd.Tests.Cli;

/// <summary>What somebody on call asks of a host, and what it answers.</summary>
public sealed class OperatedLoopTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Resolve_DoneWithoutAUsableAnswer_IsRefusedAndOneThatWasWrongIsCorrected()
    {
        await using Loop loop = await UnderReviewAsync();
        RunDetail review = await loop.RunAsync(RunState.NeedsReview);
        string run = review.Run.Id;
        string command = $"aria resolve {run} --done --output '{{\"interview_id\":\"int_456def\",\"status\":\"invited\"}}' --data {loop.Workspace.Data}";

        (int code, string said) = await loop.SaysAsync("resolve", run, "--done");
        code.ShouldBe(1);
        said.ShouldBe($"""
            Operation 'interview.create' of 'aria' has an output that is needed: say with --output what it answered, with 'interview_id', 'status'. Later steps read 'interview_id'.
              {command}
            """);
        (code, said) = await loop.SaysAsync("resolve", run, "--done", "--output", """{"status":"pending"}""");
        code.ShouldBe(1);
        said.ShouldStartWith("Operation 'interview.create' of 'aria' does not answer so: ");
        said.ShouldEndWith(command);
        (await loop.RunAsync(RunState.NeedsReview)).Run.Id.ShouldBe(run);

        (await loop.SaysAsync("resolve", run, "--done", "--output", """{"interview_id":"int_wrong","status":"pending"}""")).Code.ShouldBe(0);
        await loop.RunAsync(RunState.Waiting);
        (await loop.SaysAsync("resolve", run, "--done")).Code.ShouldBe(1);
        AriaInterview made = await loop.InvitedAsync();
        (code, said) = await loop.SaysAsync("resolve", run, "--done", "--output", new JsonObject { ["interview_id"] = made.Id, ["status"] = "pending" }.ToJsonString());
        string effect = review.Effects.Single(e => e.State == EffectState.NeedsReview).Id;
        said.ShouldBe($"Corrected: effect {effect}. Run {run} still has the former answer: end it with 'aria runs cancel {run} --data {loop.Workspace.Data}', then go on with 'aria replay {run} --data {loop.Workspace.Data}'; nothing that is confirmed is sent again.");
        code.ShouldBe(0);
        (await loop.SaysAsync("runs", "cancel", run)).Code.ShouldBe(0);
        (code, said) = await loop.SaysAsync("replay", run);
        code.ShouldBe(0, said);
        await loop.RunAsync(RunState.Waiting);
        loop.Aria.Complete(made.Id, new AriaResult(8m, "advance"));
        await loop.RunAsync(RunState.Succeeded);
        loop.Aria.InvitationsCreated.ShouldBe(1);
        (await loop.Store.Audit.ListAsync(10, Token)).Select(r => r.Entry.Act).ShouldBe(["run.replayed", "run.cancelled", "effect.corrected", "effect.done"]);
    }

    [Fact]
    public async Task Review_ShowsWhenItLeftAndWhatToSearchFor()
    {
        await using Loop loop = await UnderReviewAsync();
        RunDetail review = await loop.RunAsync(RunState.NeedsReview);
        EffectRecord open = review.Effects.Single(e => e.State == EffectState.NeedsReview);
        AttemptRecord first = review.Attempts.First(a => a.EffectId == open.Id && a.Phase == "send");

        (int code, string said) = await loop.SaysAsync("runs");

        code.ShouldBe(0, said);
        string sent = ControlAnswer.Time(first.StartedUtc);
        said.ShouldContain($"'interview.create' of 'aria' for '{review.Event.Subject}' (step 'invite', sent {sent}) was done is unknown: idempotency_key_expired.");
        said.ShouldContain($"  it was sent as: POST {loop.Aria.ApiUrl}");
        said.ShouldContain("jane.doe@example.com");
        said.ShouldContain($"  its key:        {open.IdempotencyKey} ");
        said.ShouldContain($"  it was done:    aria resolve {review.Run.Id} --done --data {loop.Workspace.Data} ");
        JsonNode shown = RunReport.One(review)["effects"]!.AsArray().Single(e => (string?)e!["id"] == open.Id)!;
        ((string?)shown["key"], (string?)shown["method"]).ShouldBe((open.IdempotencyKey, "POST"));
        shown["body"]!.ToJsonString().ShouldContain("jane.doe@example.com");
    }

    [Fact]
    public async Task Runs_AboutASubject_AreFoundByItAndByItsIdAlone()
    {
        await using Loop loop = await Loop.StartAsync(operated: true);
        long jane = loop.ReachPhoneScreen();
        loop.ReachPhoneScreen(first: "Otto", email: "otto@example.com");
        await loop.Aria.WhenAsync(all => all.Count == 2, Token);

        foreach (string asked in new[] { $"application:{jane}", $"{jane}" })
        {
            (int code, string said) = await loop.SaysAsync("runs", "--subject", asked, "--json");
            code.ShouldBe(0, said);
            JsonNode found = JsonNode.Parse(said)!.AsArray().ShouldHaveSingleItem()!;
            ((string?)found["subject"], (string?)found["pipeline"]).ShouldBe(($"application:{jane}", "invite-by-stage"));
        }
        (await loop.SaysAsync("runs")).Said.ShouldContain($"application:{jane}");
        (await loop.SaysAsync("runs", "--subject", "application:1")).ShouldBe((0, "No run is about 'application:1'."));
    }

    [Fact]
    public async Task Run_SkippedByOnceOrRollout_SaysWhyAndWhereThatIsWritten()
    {
        await using Loop loop = await Loop.StartAsync();
        loop.ReachPhoneScreen();
        await loop.InvitedAsync();
        loop.ReachPhoneScreen();

        (await WhyAsync(loop)).ShouldBe(
            "Another run did step 'invite' for the same key already, and it is done once within 30d in the scope 'interview': "
            + "[\"{{ event.candidate.email_canonical }}\",\"{{ event.job.id }}\"] (invite-by-stage/pipeline.json, line 1).");

        await using Loop narrow = await Loop.StartAsync(prepare: w => w.Edit("invite-by-stage/pipeline.json", p => p["rollout"]!["only"] = new JsonArray("7")));
        narrow.ReachPhoneScreen();
        (await WhyAsync(narrow)).ShouldStartWith("The rollout takes only '7', and the event gave something else: event.job.requisition_id ?? event.job.id (invite-by-stage/pipeline.json, line ");
    }

    [Fact]
    public async Task Failures_OfAGroup_AreShownWithTheirDetailAndTheCommandThatReplaysThem()
    {
        await using Loop loop = await Loop.StartAsync(operated: true);
        loop.ReachPhoneScreen(email: "jane.example.com");
        RunDetail dead = await loop.RunAsync(RunState.Dead);

        (int code, string said) = await loop.SaysAsync("runs", "--failures");

        code.ShouldBe(0, said);
        said.ShouldContain((string)JsonNode.Parse(dead.Diagnostic!)!["summary"]!);
        said.ShouldContain($"  once it is mended: aria replay --failed --fingerprint {dead.Run.Fingerprint} --data {loop.Workspace.Data} ");
        (code, said) = await loop.SaysAsync("replay", dead.Run.Id);
        code.ShouldBe(0, said);
        string latest = said.Split(' ')[^1].TrimEnd('.');
        await Eventually.GetAsync(
            async () => (await loop.Store.FindRunAsync(latest, default))!.Run.State == RunState.Dead ? "dead" : null, "the replay has died as well");
        (await loop.SaysAsync("runs", "--state", "dead")).Said.ShouldContain($"Run {dead.Run.Id} was replayed; the latest is {latest}.");
        (await loop.SaysAsync("replay", "--failed", "--fingerprint", "unknown", "--preview")).ShouldBe((1, "Nothing fits: nothing would be replayed."));
        (await loop.SaysAsync("replay", latest, "--preview")).Said.ShouldContain("  invite: aria.interview.create would fail, and nothing behind it would be done (");
    }

    [Fact]
    public async Task Preview_OfWhatWouldFail_EndsThere()
    {
        await using Loop loop = await Loop.StartAsync();
        loop.ReachPhoneScreen(email: "jane.example.com");
        RunDetail dead = await loop.RunAsync(RunState.Dead);

        PreviewedEffect only = (await PreviewAsync(loop, dead)).ShouldHaveSingleItem();

        (only.Path, only.Verdict, only.Request).ShouldBe(("invite", ReplayVerdict.WouldFail, null));
    }

    [Fact]
    public async Task Preview_OfARunThatDiedBeforeItsEventWasComplete_DependsOnTheEvent()
    {
        await using Loop loop = await Loop.StartAsync();
        Pipeline pipeline = loop.Get<Catalog.PipelineCatalog>().Current.Pipelines["invite-by-stage"];
        await loop.Get<EventIntake>().SendAsync(pipeline, pipeline.Manual!, "1", Token);
        RunDetail dead = await loop.RunAsync(RunState.Dead);

        IReadOnlyList<PreviewedEffect> effects = await PreviewAsync(loop, dead);

        effects.Select(e => e.Path).ShouldBe(["invite", "pending", "details", "write"]);
        effects.ShouldAllBe(e => e.Verdict == ReplayVerdict.AwaitsEvent);
    }

    private static async Task<IReadOnlyList<PreviewedEffect>> PreviewAsync(Loop loop, RunDetail run)
    {
        (Pipeline? pipeline, _) = await loop.Get<RunReplay>().DefinitionAsync(run.Run, isCurrent: false, Token);
        return loop.Get<ReplayPreview>().Of(run, pipeline!, force: false);
    }

    private static async Task<string?> WhyAsync(Loop loop)
    {
        RunDetail skipped = await loop.RunAsync(RunState.Skipped);
        return SkipReason.Of(skipped, (await loop.Store.ReadDefinitionAsync(skipped.Run.DefinitionHash, Token))!);
    }

    /// <summary>An invitation that was made, whose answer was lost, and whose key has expired before anybody could ask again.</summary>
    private static async Task<Loop> UnderReviewAsync()
    {
        Loop loop = await Loop.StartAsync(prepare: w => w.Overlay(environment => environment["connections"]!["aria"]!["settings"]!["creation"] = "keyed"), operated: true);
        loop.Aria.Faults.Add(new Fault { Kind = FaultKind.DropAfter, Method = "POST", PathPrefix = "/v1/interviews" });
        loop.ReachPhoneScreen();
        await Eventually.GetAsync(
            async () => (await loop.Store.CountAsync(default)).Effects.ContainsKey("unknown") ? "unknown" : null, "the outcome is unknown");
        loop.Pass(TimeSpan.FromHours(25));
        return loop;
    }
}
