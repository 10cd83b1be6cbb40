using Aria.Pipelines.Store;

namespace Aria.Pipelines.Tests.Store;

public abstract class WaitContract : StoreContract
{
    /// <summary>A clock that was ahead by hours has put a retry where nobody meant it.</summary>
    [Fact]
    public async Task Recall_RunsDueLaterThanAnyDelay_AreDueNowAndTheOthersWhenTheyWere()
    {
        await AcceptAsync(Event("application:1"));
        await AcceptAsync(Event("application:2"));
        await AcceptAsync(Event("application:3"));
        IReadOnlyList<RunLease> leases = await LeaseAsync(max: 3);
        await ReleaseAsync(leases[0], RunState.Ready, TimeSpan.FromHours(3));
        await ReleaseAsync(leases[1], RunState.Ready, TimeSpan.FromMinutes(30));
        await ParkAsync(leases[2], timeout: TimeSpan.FromDays(14));

        (await Store.RecallRunsAsync(Now + TimeSpan.FromHours(1), Stop)).ShouldBe(1);

        (await LeaseAsync(max: 3)).ShouldHaveSingleItem().RunId.ShouldBe(leases[0].RunId);
        (await Store.FindRunAsync(leases[1].RunId, Stop))!.Run.DueUtc.ShouldBe(Now + TimeSpan.FromMinutes(30));
        (await Store.RecallRunsAsync(Now + TimeSpan.FromHours(1), Stop)).ShouldBe(0);
    }

    [Fact]
    public async Task Park_WithoutEvent_WaitsUntilOneComes()
    {
        RunLease lease = await AcceptAndLeaseAsync();
        (await ParkAsync(lease)).ShouldBeNull();
        (await LeaseAsync()).ShouldBeEmpty();
        await KillAndReopenAsync();

        AcceptedEvent answer = await AcceptInterviewAsync("int_1");

        answer.State.ShouldBe("closed");
        WaitRecord wait = await ReadWaitAsync();
        wait.State.ShouldBe(WaitState.Matched);
        wait.DueUtc.ShouldBe(Now.AddDays(14));
        wait.Event!.Event.Id.ShouldBe(answer.Id);
        wait.Event.Event.Type.ShouldBe("interview.completed");
    }

