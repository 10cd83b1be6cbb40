using System.Text;
using Aria.Pipelines.Store;

namespace Aria.Pipelines.Tests.Store;

public abstract class AcceptContract : StoreContract
{
    [Fact]
    public async Task Accept_NewEvent_IsOpenWithAReadyRun()
    {
        AcceptedEvent accepted = await AcceptAsync(Event());

        accepted.IsDuplicate.ShouldBeFalse();
        accepted.State.ShouldBe("open");
        accepted.Id.Length.ShouldBe(26);
        accepted.RunIds.ShouldHaveSingleItem();
        RunSummary run = (await Store.ListRunsAsync(new RunQuery(Pipeline: null, State: null, 10), Stop)).ShouldHaveSingleItem();
        run.State.ShouldBe(RunState.Ready);
        run.EventId.ShouldBe(accepted.Id);
        run.DueUtc.ShouldBeNull();
    }

    [Fact]
    public async Task Accept_SeveralEvents_KeepsTheirOrder()
    {
        var delivery = new Acceptance("greenhouse", "poll", Now, "{}"u8.ToArray(), [Event("a:1"), Event("a:2"), Event("a:3")]);

        IReadOnlyList<AcceptedEvent> accepted = await Store.AcceptAsync(delivery, Stop);

        accepted.Select(e => e.Sequence).ShouldBeInOrder(SortDirection.Ascending);
        (await LeaseAsync()).Select(lease => lease.EventSequence).ShouldBe(accepted.Select(e => e.Sequence));
    }

    [Fact]
    public async Task Accept_SameKeyAgain_ReturnsTheFirstEventAndCountsIt()
    {
        AcceptedEvent first = await AcceptAsync(Event(key: "k"));

        AcceptedEvent second = await AcceptAsync(Event(key: "k"));

        second.ShouldBe(new AcceptedEvent(first.Id, first.Sequence, IsDuplicate: true, "open", second.RunIds));
        second.RunIds.ShouldBeEmpty();
        StoreCounts counts = await Store.CountAsync(Stop);
        counts.DuplicateDeliveries.ShouldBe(1);
        counts.Events.ShouldBe(new Dictionary<string, long> { ["open"] = 1 });
        counts.Runs.ShouldBe(new Dictionary<string, long> { ["ready"] = 1 });
    }

    [Fact]
    public async Task Accept_SameKeyTwiceInOneDelivery_IsOneEvent()
    {
        var delivery = new Acceptance("greenhouse", "webhook", Now, "{}"u8.ToArray(), [Event(key: "k"), Event(key: "k")]);

        IReadOnlyList<AcceptedEvent> accepted = await Store.AcceptAsync(delivery, Stop);

        accepted.Select(e => e.IsDuplicate).ShouldBe([false, true]);
        accepted[1].Id.ShouldBe(accepted[0].Id);
    }

    [Fact]
    public async Task Accept_SameKeyOfAnotherConnection_IsAnotherEvent()
    {
        await AcceptAsync(Event(key: "k"), "greenhouse");

        (await AcceptAsync(Event(key: "k"), "lever")).IsDuplicate.ShouldBeFalse();
    }

    [Theory]
    [InlineData(30, true)]
    [InlineData(31, false)]
    public async Task Accept_SameKeyAfterDays_IsDuplicateOnlyWithin30(int days, bool isDuplicate)
    {
        AcceptedEvent first = await AcceptAsync(Event(key: "k"));
        Time.Advance(TimeSpan.FromDays(days));

        AcceptedEvent second = await AcceptAsync(Event(key: "k"));

        second.IsDuplicate.ShouldBe(isDuplicate);
        (second.Id == first.Id).ShouldBe(isDuplicate);
        (await AcceptAsync(Event(key: "k"))).Id.ShouldBe(second.Id);
    }

    [Fact]
    public async Task Accept_OneKeyInParallel_MakesOneEvent()
    {
        AcceptedEvent[] accepted = await Task.WhenAll(Enumerable.Range(0, 100).Select(_ => AcceptAsync(Event(key: "k"))));

        accepted.Count(e => !e.IsDuplicate).ShouldBe(1);
        accepted.Select(e => e.Id).Distinct().ShouldHaveSingleItem();
        StoreCounts counts = await Store.CountAsync(Stop);
        counts.Events["open"].ShouldBe(1);
        counts.DuplicateDeliveries.ShouldBe(99);
    }

