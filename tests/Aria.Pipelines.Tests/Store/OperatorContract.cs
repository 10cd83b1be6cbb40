using Aria.Pipelines.Store;

namespace Aria.Pipelines.Tests.Store;

/// <summary>What operators may do with the record.</summary>
public abstract class OperatorContract : StoreContract
{
    private OperatorAct Act => new("olga", "asked by the client", Now);

    [Fact]
    public async Task Decide_Done_ConfirmsAndTheRunGoesOnAtItsPlace()
    {
        (RunLease lease, EffectRecord effect) = await ReviewAsync();
        await AcceptAsync(Event());
        (await LeaseOneAsync()).RunId.ShouldNotBe(lease.RunId, "a run under review gives up the turn");

        EffectDecided decided = await Store.Acts.DecideAsync(new EffectDecision(effect.Id, SendAgain: false, "{\"id\":7}"u8.ToArray()), Act, Stop);

        decided.ShouldBe(new EffectDecided(effect.Id, lease.RunId));
        await KillAndReopenAsync();
        (await LeaseAsync()).ShouldHaveSingleItem().RunId.ShouldBe(lease.RunId, "its event came first");
        RunDetail run = (await Store.FindRunAsync(lease.RunId, Stop))!;
        EffectRecord done = run.Effects.ShouldHaveSingleItem();
        (done.State, done.Code, done.Force).ShouldBe((EffectState.Confirmed, "marked_done", 0));
        done.Output.ShouldBe("{\"id\":7}"u8.ToArray());
        run.Attempts.Select(a => $"{a.Phase} {a.Outcome}").ShouldBe(["send unknown", "operator marked_done"]);
        (await ActsAsync()).ShouldBe(["effect.done"]);
    }

    [Fact]
    public async Task Decide_SendAgain_PutsTheSameBytesUnderTheNextNumber()
    {
        (RunLease lease, EffectRecord effect) = await ReviewAsync();

        EffectDecided decided = await Store.Acts.DecideAsync(new EffectDecision(effect.Id, SendAgain: true, null), Act, Stop);

        RunLease again = await LeaseOneAsync();
        again.RunId.ShouldBe(lease.RunId);
        IReadOnlyList<EffectRecord> effects = (await Store.ReadRunAsync(again, Stop)).Effects;
        effects.Select(e => (e.State, e.Force, e.Code)).ShouldBe([(EffectState.Superseded, 0, "needs_review"), (EffectState.Planned, 1, null)]);
        effects[1].Id.ShouldBe(decided.EffectId);
        effects[1].Request.ShouldBe(effect.Request);
        effects[1].IdempotencyKey.ShouldBe(effect.IdempotencyKey);
        (await Store.PlanEffectAsync(again, Effect(), Stop)).Id.ShouldBe(decided.EffectId);
        (await BeginAsync(again, effects[1])).ShouldBe(1);
    }

    [Fact]
    public async Task Decide_DoneAgainWithAnotherAnswer_CorrectsItAndARunThatEndedStaysAsItIs()
    {
        (RunLease lease, EffectRecord effect) = await ReviewAsync();
        var done = new EffectDecision(effect.Id, SendAgain: false, null);
        await Store.Acts.DecideAsync(done, Act, Stop);
        (await Should.ThrowAsync<OperatorRefusedException>(Store.Acts.DecideAsync(done with { Output = "{}"u8.ToArray() }, Act, Stop))).Message
            .ShouldBe($"Run '{lease.RunId}' goes on with the former answer of effect '{effect.Id}' at this moment. Correct it when the run waits or has ended.");
        await ReleaseAsync(await LeaseOneAsync(), RunState.Dead, code: "template_error");
        (await Should.ThrowAsync<OperatorRefusedException>(Store.Acts.DecideAsync(done, Act, Stop))).Message
            .ShouldBe($"Effect '{effect.Id}' is confirmed: only an effect that needs a review can be decided.");

        EffectDecided corrected = await Store.Acts.DecideAsync(done with { Output = "{\"id\":7}"u8.ToArray() }, Act, Stop);

        corrected.ShouldBe(new EffectDecided(effect.Id, null, IsCorrection: true));
        await KillAndReopenAsync();
        RunDetail run = (await Store.FindRunAsync(lease.RunId, Stop))!;
        run.Run.State.ShouldBe(RunState.Dead);
        EffectRecord known = run.Effects.ShouldHaveSingleItem();
        (known.State, known.Code).ShouldBe((EffectState.Confirmed, "marked_done"));
        known.Output.ShouldBe("{\"id\":7}"u8.ToArray());
        run.Attempts.Select(a => $"{a.Phase} {a.Outcome}").ShouldBe(["send unknown", "operator marked_done", "operator corrected"]);
        (await ActsAsync()).ShouldBe(["effect.corrected", "effect.done"]);
        (await Store.Inspection.InspectAsync(Stop)).Where(f => f.Id != "I7").ShouldAllBe(f => f.Holds, "its definition was never saved here");
    }

