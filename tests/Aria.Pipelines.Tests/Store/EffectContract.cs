using Aria.Pipelines.Store;

namespace Aria.Pipelines.Tests.Store;

public abstract class EffectContract : StoreContract
{
    [Fact]
    public async Task Plan_SamePlaceAgain_ReturnsTheFirstWithItsFrozenRequest()
    {
        RunLease lease = await AcceptAndLeaseAsync();
        EffectRecord first = await PlanAsync(lease);

        EffectRecord second = await Store.PlanEffectAsync(lease, Effect() with { Request = "other"u8.ToArray(), IdempotencyKey = "idem-2" }, Stop);

        second.Id.ShouldBe(first.Id);
        second.Request.ShouldBe("POST /v1/interviews"u8.ToArray());
        second.IdempotencyKey.ShouldBe("idem-1");
        second.State.ShouldBe(EffectState.Planned);
        (await PlanAsync(lease, "pending")).Id.ShouldNotBe(first.Id);
        (await Store.PlanEffectAsync(lease, Effect() with { Iteration = 1 }, Stop)).Id.ShouldNotBe(first.Id);
    }

    [Fact]
    public async Task Attempt_Confirmed_KeepsOutputReferenceAndStep()
    {
        RunLease lease = await AcceptAndLeaseAsync();
        EffectRecord effect = await PlanAsync(lease);
        (await BeginAsync(lease, effect)).ShouldBe(1);
        await EndAsync(lease, effect, 1, EffectState.Confirmed, "confirmed", Step("invite"));

        await KillAndReopenAsync();

        RunDetail run = (await Store.FindRunAsync(lease.RunId, Stop)).ShouldNotBeNull();
        EffectRecord done = run.Effects.ShouldHaveSingleItem();
        done.State.ShouldBe(EffectState.Confirmed);
        done.Class.ShouldBe(EffectClass.Unsafe);
        done.Output.ShouldBe("{\"interview_id\":\"int_1\"}"u8.ToArray());
        done.RemoteReference.ShouldBe("int_1");
        (done.Attempts, done.Lookups, done.CreatedUtc, done.LastAttemptUtc).ShouldBe((1, 0, Now, Now));
        run.Steps.ShouldHaveSingleItem().Path.ShouldBe("invite");
        AttemptRecord attempt = run.Attempts.ShouldHaveSingleItem();
        attempt.Response.ShouldBe("{\"status\":201}"u8.ToArray());
        (attempt with { Response = null }).ShouldBe(new AttemptRecord(effect.Id, 1, "send", Now, "confirmed", 201, 120, Code: null, Response: null));
    }

    [Fact]
    public async Task Start_OfAnIntent_RecordsItsStepsPermitAndAttemptAtOnce()
    {
        RunLease lease = await AcceptAndLeaseAsync();

        EffectStart start = await StartAsync(lease, Step("shape"));

        (start.Attempt, start.Next, start.Effect.State).ShouldBe((1, null, EffectState.Planned));
        RunSnapshot run = await Store.ReadRunAsync(lease, Stop);
        run.Steps.ShouldHaveSingleItem().Path.ShouldBe("shape");
        EffectRecord sending = run.Effects.ShouldHaveSingleItem();
        (sending.Id, sending.State, sending.Attempts, sending.LastAttemptUtc).ShouldBe((start.Effect.Id, EffectState.Sending, 1, Now));
        sending.Request.ShouldBe(start.Effect.Request);
        sending.IdempotencyKey.ShouldBe(start.Effect.IdempotencyKey);
        await EndAsync(lease, sending, 1, EffectState.Confirmed, "confirmed");
        (await StartAsync(lease)).ShouldSatisfyAllConditions(
            again => again.Attempt.ShouldBeNull(),
            again => again.Effect.State.ShouldBe(EffectState.Confirmed));
    }

    [Fact]
    public async Task Start_WithoutAPermit_RecordsTheIntentAndNoAttempt()
    {
        RunLease lease = await AcceptAndLeaseAsync();
        await StartAsync(lease);

        EffectStart refused = await Store.StartEffectAsync(lease, Effect("second"), OnePermit, [], Stop);

        refused.Attempt.ShouldBeNull();
        refused.Next.ShouldNotBeNull().ShouldBeGreaterThan(Now);
        (await Store.ReadRunAsync(lease, Stop)).Effects.Single(e => e.Path == "second").State.ShouldBe(EffectState.Planned);
        Time.Advance(TimeSpan.FromHours(2));
        RunLease next = await LeaseOneAsync();
        EffectStart later = await Store.StartEffectAsync(next, Effect("second"), OnePermit with { Now = Now }, [], Stop);
        (later.Effect.Id, later.Attempt).ShouldBe((refused.Effect.Id, 1));
        (await Should.ThrowAsync<LeaseLostException>(StartAsync(lease))).Message.ShouldContain(lease.RunId);
    }

