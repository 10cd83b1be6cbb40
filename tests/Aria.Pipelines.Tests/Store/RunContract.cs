using System.Security.Cryptography;
using Aria.Pipelines.Privacy;
using Aria.Pipelines.Store;

namespace Aria.Pipelines.Tests.Store;

public abstract class RunContract : StoreContract
{
    [Fact]
    public async Task Lease_ReadyRun_IsGivenOnceWithANewFence()
    {
        await AcceptAsync(Event());

        RunLease lease = await LeaseOneAsync();

        lease.Fence.ShouldBe(1);
        lease.Pipeline.ShouldBe("invite");
        lease.DefinitionHash.ShouldBe("hash-of-invite");
        lease.Until.ShouldBe(Now + LeaseTime);
        (await LeaseAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task Lease_MoreThanMax_GivesTheOldestFirst()
    {
        for (int i = 0; i < 5; i++)
        {
            await AcceptAsync(Event($"application:{i}"));
        }

        IReadOnlyList<RunLease> first = await LeaseAsync(max: 3);
        IReadOnlyList<RunLease> second = await LeaseAsync(max: 3);

        first.Concat(second).Select(lease => lease.EventSequence).ShouldBe([1, 2, 3, 4, 5]);
    }

    [Fact]
    public async Task Lease_ThatComesWithItsRun_SaysWhatReadingItSays()
    {
        await AcceptAsync(Event(body: """{"stage":"Offer"}"""));
        RunLease first = await LeaseOneAsync();
        RunSnapshot read = await Store.ReadRunAsync(first, Stop);

        if (first.Snapshot is { } given)
        {
            given.Event.Body.ShouldBe(read.Event.Body);
            given.Event.ShouldBe(read.Event with { Body = given.Event.Body });
            (given.Replay, given.Attempts, given.Crashes, given.Steps.Count, given.Effects.Count, given.Waits.Count)
                .ShouldBe((read.Replay, read.Attempts, read.Crashes, read.Steps.Count, read.Effects.Count, read.Waits.Count));
        }
        await ReleaseAsync(first, RunState.Ready);
        (await LeaseOneAsync()).Snapshot.ShouldBeNull();
    }

    [Fact]
    public async Task Lease_OfARunThatIsHeld_DoesNotEndWithItsTime()
    {
        RunLease held = await AcceptAndLeaseAsync();
        Time.AdjustTime(Now + TimeSpan.FromDays(1));

        (await Store.LeaseRunsAsync(Worker, Now, LeaseTime, 10, [held.RunId], Stop)).ShouldBeEmpty();
        await ReleaseAsync(held, RunState.Ready);

        (await LeaseOneAsync()).RunId.ShouldBe(held.RunId);
    }

    [Fact]
    public async Task Lease_Expired_IsGivenToAnotherAndTheOldFenceIsRefused()
    {
        RunLease old = await AcceptAndLeaseAsync();
        Time.Advance(LeaseTime);

        RunLease lease = await LeaseOneAsync();

        lease.RunId.ShouldBe(old.RunId);
        lease.Fence.ShouldBe(old.Fence + 1);
        await ShouldBeLostAsync(old);
        await Store.SaveStepAsync(lease, Step("invite"), Stop);
    }

    [Fact]
    public async Task Lease_RunsThatWereUnderWayWhenTheHostEnded_AreTriedOneAtATime()
    {
        for (int i = 0; i < 3; i++)
        {
            await AcceptAsync(Event($"application:{i}"));
        }
        (await LeaseAsync()).Count.ShouldBe(3);
        await AcceptAsync(Event("application:9"));
        await KillAndReopenAsync();
        (await Store.NextDueAsync(Stop)).ShouldBe(Now);

        IReadOnlyList<RunLease> leases = await LeaseAsync();
        leases.Select(l => l.EventSequence).ShouldBe([1, 4], ignoreOrder: true, "one suspect, and what was not under way");
        (await LeaseAsync()).ShouldBeEmpty();
        RunLease suspect = leases.Single(l => l.EventSequence == 1);
        (await Store.ReadRunAsync(suspect, Stop)).Crashes.ShouldBe(1);
        (await Store.NextDueAsync(Stop)).ShouldBe(suspect.Until, "nothing can begin before the suspect at work has ended");
        await ReleaseAsync(leases.Single(l => l.EventSequence == 4), RunState.Succeeded);
        Time.Advance(LeaseTime);

        // The second end was while only the first of them was at work, so it alone is counted again.
        (await LeaseAsync()).Select(l => l.EventSequence).ShouldBe([1]);
        suspect = suspect with { Fence = suspect.Fence + 1 };
        (await Store.ReadRunAsync(suspect, Stop)).Crashes.ShouldBe(2);
        await ReleaseAsync(suspect, RunState.Dead);
        RunLease next = await LeaseOneAsync();
        next.EventSequence.ShouldBe(2);
        (await Store.ReadRunAsync(next, Stop)).Crashes.ShouldBe(1);
        await Store.SaveStepAsync(next, Step("invite"), Stop);

        (await LeaseOneAsync()).EventSequence.ShouldBe(3, "progress clears the suspicion");
    }

    [Fact]
    public async Task Lease_RunThatTwoEndsOfTheHostMet_IsTriedWithNothingBesideIt()
    {
        await AcceptAsync(Event("application:1"));
        await LeaseOneAsync();
        Time.Advance(LeaseTime);
        await AcceptAsync(Event("application:2"));
        (await LeaseAsync()).Count.ShouldBe(2);
        Time.Advance(LeaseTime);
        await AcceptAsync(Event("application:3"));

        RunLease alone = await LeaseOneAsync();
        alone.EventSequence.ShouldBe(1);
        (await Store.ReadRunAsync(alone, Stop)).Crashes.ShouldBe(2);
        (await LeaseAsync()).ShouldBeEmpty("an end now must not be counted for another run");
        (await Store.NextDueAsync(Stop)).ShouldBe(alone.Until);

        await Store.SaveStepAsync(alone, Step("invite"), Stop);
        (await Store.NextDueAsync(Stop)).ShouldBe(Now);
        (await LeaseAsync()).Select(l => l.EventSequence).ShouldBe([2, 3], ignoreOrder: true, "progress clears the suspicion");
    }

    [Fact]
    public async Task Lease_Released_RefusesEveryCommitOfTheFormerOwner()
    {
        RunLease lease = await AcceptAndLeaseAsync();
        await ReleaseAsync(lease, RunState.Ready, TimeSpan.FromMinutes(5));

        await ShouldBeLostAsync(lease);
    }

    [Fact]
    public async Task Lease_LostInTheMiddleOfABatch_TakesNothingFromOthers()
    {
        RunLease lost = await AcceptAndLeaseAsync("application:1");
        RunLease held = await AcceptAndLeaseAsync("application:2");
        await ReleaseAsync(lost, RunState.Succeeded);

        Task[] work = [.. Enumerable.Range(0, 40).Select(i => Store.SaveStepAsync(i % 2 == 0 ? lost : held, Step($"step{i}"), Stop))];

        await Should.ThrowAsync<LeaseLostException>(Task.WhenAll(work));
        work.Count(task => task.IsFaulted).ShouldBe(20);
        (await Store.ReadRunAsync(held, Stop)).Steps.Count.ShouldBe(20);
    }

    [Fact]
    public async Task Steps_SavedAgain_ReplaceTheRowOfTheirPath()
    {
        RunLease lease = await AcceptAndLeaseAsync();
        await Store.SaveStepAsync(lease, Step("invite", StepState.Started, output: null), Stop);
        await Store.SaveStepAsync(lease, Step("invite"), Stop);
        await Store.SaveStepAsync(lease, Step("invite") with { Iteration = 1 }, Stop);

        await KillAndReopenAsync();

        RunSnapshot run = await Store.ReadRunAsync(await LeaseOneAsync(), Stop);
        run.Steps.Select(step => (step.Path, step.Iteration, step.State)).ShouldBe([("invite", 0, StepState.Succeeded), ("invite", 1, StepState.Succeeded)]);
        run.Steps[0].Output.ShouldBe("""{"ok":true}"""u8.ToArray());
        run.Steps[0].StartedUtc.ShouldBe(Now);
    }

    [Fact]
    public async Task Order_RetryDelay_KeepsTheTurnOfTheSubject()
    {
        RunLease first = await AcceptAndLeaseAsync();
        await AcceptAsync(Event());
        await AcceptAsync(Event("application:200"));
        await ReleaseAsync(first, RunState.Ready, TimeSpan.FromMinutes(5));

        RunLease other = await LeaseOneAsync();
        other.EventSequence.ShouldBe(3);

        Time.Advance(TimeSpan.FromMinutes(5));
        (await LeaseAsync()).Select(lease => lease.EventSequence).ShouldContain(1);
    }

    [Fact]
    public async Task Order_SeveralReadyRunsOfOneSubject_AreGivenOneAfterTheOther()
    {
        for (int i = 0; i < 3; i++)
        {
            await AcceptAsync(Event(pipelines: ["a", "b"]));
        }

        List<(long, string)> order = [];
        while (await LeaseAsync() is [RunLease lease])
        {
            order.Add((lease.EventSequence, lease.Pipeline));
            await ReleaseAsync(lease, RunState.Succeeded);
        }

        order.ShouldBe([(1, "a"), (1, "b"), (2, "a"), (2, "b"), (3, "a"), (3, "b")]);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Order_WaitOrReview_GivesUpTheTurn(bool waits)
    {
        RunLease first = await AcceptAndLeaseAsync();
        await AcceptAsync(Event());
        (await LeaseAsync()).ShouldBeEmpty();

        await (waits ? ParkAsync(first) : ReleaseAsync(first, RunState.NeedsReview, code: "outcome_unknown"));

        (await LeaseOneAsync()).EventSequence.ShouldBe(2);
    }

    [Fact]
    public async Task Order_ResumedRun_RejoinsAtItsPlaceButNeverBesideALeasedOne()
    {
        RunLease first = await AcceptAndLeaseAsync();
        await ParkAsync(first);
        await AcceptAsync(Event());
        await AcceptAsync(Event());
        RunLease second = await LeaseOneAsync();
        await AcceptInterviewAsync("int_1");

        (await LeaseAsync()).ShouldBeEmpty();

        await ReleaseAsync(second, RunState.Succeeded);
        RunLease resumed = await LeaseOneAsync();
        resumed.RunId.ShouldBe(first.RunId);
        await ReleaseAsync(resumed, RunState.Succeeded);
        (await LeaseOneAsync()).EventSequence.ShouldBe(3);
    }

    [Fact]
    public async Task Order_EventsWithoutSubject_DoNotWaitForEachOther()
    {
        await AcceptAsync(Event(subject: string.Empty));
        await AcceptAsync(Event(subject: string.Empty));

        (await LeaseAsync()).Count.ShouldBe(2);
    }

    [Fact]
    public async Task Release_LastOpenRun_ClosesTheEvent()
    {
        await AcceptAsync(Event(pipelines: ["a", "b"]));
        await ReleaseAsync(await LeaseOneAsync(), RunState.NeedsReview);
        await ReleaseAsync(await LeaseOneAsync(), RunState.Skipped, code: "once");
        (await Store.CountAsync(Stop)).Events.ShouldBe(new Dictionary<string, long> { ["open"] = 1 });

        await AcceptAsync(Event("application:2"));
        await ReleaseAsync(await LeaseOneAsync(), RunState.Dead, code: "rejected");

        StoreCounts counts = await Store.CountAsync(Stop);
        counts.Events.ShouldBe(new Dictionary<string, long> { ["open"] = 1, ["closed"] = 1 }, ignoreOrder: true);
        counts.Runs.ShouldBe(new Dictionary<string, long> { ["needs_review"] = 1, ["skipped"] = 1, ["dead"] = 1 }, ignoreOrder: true);
    }

    [Fact]
    public async Task Release_FailedTry_CountsAndKeepsItsFinding()
    {
        RunLease lease = await AcceptAndLeaseAsync();
        var transition = new RunTransition(RunState.Ready, Now + TimeSpan.FromSeconds(30), "http_503", "{\"why\":1}"u8.ToArray(), Now, CountsAsAttempt: true);
        await Store.ReleaseAsync(lease, transition, Stop);

        RunDetail detail = (await Store.FindRunAsync(lease.RunId, Stop)).ShouldNotBeNull();
        detail.Run.Code.ShouldBe("http_503");
        detail.Run.DueUtc.ShouldBe(Now + TimeSpan.FromSeconds(30));
        detail.Diagnostic.ShouldBe("{\"why\":1}"u8.ToArray());
        Time.Advance(TimeSpan.FromSeconds(30));
        (await Store.ReadRunAsync(await LeaseOneAsync(), Stop)).Attempts.ShouldBe(1);
        detail = (await Store.FindRunAsync(lease.RunId, Stop)).ShouldNotBeNull();
        (detail.Run.Code, detail.Diagnostic).ShouldBe((null, null), "it goes on");
    }

    [Theory]
    [InlineData("leased")]
    [InlineData("waiting")]
    public async Task Release_AsLeasedOrWaiting_IsRefused(string state)
    {
        RunLease lease = await AcceptAndLeaseAsync();

        var refusal = await Should.ThrowAsync<ArgumentException>(ReleaseAsync(lease, StateNames.Parse<RunState>(state)));

        refusal.Message.ShouldStartWith($"Run {lease.RunId} cannot be released as {state}: parking makes it wait.");
    }

    [Fact]
    public async Task NextDue_TellsTheNearestOfRetryDeadlineAndLease()
    {
        (await Store.NextDueAsync(Stop)).ShouldBeNull();
        await AcceptAsync(Event());
        (await Store.NextDueAsync(Stop)).ShouldBe(Now);
        RunLease first = await LeaseOneAsync();
        (await Store.NextDueAsync(Stop)).ShouldBe(Now + LeaseTime);
        await ParkAsync(first, timeout: TimeSpan.FromHours(2));
        (await Store.NextDueAsync(Stop)).ShouldBe(Now + TimeSpan.FromHours(2));
        await ReleaseAsync(await AcceptAndLeaseAsync(), RunState.Ready, TimeSpan.FromHours(1));
        (await Store.NextDueAsync(Stop)).ShouldBe(Now + TimeSpan.FromHours(1));
    }

    [Fact]
    public async Task List_ByPipelineAndState_GivesTheNewestFirst()
    {
        await AcceptAsync(Event("a:1", pipelines: ["a"]));
        await AcceptAsync(Event("a:2", pipelines: ["b"]));
        await AcceptAsync(Event("a:3", pipelines: ["a"]));
        await ReleaseAsync((await LeaseAsync(max: 1))[0], RunState.Succeeded);

        (await Store.ListRunsAsync(new RunQuery(Pipeline: null, State: null, 2), Stop)).Select(run => run.Pipeline).ShouldBe(["a", "b"]);
        (await Store.ListRunsAsync(new RunQuery("a", RunState.Ready, 10), Stop)).ShouldHaveSingleItem().EventType.ShouldBe("application.stage_changed");
        (await Store.ListRunsAsync(new RunQuery("b", RunState.Dead, 10), Stop)).ShouldBeEmpty();
        (await Store.FindRunAsync("01ARZ3NDEKTSV4RRFFQ69G5FAV", Stop)).ShouldBeNull();
    }

    [Fact]
    public async Task List_AboutSubjects_GivesTheirRunsWithTheLatestOfEach()
    {
        await AcceptAsync(Event("application:1"));
        await AcceptAsync(Event("application:2"));
        await AcceptAsync(Event("application:1"));
        RunLease first = (await LeaseAsync(max: 1))[0];
        await ReleaseAsync(first, RunState.Dead, code: "rejected");
        string again = (await Store.Acts.ReplayAsync([new ReplayOrder(first.RunId, "h", Force: false)], new OperatorAct("olga", null, Now), Stop))[0].RunId!;
        var one = new RunQuery(Pipeline: null, State: null, 10) { Subjects = [("greenhouse", "application:1"), ("greenhouse", "job:1")] };

        IReadOnlyList<RunSummary> about = await Store.ListRunsAsync(one, Stop);

        about.Select(run => (run.Subject, run.Replay, run.ReplayedAs)).ShouldBe([("application:1", 1, null), ("application:1", 0, null), ("application:1", 0, again)]);
        (await Store.ListRunsAsync(one with { State = RunState.Dead }, Stop)).ShouldHaveSingleItem().Id.ShouldBe(first.RunId);
        (await Store.ListRunsAsync(one with { Max = 1 }, Stop)).ShouldHaveSingleItem().Id.ShouldBe(again);
        (await Store.ListRunsAsync(one with { Subjects = [("elsewhere", "application:1")] }, Stop)).ShouldBeEmpty();
        (await Store.ListRunsAsync(one with { Subjects = [] }, Stop)).ShouldBeEmpty();
        (await Store.ListRunsAsync(one with { Subjects = null }, Stop)).Count.ShouldBe(4);
    }

    [Fact]
    public async Task Definition_Saved_IsReadByItsHash()
    {
        byte[] bundle = "bundle"u8.ToArray();
        string hash = Convert.ToHexStringLower(SHA256.HashData(bundle));
        await Store.SaveDefinitionAsync(hash, "invite", bundle, Stop);
        await Store.SaveDefinitionAsync(hash, "invite", bundle, Stop);

        (await Store.ReadDefinitionAsync(hash, Stop)).ShouldBe(bundle);
        (await Store.ReadDefinitionAsync(hash[1..], Stop)).ShouldBeNull();
    }

    [Fact]
    public async Task Definition_IsNotWhatItsHashSays_IsNotServed()
    {
        string hash = Convert.ToHexStringLower(SHA256.HashData("bundle"u8));
        await Store.SaveDefinitionAsync(hash, "invite", "bungle"u8.ToArray(), Stop);

        (await Should.ThrowAsync<ContentIntegrityException>(Store.ReadDefinitionAsync(hash, Stop))).Message.ShouldBe(
            $"Stored content 'definition|{hash}|bundle' fails its integrity check: the data file was damaged or changed. Restore it from a backup.");
    }

    private async Task ShouldBeLostAsync(RunLease lease)
    {
        Task[] commits =
        [
            Store.ReadRunAsync(lease, Stop),
            Store.SaveStepAsync(lease, Step("invite"), Stop),
            Store.PlanEffectAsync(lease, Effect(), Stop),
            Store.BeginAttemptAsync(lease, "none", "send", Now, Stop),
            Store.EndAttemptAsync(
                lease, new AttemptResult("none", 1, EffectState.Confirmed, "confirmed", 200, TimeSpan.Zero, null, null, null, null, Now), step: null, Stop),
            ParkAsync(lease),
            ReleaseAsync(lease, RunState.Succeeded),
            Store.ClaimOnceAsync(lease, "interview", "k", Now, Now.AddDays(1), Stop),
        ];
        foreach (Task commit in commits)
        {
            (await Should.ThrowAsync<LeaseLostException>(commit)).Message.ShouldBe($"The lease of run {lease.RunId} is lost.");
        }
    }
}