    [Theory]
    [InlineData("int_2", "interview.completed", "aria")]
    [InlineData("int_1", "interview.started", "aria")]
    [InlineData("int_1", "interview.completed", "other")]
    public async Task Park_EventOfAnotherKeyTypeOrConnection_GoesOnWaiting(string interview, string type, string connection)
    {
        await ParkAsync(await AcceptAndLeaseAsync());

        AcceptedEvent stray = await AcceptAsync(
            Event("interview", type, correlation: Keys(("interview_id", interview)), pipelines: []), connection);

        stray.State.ShouldBe("unmatched");
        (await LeaseAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task Park_EventCameBefore_IsTakenWithTheLeaseKept()
    {
        RunLease lease = await AcceptAndLeaseAsync();
        AcceptedEvent first = await AcceptInterviewAsync("int_1");
        await AcceptInterviewAsync("int_1", "interview.no_show");

        MatchedEvent? match = await ParkAsync(lease);

        match.ShouldNotBeNull().Event.Id.ShouldBe(first.Id);
        await Store.SaveStepAsync(lease, Step("wait"), Stop);
        (await Store.ReadRunAsync(lease, Stop)).Waits.ShouldHaveSingleItem().Event!.Event.Id.ShouldBe(first.Id);
        (await Store.CountAsync(Stop)).Events.ShouldBe(
            new Dictionary<string, long> { ["open"] = 1, ["closed"] = 1, ["unmatched"] = 1 }, ignoreOrder: true);
    }

    [Fact]
    public async Task Park_EventOlderThanTheRunsOwn_IsNotTaken()
    {
        await AcceptInterviewAsync("int_1");

        (await ParkAsync(await AcceptAndLeaseAsync())).ShouldBeNull();
    }

    [Fact]
    public async Task Park_SeveralKeys_AllMustBeEqual()
    {
        RunLease before = await AcceptAndLeaseAsync("application:1");
        RunLease after = await AcceptAndLeaseAsync("application:2");
        WaitPlan both = WaitFor("int_1", Now.AddDays(1)) with { Match = Keys(("interview_id", "int_1"), ("attempt", "2")) };
        IncomingEvent one = Event("i", "interview.completed", correlation: Keys(("attempt", "2")), pipelines: []);
        IncomingEvent all = Event("i", "interview.completed", correlation: Keys(("attempt", "2"), ("interview_id", "int_1"), ("kit", "k")), pipelines: []);

        (await Store.ParkAsync(before, both, Stop)).ShouldBeNull();
        (await AcceptAsync(one, "aria")).State.ShouldBe("unmatched");
        (await AcceptAsync(all, "aria")).State.ShouldBe("closed");
        (await Store.ParkAsync(after, both, Stop)).ShouldNotBeNull().Event.Sequence.ShouldBe(4);
    }

    [Fact]
    public async Task Park_WithoutKeys_IsRefused()
    {
        RunLease lease = await AcceptAndLeaseAsync();

        var refusal = await Should.ThrowAsync<ArgumentException>(Store.ParkAsync(lease, WaitFor("int_1", Now) with { Match = [] }, Stop));

        refusal.Message.ShouldStartWith($"Wait 'wait' of run {lease.RunId} has no keys to match: it would take any event.");
    }

    [Fact]
    public async Task Event_SeveralWaits_EndsThemAll()
    {
        await ParkAsync(await AcceptAndLeaseAsync("application:1"));
        await ParkAsync(await AcceptAndLeaseAsync("application:2"));

        await AcceptInterviewAsync("int_1");

        (await LeaseAsync()).Count.ShouldBe(2);
    }

    [Fact]
    public async Task Event_ThatAlsoStartsARun_StaysOpen()
    {
        await ParkAsync(await AcceptAndLeaseAsync());

        AcceptedEvent answer = await AcceptAsync(
            Event("interview:int_1", "interview.completed", correlation: Keys(("interview_id", "int_1"))), "aria");

        answer.State.ShouldBe("open");
        (await LeaseAsync()).Count.ShouldBe(2);
    }

    [Fact]
    public async Task Deadline_Passed_TimesTheWaitOut()
    {
        await ParkAsync(await AcceptAndLeaseAsync(), timeout: TimeSpan.FromDays(14));
        Time.Advance(TimeSpan.FromDays(14) - TimeSpan.FromMilliseconds(1));
        (await LeaseAsync()).ShouldBeEmpty();
        Time.Advance(TimeSpan.FromMilliseconds(1));

        WaitRecord wait = await ReadWaitAsync();

        wait.State.ShouldBe(WaitState.TimedOut);
        wait.Event.ShouldBeNull();
        (await AcceptInterviewAsync("int_1")).State.ShouldBe("unmatched");
    }

    [Fact]
    public async Task DeadlineAndEvent_AtTheSameMoment_OnlyOneWins()
    {
        const int Runs = 40;
        for (int i = 0; i < Runs; i++)
        {
            await ParkAsync(await AcceptAndLeaseAsync($"application:{i}"), $"int_{i}", TimeSpan.FromSeconds(1));
        }
        Time.Advance(TimeSpan.FromSeconds(1));

        Task<AcceptedEvent>[] answers = [.. Enumerable.Range(0, Runs / 2).Select(i => AcceptInterviewAsync($"int_{i}"))];
        Task<IReadOnlyList<RunLease>> timeouts = LeaseAsync(Runs);
        AcceptedEvent[] late = await Task.WhenAll(Enumerable.Range(Runs / 2, Runs / 2).Select(i => AcceptInterviewAsync($"int_{i}")));
        AcceptedEvent[] accepted = [.. await Task.WhenAll(answers), .. late];

        IReadOnlyList<RunLease> leases = [.. await timeouts, .. await LeaseAsync(Runs)];
        leases.Select(lease => lease.RunId).Distinct().Count().ShouldBe(Runs);
        RunSnapshot[] runs = await Task.WhenAll(leases.Select(lease => Store.ReadRunAsync(lease, Stop)));
        runs.Count(run => run.Waits.Single().State == WaitState.Matched).ShouldBe(accepted.Count(e => e.State == "closed"));
        runs.Count(run => run.Waits.Single().State == WaitState.TimedOut).ShouldBe(accepted.Count(e => e.State == "unmatched"));
    }

    private async Task<WaitRecord> ReadWaitAsync() =>
        (await Store.ReadRunAsync(await LeaseOneAsync(), Stop)).Waits.ShouldHaveSingleItem();

    [Fact]
    public async Task Park_SamePathTwice_IsRefusedInWords()
    {
        await AcceptAsync(Event("application:1"));
        RunLease lease = await LeaseOneAsync();
        await AcceptInterviewAsync("int_1");
        (await ParkAsync(lease)).ShouldNotBeNull();

        (await Should.ThrowAsync<InvalidOperationException>(ParkAsync(lease))).Message
            .ShouldBe($"Run {lease.RunId} has a wait 'wait' (iteration 0) already: it cannot be parked there a second time.");
    }
}