    [Fact]
    public async Task Attempt_ThatEndsTheRun_DoesSoInOneCommit()
    {
        RunLease lease = await AcceptAndLeaseAsync();
        EffectStart start = await StartAsync(lease);
        var ends = new RunTransition(RunState.Succeeded, null, "output_invalid", Diagnostic: null, Now) { Steps = [Step("after")] };
        var confirmed = new AttemptResult(start.Effect.Id, 1, EffectState.Confirmed, "confirmed", 201, TimeSpan.Zero, null, "{}"u8.ToArray(), null, null, Now) { Ends = ends };

        await Store.EndAttemptAsync(lease, confirmed, Step("invite"), Stop);

        RunDetail run = (await Store.FindRunAsync(lease.RunId, Stop)).ShouldNotBeNull();
        (run.Run.State, run.Run.Code).ShouldBe((RunState.Succeeded, "output_invalid"));
        run.Steps.Select(s => s.Path).ShouldBe(["after", "invite"]);
        (await Store.CountAsync(Stop)).Events.ShouldBe(new Dictionary<string, long> { ["closed"] = 1 });
        await Should.ThrowAsync<LeaseLostException>(ReleaseAsync(lease, RunState.Dead));
    }

    [Fact]
    public async Task Attempt_WhileOneIsOpen_IsRefused()
    {
        RunLease lease = await AcceptAndLeaseAsync();
        EffectRecord effect = await PlanAsync(lease);
        await BeginAsync(lease, effect);

        (await Should.ThrowAsync<InvalidOperationException>(BeginAsync(lease, effect))).Message
            .ShouldBe($"Effect {effect.Id} is sending: no 'send' attempt may begin.");
    }

    [Theory]
    [InlineData("confirmed")]
    [InlineData("rejected")]
    [InlineData("needs_review")]
    public async Task Attempt_OfADecidedEffect_IsRefused(string state)
    {
        RunLease lease = await AcceptAndLeaseAsync();
        EffectRecord effect = await PlanAsync(lease);
        await BeginAsync(lease, effect);
        await EndAsync(lease, effect, 1, StateNames.Parse<EffectState>(state), "x");

        foreach (string phase in new[] { "send", "lookup" })
        {
            (await Should.ThrowAsync<InvalidOperationException>(BeginAsync(lease, effect, phase))).Message
                .ShouldBe($"Effect {effect.Id} is {state}: no '{phase}' attempt may begin.");
        }
    }

    [Fact]
    public async Task Attempt_NotProcessed_MayBeginAgain()
    {
        RunLease lease = await AcceptAndLeaseAsync();
        EffectRecord effect = await PlanAsync(lease);
        await BeginAsync(lease, effect);
        await EndAsync(lease, effect, 1, EffectState.Planned, "not_sent");

        (await BeginAsync(lease, effect)).ShouldBe(2);
    }

    [Fact]
    public async Task Lookup_OfAnUnknownEffect_DoesNotMoveItToSending()
    {
        RunLease lease = await AcceptAndLeaseAsync();
        EffectRecord effect = await PlanAsync(lease);
        (await Should.ThrowAsync<InvalidOperationException>(BeginAsync(lease, effect, "lookup"))).Message
            .ShouldBe($"Effect {effect.Id} is planned: no 'lookup' attempt may begin.");
        await BeginAsync(lease, effect);
        await EndAsync(lease, effect, 1, EffectState.Unknown, "unknown");

        (await BeginAsync(lease, effect, "lookup")).ShouldBe(2);

        (await Should.ThrowAsync<InvalidOperationException>(BeginAsync(lease, effect, "lookup"))).Message
            .ShouldBe($"Attempt 2 of effect {effect.Id} has not ended: a second one may not begin.");
        EffectRecord looking = (await Store.ReadRunAsync(lease, Stop)).Effects.ShouldHaveSingleItem();
        (looking.State, looking.Attempts, looking.Lookups).ShouldBe((EffectState.Unknown, 1, 1));
        await EndAsync(lease, effect, 2, EffectState.Confirmed, "found");
        (await Store.CountAsync(Stop)).Effects.ShouldBe(new Dictionary<string, long> { ["confirmed"] = 1 });
    }

    [Fact]
    public async Task Attempt_EndedTwice_IsRefused()
    {
        RunLease lease = await AcceptAndLeaseAsync();
        EffectRecord effect = await PlanAsync(lease);
        await BeginAsync(lease, effect);
        await EndAsync(lease, effect, 1, EffectState.Unknown, "unknown");

        (await Should.ThrowAsync<InvalidOperationException>(EndAsync(lease, effect, 1, EffectState.Confirmed, "confirmed"))).Message
            .ShouldBe($"Attempt 1 of effect {effect.Id} is not open.");
        (await Store.ReadRunAsync(lease, Stop)).Effects[0].State.ShouldBe(EffectState.Unknown);
    }

