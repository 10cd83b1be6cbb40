using System.Text;
using System.Text.Json.Nodes;
using Aria.Pipelines.ConnectorContract.Live;
using Aria.Pipelines.EndToEnd.Tests.Support;
using Aria.Pipelines.Host.Control;
using Aria.Pipelines.Ingress;
using Aria.Pipelines.Runs;
using Aria.Pipelines.Sandbox.Aria;
using Aria.Pipelines.Sandbox.Faults;
using Aria.Pipelines.Store;
using Microsoft.Extensions.Logging;

namespace Aria.Pipelines.EndToEnd.Tests;

/// <summary>What operators do, over the whole loop: nothing is sent that they did not ask for.</summary>
public sealed class OperatorTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Review_MarkedDone_TheRunGoesOnWithTheGivenAnswerAndSendsNothing()
    {
        using var log = new KeptLog();
        await using Loop loop = await UnderReviewAsync(log);
        RunDetail review = await loop.RunAsync(RunState.NeedsReview);
        string told = $"Run {review.Run.Id} of pipeline invite-by-stage needs review: idempotency_key_expired. 'aria runs {review.Run.Id}' shows what is unknown, and how to decide it";
        await Eventually.GetAsync(() => Task.FromResult(log.Text.Contains(told, StringComparison.Ordinal) ? told : null), "the log tells it");
        EffectRecord open = review.Effects.Single(e => e.State == EffectState.NeedsReview);
        (review.Run.Code, open.Code).ShouldBe(("idempotency_key_expired", "idempotency_key_expired"));
        JsonNode shown = RunReport.One(review)["review"]!.AsArray().ShouldHaveSingleItem()!;
        ((string?)shown["operation"], (string?)shown["unknown"]).ShouldBe(("interview.create", "idempotency_key_expired"));
        ((string?)shown["done"], (string?)shown["sendAgain"]).ShouldBe(($"aria resolve {review.Run.Id} --done", $"aria resolve {review.Run.Id} --send-again"));
        AriaInterview made = await loop.InvitedAsync();
        byte[] answer = Encoding.UTF8.GetBytes(new JsonObject { ["interview_id"] = made.Id }.ToJsonString());

        await loop.Store.Acts.DecideAsync(new EffectDecision(open.Id, SendAgain: false, answer), Act(loop), Token);
        loop.Get<DueSignal>().Raise();

        RunDetail waiting = await loop.RunAsync(RunState.Waiting);
        waiting.Run.Id.ShouldBe(review.Run.Id);
        loop.Aria.InvitationsCreated.ShouldBe(1);
        loop.Aria.Complete(made.Id, new AriaResult(8m, "advance"));
        await loop.RunAsync(RunState.Succeeded);
        await HoldsAsync(loop);
    }

    [Fact]
    public async Task Review_SentAgain_SameBytesUnderTheNextNumber()
    {
        await using Loop loop = await UnderReviewAsync();
        EffectRecord open = (await loop.RunAsync(RunState.NeedsReview)).Effects.Single(e => e.State == EffectState.NeedsReview);

        await loop.Store.Acts.DecideAsync(new EffectDecision(open.Id, SendAgain: true, null), Act(loop), Token);
        loop.Get<DueSignal>().Raise();

        RunDetail waiting = await loop.RunAsync(RunState.Waiting);
        EffectRecord[] invites = [.. waiting.Effects.Where(e => e.Path == "invite").OrderBy(e => e.Force)];
        invites.Select(e => (e.Force, e.State)).ShouldBe([(0, EffectState.Superseded), (1, EffectState.Confirmed)]);
        invites[1].Request.ShouldBe(invites[0].Request);
        await HoldsAsync(loop);
    }

    [Fact]
    public async Task Replay_OfSucceededRunsTwice_SendsNoChangeAgain()
    {
        const int Candidates = 12;
        await using Loop loop = await Loop.StartAsync();
        for (int i = 0; i < Candidates; i++)
        {
            loop.ReachPhoneScreen(email: $"p{i}@example.com");
        }
        foreach (AriaInterview interview in await loop.Aria.WhenAsync(all => all.Count == Candidates, Token))
        {
            loop.Aria.Complete(interview.Id, new AriaResult(8m, "advance"));
        }
        await SucceededAsync(loop, Candidates);
        int changes = Changes(loop);

        for (int round = 1; round <= 2; round++)
        {
            IReadOnlyList<RunSummary> latest = await loop.Store.Views.FindLatestRunsAsync(new LatestRunQuery(States: [RunState.Succeeded]), Token);
            IReadOnlyList<ReplayedRun> replayed = await loop.Get<RunReplay>().ReplayAsync(latest, isCurrent: false, force: false, Act(loop), Token);
            replayed.Count(r => r.RunId is not null).ShouldBe(Candidates);
            await SucceededAsync(loop, Candidates * (round + 1));
        }

        (loop.Aria.InvitationsCreated, Changes(loop)).ShouldBe((Candidates, changes));
        (await loop.Store.Audit.ListAsync(10, Token)).Select(r => r.Entry.Act).ShouldBe(["run.replayed", "run.replayed"]);
        await HoldsAsync(loop);
    }

    [Fact]
    public async Task Preview_OfASucceededRun_NamesEachEffectAndWithForceWhatWouldBeSentAgain()
    {
        await using Loop loop = await Loop.StartAsync();
        loop.ReachPhoneScreen();
        AriaInterview interview = await loop.InvitedAsync();
        loop.Aria.Complete(interview.Id, new AriaResult(8m, "advance"));
        RunDetail run = await loop.RunAsync(RunState.Succeeded);
        (Pipelines.Pipeline? pipeline, _) = await loop.Get<RunReplay>().DefinitionAsync(run.Run, isCurrent: false, Token);
        int requests = loop.Aria.Requests.Entries.Count;

        IReadOnlyList<PreviewedEffect> safe = loop.Get<ReplayPreview>().Of(run, pipeline!, force: false);
        IReadOnlyList<PreviewedEffect> forced = loop.Get<ReplayPreview>().Of(run, pipeline!, force: true);

        safe.Select(e => (e.Path, e.Verdict)).ShouldBe(
            [("invite", ReplayVerdict.Confirmed), ("pending", ReplayVerdict.Confirmed), ("details", ReplayVerdict.Read), ("write", ReplayVerdict.Confirmed)]);
        safe[0].Detail!.ShouldStartWith("confirmed 20");
        safe[0].Request.ShouldBeNull();
        safe[0].Reference.ShouldBe(interview.Id);
        safe[2].Request!.ShouldContain(interview.Id);
        forced.Select(e => e.Verdict).ShouldBe([ReplayVerdict.SendAgain, ReplayVerdict.SendAgain, ReplayVerdict.Read, ReplayVerdict.SendAgain]);
        forced[0].Request!.ShouldStartWith("POST http");
        loop.Aria.Requests.Entries.Count.ShouldBe(requests, "a preview sends nothing");
    }

    [Fact]
    public async Task Replay_Forced_InvitesAgainUnderAnotherKey()
    {
        await using Loop loop = await Loop.StartAsync();
        loop.ReachPhoneScreen();
        AriaInterview first = await loop.InvitedAsync();
        RunDetail run = await loop.RunAsync(RunState.Waiting);
        await loop.Store.Acts.CancelAsync(run.Run.Id, Act(loop), Token);

        await loop.Get<RunReplay>().ReplayAsync([run.Run], isCurrent: true, force: true, Act(loop), Token);

        IReadOnlyList<AriaInterview> both = await loop.Aria.WhenAsync(all => all.Count == 2, Token);
        both[1].ExternalId.ShouldNotBe(first.ExternalId);
        (await loop.Store.Audit.ListAsync(1, Token))[0].Entry.Act.ShouldBe("run.replayed_with_force");
        await HoldsAsync(loop);
    }

    [Fact]
    public async Task Failures_OfTheSameKind_AreOneGroupWhateverTheCandidate()
    {
        await using Loop loop = await Loop.StartAsync();
        loop.ReachPhoneScreen(first: "Jane", email: "jane.example.com");
        loop.ReachPhoneScreen(first: "Otto", email: "otto.example.com");

        FailureGroup group = await Eventually.GetAsync(
            async () => await loop.Store.Views.ListFailuresAsync(10, Token) is [{ Count: 2 } one] ? one : null, "both failed alike");

        (group.Pipeline, group.Step, group.Code).ShouldBe(("invite-by-stage", "invite", "input_invalid"));
    }

    [Fact]
    public async Task Quarantined_StillUndecodable_StaysAndOnceDecodableRuns()
    {
        await using Loop loop = await Loop.StartAsync();
        await loop.DeliverAsync("""{"action":"candidate_stage_change","payload":{}}"""u8.ToArray());
        EventSummary bad = (await loop.Store.Views.ListEventsAsync(new EventQuery("quarantined", null, 10), Token)).ShouldHaveSingleItem();

        (await loop.Get<StoredEvents>().DecodeAsync(bad.Id, Act(loop), Token)).Refusal
            .ShouldBe("connector 'greenhouse' still cannot decode it (subject_failed)");

        // As an earlier version of the connector left a body that the present one understands.
        byte[] body = Encoding.UTF8.GetBytes(StageChange);
        var earlier = new IncomingEvent("", "event:1", body, body, [], [], "subject_failed");
        AcceptedEvent kept = (await loop.Store.AcceptAsync(
            new Acceptance("greenhouse", "webhook", loop.Clock.GetUtcNow(), """{"Content-Type":["application/json"]}"""u8.ToArray(), [earlier]), Token))[0];
        Offer offer = await loop.Get<StoredEvents>().DecodeAsync(kept.Id, Act(loop), Token);

        offer.Runs.Count.ShouldBe(1);
        (await loop.Store.Views.FindEventAsync(offer.Events[0], Token))!.Event.DecodedFrom.ShouldBe(kept.Id);
        (await loop.InvitedAsync()).Email.ShouldBe("jane.doe@example.com");
        (await loop.Store.CountAsync(Token)).Events["quarantined"].ShouldBe(1);
        await HoldsAsync(loop);
    }

    [Fact]
    public async Task Unmatched_OfferedAgain_RunsOnlyWhenATriggerTakesIt()
    {
        await using Loop loop = await Loop.StartAsync();
        EventSummary ping = (await loop.Store.Views.ListEventsAsync(new EventQuery("unmatched", null, 10), Token)).ShouldHaveSingleItem();

        (await loop.Get<StoredEvents>().MatchAsync(ping, Act(loop), Token)).Refusal.ShouldBe($"no enabled pipeline is started by '{ping.Type}' of 'greenhouse'");

        byte[] body = Encoding.UTF8.GetBytes(StageChange);
        var untaken = new IncomingEvent("application.stage_changed", "application:1", body, body, [], [], null);
        AcceptedEvent kept = (await loop.Store.AcceptAsync(new Acceptance("greenhouse", "webhook", loop.Clock.GetUtcNow(), "{}"u8.ToArray(), [untaken]), Token))[0];
        Offer offer = await loop.Get<StoredEvents>().MatchAsync((await loop.Store.Views.FindEventAsync(kept.Id, Token))!.Event, Act(loop), Token);

        offer.Runs.Count.ShouldBe(1);
        await loop.InvitedAsync();
    }

    [Fact]
    public async Task Unmatched_OfATypeThatIsDescribedNow_IsDecodedAgain()
    {
        await using Loop loop = await Loop.StartAsync();
        byte[] body = Encoding.UTF8.GetBytes(StageChange);
        var earlier = new IncomingEvent("raw.candidate_stage_change", "event:1", body, body, [], [], null);
        AcceptedEvent kept = (await loop.Store.AcceptAsync(new Acceptance("greenhouse", "webhook", loop.Clock.GetUtcNow(), "{}"u8.ToArray(), [earlier]), Token))[0];

        Offer offer = await loop.Get<StoredEvents>().MatchAsync((await loop.Store.Views.FindEventAsync(kept.Id, Token))!.Event, Act(loop), Token);

        offer.Events.ShouldHaveSingleItem().ShouldNotBe(kept.Id);
        (await loop.InvitedAsync()).Email.ShouldBe("jane.doe@example.com");
        await HoldsAsync(loop);
    }

    private const string StageChange = """
        {"action":"candidate_stage_change","payload":{"application":{"id":987001,"status":"active","applied_at":"2026-11-01T09:00:00Z",
         "current_stage":{"id":405631001,"name":"Phone Screen"},"candidate":{"id":1,"first_name":"Jane","last_name":"Doe",
         "email_addresses":[{"value":"jane.doe@example.com","type":"personal"}],"phone_numbers":[]},"jobs":[{"id":4056310,"name":"Backend Engineer"}]}}}
        """;

    /// <summary>An invitation that was made, whose answer was lost, and whose key has expired before anybody could ask again.</summary>
    private static async Task<Loop> UnderReviewAsync(KeptLog? log = null)
    {
        Loop loop = await Loop.StartAsync(prepare: w => w.Overlay(environment => environment["connections"]!["aria"]!["settings"]!["creation"] = "keyed"));
        if (log is not null)
        {
            loop.Get<ILoggerFactory>().AddProvider(log);
        }
        loop.Aria.Faults.Add(new Fault { Kind = FaultKind.DropAfter, Method = "POST", PathPrefix = "/v1/interviews" });
        loop.ReachPhoneScreen();
        await Eventually.GetAsync(
            async () => (await loop.Store.CountAsync(default)).Effects.ContainsKey("unknown") ? "unknown" : null, "the outcome is unknown");
        loop.Pass(TimeSpan.FromHours(25));
        return loop;
    }

    private static async Task SucceededAsync(Loop loop, int count) => await Eventually.GetAsync(
        async () => (await loop.Store.CountAsync(default)).Runs.GetValueOrDefault("succeeded") == count ? "all" : null, $"{count} runs succeeded");

    private static int Changes(Loop loop) =>
        loop.Aria.Requests.Entries.Count(r => r.Method != "GET") + loop.Greenhouse.Requests.Entries.Count(r => r.Method is "PATCH" or "PUT" || (r.Method == "POST" && !r.Path.Contains("token", StringComparison.Ordinal)));

    private static async Task HoldsAsync(Loop loop) =>
        (await loop.Store.Inspection.InspectAsync(Token)).Where(f => !f.Holds).SelectMany(f => f.Violations).ShouldBeEmpty();

    private static OperatorAct Act(Loop loop) => new("olga", null, loop.Clock.GetUtcNow());
}