    [Fact]
    public async Task Accept_UndecodableEvent_IsQuarantinedWithoutRuns()
    {
        IncomingEvent bad = Event(type: string.Empty, pipelines: []) with { QuarantineCode = "invalid_json" };

        (await AcceptAsync(bad)).State.ShouldBe("quarantined");

        (await Store.CountAsync(Stop)).Events.ShouldBe(new Dictionary<string, long> { ["quarantined"] = 1 });
    }

    [Fact]
    public async Task Accept_EventThatNothingTakes_IsUnmatched()
    {
        (await AcceptInterviewAsync("int_9")).State.ShouldBe("unmatched");

        (await LeaseAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task Accept_DeliveryWithoutEvents_IsAccepted() =>
        (await Store.AcceptAsync(new Acceptance("greenhouse", "webhook", Now, "{}"u8.ToArray(), []), Stop)).ShouldBeEmpty();

    [Fact]
    public async Task Accept_ThenKilled_KeepsEverything()
    {
        AcceptedEvent accepted = await AcceptAsync(Event(body: """{"name":"Zoë"}"""));

        await KillAndReopenAsync();

        RunLease lease = await LeaseOneAsync();
        RunSnapshot run = await Store.ReadRunAsync(lease, Stop);
        run.Event.ShouldBe(new StoredEvent(accepted.Id, accepted.Sequence, "greenhouse", "application.stage_changed", "application:100", run.Event.Body, Now));
        Encoding.UTF8.GetString(run.Event.Body).ShouldBe("""{"name":"Zoë"}""");
        (await AcceptAsync(Event(key: "key-1"))).Id.ShouldBe(accepted.Id);
    }

    [Fact]
    public async Task Accept_AnotherBodyUnderTheSameId_IsKeptAsQuarantinedAndKnownWhenItComesAgain()
    {
        AcceptedEvent first = await AcceptAsync(Event(key: "evt-1", body: """{"n":1}""") with { KeyIsId = true });
        IncomingEvent other = Event(key: "evt-1", body: """{"n":2}""", correlation: Keys(("interview_id", "int_1"))) with { KeyIsId = true };

        AcceptedEvent conflict = await AcceptAsync(other);
        AcceptedEvent again = await AcceptAsync(other);
        AcceptedEvent same = await AcceptAsync(Event(key: "evt-1", body: """{"n":1}""") with { KeyIsId = true });

        (conflict.IsDuplicate, conflict.State, conflict.Code, conflict.RunIds.Count).ShouldBe((false, "quarantined", "id_conflict", 0));
        (again.IsDuplicate, again.Id).ShouldBe((true, conflict.Id));
        (same.IsDuplicate, same.Id).ShouldBe((true, first.Id));
        EventDetail kept = (await Store.Views.FindEventAsync(conflict.Id, Stop))!;
        (kept.Event.Code, System.Text.Encoding.UTF8.GetString(kept.Body)).ShouldBe(("id_conflict", """{"n":2}"""));
    }

    [Fact]
    public async Task Accept_AnotherBodyUnderTheSameContentKey_IsADuplicate()
    {
        AcceptedEvent first = await AcceptAsync(Event(key: "content", body: """{"n":1}"""));

        (await AcceptAsync(Event(key: "content", body: """{"n":2}"""))).Id.ShouldBe(first.Id);
    }

    [Fact]
    public async Task Accept_AfterTheWindow_IsMarkedAsLateReplayAndRuns()
    {
        await AcceptAsync(Event(key: "k"));
        Time.Advance(TimeSpan.FromDays(31));

        AcceptedEvent late = await AcceptAsync(Event(key: "k"));

        (late.IsDuplicate, late.State, late.RunIds.Count).ShouldBe((false, "open", 1));
        (await Store.Views.FindEventAsync(late.Id, Stop))!.Event.Code.ShouldBe("late_replay");
    }
}