    [Fact]
    public async Task Effect_OfAnotherRun_IsRefused()
    {
        RunLease lease = await AcceptAndLeaseAsync("application:1");
        EffectRecord effect = await PlanAsync(lease);
        RunLease other = await AcceptAndLeaseAsync("application:2");

        (await Should.ThrowAsync<InvalidOperationException>(BeginAsync(other, effect))).Message
            .ShouldBe($"Effect {effect.Id} does not belong to run {other.RunId}.");
    }

    [Fact]
    public async Task Lease_ExpiredWhileSending_LeavesTheEffectUnknown()
    {
        RunLease lease = await AcceptAndLeaseAsync();
        EffectRecord sent = await PlanAsync(lease);
        EffectRecord planned = await PlanAsync(lease, "pending");
        await BeginAsync(lease, sent);
        Time.Advance(LeaseTime);

        RunLease next = await LeaseOneAsync();

        RunSnapshot run = await Store.ReadRunAsync(next, Stop);
        run.Effects.Single(e => e.Id == sent.Id).State.ShouldBe(EffectState.Unknown);
        run.Effects.Single(e => e.Id == planned.Id).State.ShouldBe(EffectState.Planned);
        AttemptRecord attempt = (await Store.FindRunAsync(lease.RunId, Stop))!.Attempts.ShouldHaveSingleItem();
        (attempt.Outcome, attempt.Code).ShouldBe(("unknown", "lease_expired"));
        (await BeginAsync(next, sent)).ShouldBe(2);
        await Should.ThrowAsync<LeaseLostException>(EndAsync(lease, sent, 1, EffectState.Confirmed, "confirmed"));
    }

    [Fact]
    public async Task Abandoned_WhileSending_IsReadyAtOnceWithTheEffectUnknownAndNoCrash()
    {
        RunLease lease = await AcceptAndLeaseAsync();
        EffectRecord sent = await PlanAsync(lease);
        EffectRecord planned = await PlanAsync(lease, "pending");
        await BeginAsync(lease, sent);

        await Store.AbandonAsync(lease, Stop);

        (await Store.NextDueAsync(Stop)).ShouldBe(Now);
        RunSnapshot run = await Store.ReadRunAsync(await LeaseOneAsync(), Stop);
        run.Crashes.ShouldBe(0);
        run.Effects.Single(e => e.Id == sent.Id).State.ShouldBe(EffectState.Unknown);
        run.Effects.Single(e => e.Id == planned.Id).State.ShouldBe(EffectState.Planned);
        AttemptRecord attempt = (await Store.FindRunAsync(lease.RunId, Stop))!.Attempts.ShouldHaveSingleItem();
        (attempt.Outcome, attempt.Code).ShouldBe(("unknown", "abandoned"));
        await Should.ThrowAsync<LeaseLostException>(Store.AbandonAsync(lease, Stop));
    }

    [Fact]
    public async Task Killed_WhileSending_LeavesTheEffectUnknown()
    {
        RunLease lease = await AcceptAndLeaseAsync();
        await BeginAsync(lease, await PlanAsync(lease));

        await KillAndReopenAsync();
        Time.Advance(LeaseTime);

        RunSnapshot run = await Store.ReadRunAsync(await LeaseOneAsync(), Stop);
        run.Effects.ShouldHaveSingleItem().State.ShouldBe(EffectState.Unknown);
    }

    [Fact]
    public async Task Lookup_NeverReachedTheTarget_IsNotCounted()
    {
        RunLease lease = await AcceptAndLeaseAsync();
        EffectRecord effect = await PlanAsync(lease);
        await EndAsync(lease, effect, await BeginAsync(lease, effect), EffectState.Unknown, "unknown");

        await EndAsync(lease, effect, await BeginAsync(lease, effect, "lookup"), EffectState.Unknown, "not_sent");
        await EndAsync(lease, effect, await BeginAsync(lease, effect, "lookup"), EffectState.Unknown, "unknown");

        (await Store.ReadRunAsync(lease, Stop)).Effects.ShouldHaveSingleItem().Lookups.ShouldBe(1);
    }

    private Permit OnePermit => new("aria", new BudgetLimit(20, TimeSpan.FromHours(1)), Now);

    private Task<EffectStart> StartAsync(RunLease lease, params StepRecord[] steps) => Store.StartEffectAsync(lease, Effect(), OnePermit, steps, Stop);
}