    [Fact]
    public async Task Decide_EffectThatNeedsNoReview_IsRefusedAndNotAudited()
    {
        RunLease lease = await AcceptAndLeaseAsync();
        EffectRecord effect = await PlanAsync(lease);

        (await Should.ThrowAsync<OperatorRefusedException>(Store.Acts.DecideAsync(new EffectDecision(effect.Id, false, null), Act, Stop))).Message
            .ShouldBe($"Effect '{effect.Id}' is planned: only an effect that needs a review can be decided.");
        (await Should.ThrowAsync<OperatorRefusedException>(Store.Acts.DecideAsync(new EffectDecision("nobody", false, null), Act, Stop))).Message
            .ShouldBe("There is no effect 'nobody'.");

        (await ActsAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task Cancel_WaitingRun_RemovesItsWaitAndClosesTheEvent()
    {
        RunLease lease = await AcceptAndLeaseAsync();
        EffectRecord effect = await PlanAsync(lease);
        await BeginAsync(lease, effect);
        await EndAsync(lease, effect, 1, EffectState.Confirmed, "confirmed");
        await ParkAsync(lease);

        await Store.Acts.CancelAsync(lease.RunId, Act, Stop);

        (await AcceptInterviewAsync("int_1")).State.ShouldBe("unmatched", "nobody waits for it any more");
        Time.Advance(TimeSpan.FromDays(15));
        (await LeaseAsync()).ShouldBeEmpty();
        RunDetail run = (await Store.FindRunAsync(lease.RunId, Stop))!;
        (run.Run.State, run.Effects.Single().State).ShouldBe((RunState.Cancelled, EffectState.Confirmed));
        (await Store.CountAsync(Stop)).Events["closed"].ShouldBe(1);
        (await Should.ThrowAsync<OperatorRefusedException>(Store.Acts.CancelAsync(lease.RunId, Act, Stop))).Message
            .ShouldBe($"Run '{lease.RunId}' has ended as cancelled: there is nothing to cancel.");
    }

    [Fact]
    public async Task Cancel_LeasedRun_IsRefused()
    {
        RunLease lease = await AcceptAndLeaseAsync();

        (await Should.ThrowAsync<OperatorRefusedException>(Store.Acts.CancelAsync(lease.RunId, Act, Stop))).Message
            .ShouldBe($"Run '{lease.RunId}' is being worked on at this moment. Try again in a second.");
    }

    [Fact]
    public async Task Cancel_ReadyRun_PassesTheTurnOn()
    {
        RunLease first = await AcceptAndLeaseAsync();
        await AcceptAsync(Event());
        await ReleaseAsync(first, RunState.Ready, TimeSpan.FromHours(1));

        await Store.Acts.CancelAsync(first.RunId, Act, Stop);

        (await LeaseOneAsync()).RunId.ShouldNotBe(first.RunId);
    }

    [Fact]
    public async Task Replay_EndedRun_KeepsConfirmedEffectsAndPlansOthersAnew()
    {
        RunLease lease = await AcceptAndLeaseAsync();
        await SettleAsync(lease, "invite", EffectState.Confirmed);
        await SettleAsync(lease, "refused", EffectState.Rejected);
        await SettleAsync(lease, "doubt", EffectState.Unknown);
        await SettleAsync(lease, "read", EffectState.Confirmed, EffectClass.Read);
        await ReleaseAsync(lease, RunState.Dead, code: "rejected");

        ReplayedRun replayed = (await Store.Acts.ReplayAsync([new ReplayOrder(lease.RunId, "other-hash", Force: false)], Act, Stop)).ShouldHaveSingleItem();

        RunLease again = await LeaseOneAsync();
        (again.RunId, again.DefinitionHash).ShouldBe((replayed.RunId, "other-hash"));
        RunSnapshot snapshot = await Store.ReadRunAsync(again, Stop);
        (snapshot.Replay, snapshot.Steps.Count).ShouldBe((1, 0));
        Dictionary<string, EffectState> states = snapshot.Effects.ToDictionary(e => e.Path, e => e.State);
        states.ShouldBe(
            new Dictionary<string, EffectState>
            {
                ["invite"] = EffectState.Confirmed, ["refused"] = EffectState.Superseded, ["doubt"] = EffectState.Unknown, ["read"] = EffectState.Superseded,
            },
            ignoreOrder: true);
        (await PlanAsync(again)).State.ShouldBe(EffectState.Confirmed);
        EffectRecord anew = await Store.PlanEffectAsync(again, Effect("refused") with { Force = 1, Request = "other"u8.ToArray() }, Stop);
        (anew.State, anew.Force, System.Text.Encoding.UTF8.GetString(anew.Request)).ShouldBe((EffectState.Planned, 1, "other"));
        (await Store.CountAsync(Stop)).Events.ShouldBe(new Dictionary<string, long> { ["open"] = 1 });
    }

    [Fact]
    public async Task Replay_WithForce_SupersedesConfirmedEffectsAndIsAudited()
    {
        RunLease lease = await AcceptAndLeaseAsync();
        await SettleAsync(lease, "invite", EffectState.Confirmed);
        await ReleaseAsync(lease, RunState.Succeeded);

        await Store.Acts.ReplayAsync([new ReplayOrder(lease.RunId, "h", Force: true)], Act, Stop);

        EffectRecord former = (await Store.ReadRunAsync(await LeaseOneAsync(), Stop)).Effects.ShouldHaveSingleItem();
        (former.State, former.Code, former.RemoteReference).ShouldBe((EffectState.Superseded, "confirmed", "int_1"));
        (await ActsAsync()).ShouldBe(["run.replayed_with_force"]);
    }

    [Fact]
    public async Task Replay_RunThatHasNotEndedOrIsNotTheLast_IsRefusedWithTheReason()
    {
        RunLease lease = await AcceptAndLeaseAsync();
        (await ReplayAsync(lease.RunId)).Refusal.ShouldBe($"Run '{lease.RunId}' has not ended: it is leased.");
        await ReleaseAsync(lease, RunState.NeedsReview);
        (await ReplayAsync(lease.RunId)).Refusal.ShouldBe($"Run '{lease.RunId}' needs a review first: decide its effect with 'aria resolve {lease.RunId}'.");
        await Store.Acts.CancelAsync(lease.RunId, Act, Stop);
        string replay = (await ReplayAsync(lease.RunId)).RunId.ShouldNotBeNull();
        (await ReplayAsync(lease.RunId)).Refusal.ShouldBe($"Run '{lease.RunId}' was replayed before: replay its latest run, or its event.");
        (await ReplayAsync("nobody")).Refusal.ShouldBe("There is no run 'nobody'.");
        (await ReplayAsync(replay)).Refusal.ShouldBe($"Run '{replay}' has not ended: it is ready.");
    }

    [Fact]
    public async Task Start_UnmatchedEvent_IsOpenAndKeepsItsPlaceInTheOrder()
    {
        AcceptedEvent unmatched = await AcceptAsync(Event(pipelines: []));
        AcceptedEvent later = await AcceptAsync(Event());

        IReadOnlyList<string> started = await Store.Acts.StartAsync(unmatched.Id, [new RunPlan("invite", "h")], Act, Stop);

        RunLease first = await LeaseOneAsync();
        first.RunId.ShouldBe(started.ShouldHaveSingleItem());
        await ReleaseAsync(first, RunState.Succeeded);
        (await LeaseOneAsync()).RunId.ShouldBe(later.RunIds[0]);
        (await Should.ThrowAsync<OperatorRefusedException>(Store.Acts.StartAsync(unmatched.Id, [new RunPlan("invite", "h")], Act, Stop))).Message
            .ShouldBe($"Event '{unmatched.Id}' is closed, not unmatched or quarantined.");
    }

    [Fact]
    public async Task Start_QuarantinedEventWithItsType_RunsWithWhatItHas()
    {
        AcceptedEvent kept = await AcceptAsync(Event(pipelines: []) with { QuarantineCode = EventStates.LoopDetected });
        EventSummary listed = (await Store.Views.ListEventsAsync(new EventQuery(EventStates.Quarantined, null, 10), Stop)).ShouldHaveSingleItem();
        (listed.Id, listed.Type, listed.Code).ShouldBe((kept.Id, "application.stage_changed", "loop_detected"));

        IReadOnlyList<string> started = await Store.Acts.StartAsync(kept.Id, [new RunPlan("invite", "h")], Act, Stop);

        await KillAndReopenAsync();
        RunLease lease = await LeaseOneAsync();
        lease.RunId.ShouldBe(started.ShouldHaveSingleItem());
        StoredEvent e = (await Store.ReadRunAsync(lease, Stop)).Event;
        (e.Id, e.Type, e.Subject).ShouldBe((kept.Id, "application.stage_changed", "application:100"));
        (await Store.Views.ListEventsAsync(new EventQuery(EventStates.Quarantined, null, 10), Stop)).ShouldBeEmpty();
    }

    [Fact]
    public async Task ReplaceQuarantined_Decoded_ClosesItAndLinksTheNewOnes()
    {
        AcceptedEvent bad = await AcceptAsync(Event(key: "same", pipelines: []) with { Type = "", QuarantineCode = "subject_failed" });
        var decoded = new Acceptance("greenhouse", "webhook", Now, "{}"u8.ToArray(), [Event(key: "same"), Event("application:2", key: "two")]);

        IReadOnlyList<AcceptedEvent> accepted = await Store.Acts.ReplaceQuarantinedAsync(bad.Id, decoded, Act, Stop);

        accepted.Count.ShouldBe(2);
        await KillAndReopenAsync();
        EventDetail closed = (await Store.Views.FindEventAsync(bad.Id, Stop))!;
        (closed.Event.State, closed.Event.Code).ShouldBe(("closed", "subject_failed"));
        closed.DecodedInto.ShouldBe(accepted.Select(e => e.Id));
        EventDetail made = (await Store.Views.FindEventAsync(accepted[0].Id, Stop))!;
        (made.Event.DecodedFrom, made.Event.State, made.Runs.ShouldHaveSingleItem().State).ShouldBe((bad.Id, "open", RunState.Ready));
        (await AcceptAsync(Event(key: "same"))).Id.ShouldBe(accepted[0].Id, "the same delivery again is the event it was decoded into");
        (await Should.ThrowAsync<OperatorRefusedException>(Store.Acts.ReplaceQuarantinedAsync(bad.Id, decoded, Act, Stop))).Message
            .ShouldBe($"Event '{bad.Id}' is closed, not quarantined or unmatched.");
    }

    [Fact]
    public async Task Failures_SameFingerprint_AreOneGroupUntilReplayed()
    {
        RunLease[] dead = [await AcceptAndLeaseAsync("application:1"), await AcceptAndLeaseAsync("application:2"), await AcceptAndLeaseAsync("application:3")];
        DateTimeOffset start = Now;
        foreach ((RunLease lease, string fingerprint) in dead.Zip(["f1", "f1", "f2"]))
        {
            var failure = new RunFailure(fingerprint, "invite");
            await Store.ReleaseAsync(lease, new RunTransition(RunState.Dead, null, "rejected", null, Now, Failure: failure), Stop);
            Time.Advance(TimeSpan.FromMinutes(1));
        }

        (await Store.Views.ListFailuresAsync(10, Stop)).ShouldBe(
        [
            new FailureGroup("f2", "invite", "invite", "rejected", 1, start.AddMinutes(2), start.AddMinutes(2), dead[2].RunId),
            new FailureGroup("f1", "invite", "invite", "rejected", 2, start, start.AddMinutes(1), dead[1].RunId),
        ]);
        (await Store.Views.FindLatestRunsAsync(new LatestRunQuery(Fingerprint: "f1"), Stop)).Select(r => r.Id).ShouldBe([dead[0].RunId, dead[1].RunId]);
        (await Store.Views.FindLatestRunsAsync(new LatestRunQuery(Pipeline: "invite", Connection: "greenhouse", States: [RunState.Dead], Code: "rejected", Since: start, Until: start.AddSeconds(1)), Stop)).Count.ShouldBe(3);
        (await Store.Views.FindLatestRunsAsync(new LatestRunQuery(Since: start.AddSeconds(1)), Stop)).ShouldBeEmpty();

        await ReplayAsync(dead[0].RunId);

        (await Store.Views.ListFailuresAsync(10, Stop)).Select(g => (g.Fingerprint, g.Count)).ShouldBe([("f2", 1L), ("f1", 1L)]);
        (await Store.Views.FindLatestRunsAsync(new LatestRunQuery(Fingerprint: "f1"), Stop)).Select(r => r.Id).ShouldBe([dead[1].RunId]);
    }

    [Fact]
    public async Task Events_ByStateAndConnection_NewestFirst()
    {
        AcceptedEvent bad = await AcceptAsync(Event() with { QuarantineCode = "invalid_json", Runs = [] });
        await AcceptAsync(Event());
        AcceptedEvent other = await AcceptAsync(Event(), "aria");

        (await Store.Views.ListEventsAsync(new EventQuery("quarantined", null, 10), Stop)).ShouldHaveSingleItem().Id.ShouldBe(bad.Id);
        (await Store.Views.ListEventsAsync(new EventQuery(null, "aria", 10), Stop)).ShouldHaveSingleItem().Kind.ShouldBe("webhook");
        (await Store.Views.ListEventsAsync(new EventQuery(null, null, 2), Stop))[0].Id.ShouldBe(other.Id);
        (await Store.Views.FindEventAsync("nobody", Stop)).ShouldBeNull();
    }

    private async Task<ReplayedRun> ReplayAsync(string run) =>
        (await Store.Acts.ReplayAsync([new ReplayOrder(run, "h", Force: false)], Act, Stop)).ShouldHaveSingleItem();

    private async Task<string[]> ActsAsync() => [.. (await Store.Audit.ListAsync(10, Stop)).Select(row => row.Entry.Act)];

    private async Task SettleAsync(RunLease lease, string path, EffectState state, EffectClass effectClass = EffectClass.Unsafe)
    {
        EffectRecord effect = await Store.PlanEffectAsync(lease, Effect(path, effectClass), Stop);
        await EndAsync(lease, effect, await BeginAsync(lease, effect), state, StateNames.Of(state));
    }

    private async Task<(RunLease Lease, EffectRecord Effect)> ReviewAsync()
    {
        RunLease lease = await AcceptAndLeaseAsync();
        EffectRecord effect = await PlanAsync(lease);
        await EndAsync(lease, effect, await BeginAsync(lease, effect), EffectState.NeedsReview, "unknown");
        await ReleaseAsync(lease, RunState.NeedsReview, code: "outcome_unknown");
        return (lease, effect);
    }
}
