using Aria.Pipelines.Abstractions;
using Aria.Pipelines.Effects;
using Aria.Pipelines.Store;

namespace Aria.Pipelines.Tests.Effects;

/// <summary>The transitions of an effect, class by class.</summary>
public sealed class EffectLedgerTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("idempotent")]
    [InlineData("keyed")]
    [InlineData("lookup")]
    [InlineData("unsafe")]
    public async Task Perform_Answered_ConfirmedWithItsStepAndNeverSentAgain(string operation)
    {
        await using EffectRig rig = await EffectRig.StartAsync();

        EffectResult.Done done = (await rig.PerformAsync(operation)).ShouldBeOfType<EffectResult.Done>();
        EffectResult.Done again = (await rig.PerformAsync(operation)).ShouldBeOfType<EffectResult.Done>();

        (done.Output.GetRawText(), again.Output.GetRawText()).ShouldBe(("""{"id":"7"}""", """{"id":"7"}"""));
        rig.Requests.Count.ShouldBe(1);
        RunSnapshot run = await rig.Store.ReadRunAsync(rig.Lease, Stop);
        run.Effects.Single().State.ShouldBe(EffectState.Confirmed);
        (run.Steps.Single().Path, run.Steps.Single().State).ShouldBe(("step", StepState.Succeeded));
    }

    [Fact]
    public async Task Perform_WhatAnEventConsistsOf_IsNotTakenForTheEventAfterACrash()
    {
        await using EffectRig rig = await EffectRig.StartAsync();

        (await rig.PerformAsync("read", stepFollows: true)).ShouldBeOfType<EffectResult.Done>();
        await rig.RestartAsync();

        RunSnapshot run = await rig.Store.ReadRunAsync(rig.Lease, Stop);
        run.Effects.Single().State.ShouldBe(EffectState.Confirmed);
        run.Steps.ShouldBeEmpty();
    }

    [Fact]
    public async Task Perform_OutputOfAnotherShape_ConfirmedWithAWarningAndNeverSentAgain()
    {
        await using EffectRig rig = await EffectRig.StartAsync(EffectRig.CreatedWithANumber);

        EffectResult.Done done = (await rig.PerformAsync("unsafe")).ShouldBeOfType<EffectResult.Done>();
        EffectResult.Done again = (await rig.PerformAsync("unsafe")).ShouldBeOfType<EffectResult.Done>();

        done.Output.GetRawText().ShouldBe("""{"id":7}""");
        const string Misfit = "Output of 'remote.thing.unsafe' is not what its connector declares. '/id': expected a string, found a number.";
        (done.Warning!.Code, done.Warning.Severity, done.Warning.Summary).ShouldBe(("output_invalid", DiagnosticSeverity.Warning, Misfit));
        again.Warning.ShouldBe(done.Warning);
        rig.Requests.Count.ShouldBe(1);
        RunSnapshot run = await rig.Store.ReadRunAsync(rig.Lease, Stop);
        run.Effects.Single().State.ShouldBe(EffectState.Confirmed);
        StepRecord step = run.Steps.Single();
        step.State.ShouldBe(StepState.Succeeded);
        StepError.Read(step.Error).Summary.ShouldStartWith(Misfit);
    }

    [Theory]
    [InlineData("idempotent", 400)]
    [InlineData("keyed", 422)]
    [InlineData("lookup", 404)]
    [InlineData("unsafe", 302)]
    public async Task Perform_DefinitelyRefused_FailsAndIsNeverRetried(string operation, int status)
    {
        await using EffectRig rig = await EffectRig.StartAsync(EffectRig.Status(status));

        EffectResult.Failed failed = (await rig.PerformAsync(operation)).ShouldBeOfType<EffectResult.Failed>();

        failed.Problem.Summary.ShouldBe($"'remote' refused 'thing.{operation}' with status {status}: no reason given");
        failed.Problem.Code.ShouldBe(status == 302 ? "redirect_refused" : "remote_rejected");
        (await rig.PerformAsync(operation)).ShouldBeOfType<EffectResult.Failed>().Problem.Summary.ShouldBe("The target refused the request earlier.");
        rig.Requests.Count.ShouldBe(1);
        (await rig.EffectAsync()).State.ShouldBe(EffectState.Rejected);
    }

    [Theory]
    [InlineData("idempotent")]
    [InlineData("keyed")]
    [InlineData("lookup")]
    [InlineData("unsafe")]
    public async Task Perform_SecretMissing_FailsAtOnceAndIsSentWhenItIsThere(string operation)
    {
        await using EffectRig rig = await EffectRig.StartAsync();
        rig.Secrets.Remove("token");

        EffectResult.Failed failed = (await rig.PerformAsync(operation)).ShouldBeOfType<EffectResult.Failed>();

        failed.Problem.ToString().ShouldBe($"error secret_not_found: 'remote.thing.{operation}' was not sent: Secret 'token' of connection 'remote' (setting 'token') is missing or empty. Provide it here: entry 'token' of the secrets in memory.");
        failed.Problem.Fault.ShouldBe(DiagnosticFault.Operator);
        rig.Requests.ShouldBeEmpty();
        (await rig.EffectAsync()).State.ShouldBe(EffectState.Planned);
        rig.Secrets["token"] = "token-2";
        (await rig.PerformAsync(operation)).ShouldBeOfType<EffectResult.Done>();
        rig.Requests.ShouldHaveSingleItem().Authorization.ShouldBe("Bearer token-2");
    }

    [Theory]
    [InlineData("idempotent")]
    [InlineData("lookup")]
    public async Task Perform_SecretMissingWhileTheOutcomeIsUnknown_FailsAndStaysUnknown(string operation)
    {
        await using EffectRig rig = await EffectRig.StartAsync(EffectRig.Lost);
        (await rig.PerformAsync(operation)).ShouldBeOfType<EffectResult.Again>();
        rig.Time.Advance(TimeSpan.FromSeconds(10));
        rig.Secrets.Remove("token");

        (await rig.PerformAsync(operation)).ShouldBeOfType<EffectResult.Failed>().Problem.Code.ShouldBe("secret_not_found");

        (await rig.EffectAsync()).State.ShouldBe(EffectState.Unknown);
        rig.Secrets["token"] = "token-1";
        rig.Answers.Enqueue(operation == "lookup" ? EffectRig.Found("7") : EffectRig.Created);
        (await rig.PerformAsync(operation)).ShouldBeOfType<EffectResult.Done>().Output.GetRawText().ShouldBe("""{"id":"7"}""");
    }

    [Theory]
    [InlineData("idempotent")]
    [InlineData("keyed")]
    [InlineData("lookup")]
    [InlineData("unsafe")]
    public async Task Perform_OverTheirLimit_PlannedAndSentWhenTheySay(string operation)
    {
        await using EffectRig rig = await EffectRig.StartAsync(EffectRig.Status(429, 120));

        EffectResult.Again limited = (await rig.PerformAsync(operation)).ShouldBeOfType<EffectResult.Again>();
        (limited.Code, limited.At, limited.CountsAsAttempt).ShouldBe(("rate_limited", rig.Time.GetUtcNow().AddSeconds(120), false));
        (await rig.EffectAsync()).State.ShouldBe(EffectState.Planned);
        (await rig.PerformAsync(operation)).ShouldBeOfType<EffectResult.Again>().Code.ShouldBe("budget");
        rig.Time.Advance(TimeSpan.FromSeconds(120));

        (await rig.PerformAsync(operation)).ShouldBeOfType<EffectResult.Done>();

        rig.Requests.Count.ShouldBe(2);
        rig.Requests.Select(r => r.Body).Distinct().ShouldHaveSingleItem("the bytes are frozen");
    }

    [Fact]
    public async Task Perform_NobodyThere_PlannedEvenWhenUnsafe()
    {
        await using EffectRig away = await EffectRig.StartAsync();
        await away.StopServerAsync();

        EffectResult.Again again = (await away.PerformAsync("unsafe")).ShouldBeOfType<EffectResult.Again>();

        (again.Code, again.CountsAsAttempt).ShouldBe(("not_connected", true));
        (await away.EffectAsync()).State.ShouldBe(EffectState.Planned);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(500)]
    [InlineData(408)]
    [InlineData(409)]
    public async Task Perform_UnsafeAndUnknown_ReviewAndNeverSentAgain(int status)
    {
        await using EffectRig rig = await EffectRig.StartAsync(status == 0 ? EffectRig.Lost : EffectRig.Status(status));

        EffectResult.Review review = (await rig.PerformAsync("unsafe")).ShouldBeOfType<EffectResult.Review>();

        review.Code.ShouldBe(status == 0 ? "connection_lost" : "remote_error");
        (await rig.PerformAsync("unsafe")).ShouldBeOfType<EffectResult.Review>();
        await rig.RestartAsync();
        (await rig.PerformAsync("unsafe")).ShouldBeOfType<EffectResult.Review>();
        rig.Requests.Count.ShouldBe(1);
        (await rig.EffectAsync()).State.ShouldBe(EffectState.NeedsReview);
    }

    [Fact]
    public async Task Perform_LeaseEndsBeforeTheAttemptMight_NothingIsSentUntilThereIsAnother()
    {
        await using EffectRig rig = await EffectRig.StartAsync();
        rig.LeaseTime = TimeSpan.FromSeconds(30);
        await rig.RestartAsync();

        // An attempt may take 30 s, and the next owner looks for what this one did as soon as the lease is over.
        EffectResult.Again again = (await rig.PerformAsync("lookup")).ShouldBeOfType<EffectResult.Again>();

        (again.At, again.Code, again.CountsAsAttempt).ShouldBe((rig.Time.GetUtcNow(), "lease_ending", false));
        rig.Requests.ShouldBeEmpty();
        rig.LeaseTime = TimeSpan.FromSeconds(31);
        await rig.RestartAsync();
        (await rig.PerformAsync("lookup")).ShouldBeOfType<EffectResult.Done>();
    }

    [Fact]
    public async Task Perform_IdempotentAndUnknown_SameBytesAgain()
    {
        await using EffectRig rig = await EffectRig.StartAsync(EffectRig.Lost, EffectRig.Status(503));

        (await rig.PerformAsync("idempotent")).ShouldBeOfType<EffectResult.Again>().Code.ShouldBe("connection_lost");
        rig.Time.Advance(TimeSpan.FromMinutes(1));
        (await rig.PerformAsync("idempotent")).ShouldBeOfType<EffectResult.Again>().Code.ShouldBe("remote_error");
        await rig.RestartAsync();
        (await rig.PerformAsync("idempotent")).ShouldBeOfType<EffectResult.Done>();

        rig.Lines.ShouldBe(["PUT /things/1", "PUT /things/1", "PUT /things/1"]);
        rig.Requests.Select(r => r.Body).Distinct().ShouldHaveSingleItem();
        (await rig.AttemptsAsync()).ShouldBe(["send unknown", "send unknown", "send confirmed"]);
    }

    [Fact]
    public async Task Perform_KeyedAndUnknown_SameKeyAndSameBytesAgain()
    {
        await using EffectRig rig = await EffectRig.StartAsync(EffectRig.Lost);
        (await rig.PerformAsync("keyed")).ShouldBeOfType<EffectResult.Again>();
        await rig.RestartAsync();
        rig.Time.Advance(TimeSpan.FromHours(23));

        (await rig.PerformAsync("keyed")).ShouldBeOfType<EffectResult.Done>();

        rig.Requests.Select(r => $"{r.Headers["Idempotency-Key"]} {r.Body}").Distinct().ShouldHaveSingleItem().ShouldStartWith(EffectKey.Of("evt_1", "invite", "step", 0));
        rig.Requests.Count.ShouldBe(2);
    }

    [Fact]
    public async Task Perform_KeyedAndTheKeyIsNoLongerKept_Review()
    {
        await using EffectRig rig = await EffectRig.StartAsync(EffectRig.Lost);
        await rig.PerformAsync("keyed");
        rig.Time.Advance(TimeSpan.FromHours(24));

        (await rig.PerformAsync("keyed")).ShouldBeOfType<EffectResult.Review>().Code.ShouldBe("idempotency_key_expired");

        rig.Requests.Count.ShouldBe(1);
        (await rig.EffectAsync()).State.ShouldBe(EffectState.NeedsReview);
    }

    [Fact]
    public async Task Perform_KeyedUnknownThenLimited_StaysUnknownSoThatTheKeyCanExpire()
    {
        await using EffectRig rig = await EffectRig.StartAsync(EffectRig.Lost, EffectRig.Status(429, 60));
        await rig.PerformAsync("keyed");
        (await rig.PerformAsync("keyed")).ShouldBeOfType<EffectResult.Again>().CountsAsAttempt.ShouldBeFalse();
        (await rig.EffectAsync()).State.ShouldBe(EffectState.Unknown);
        rig.Time.Advance(TimeSpan.FromHours(25));

        (await rig.PerformAsync("keyed")).ShouldBeOfType<EffectResult.Review>().Code.ShouldBe("idempotency_key_expired");
        rig.Requests.Count.ShouldBe(2);
    }

    [Fact]
    public async Task Perform_LookupAndUnknown_FoundAfterTheDelay()
    {
        await using EffectRig rig = await EffectRig.StartAsync(EffectRig.Lost, EffectRig.Found("7"));
        DateTimeOffset sent = rig.Time.GetUtcNow();
        await rig.PerformAsync("lookup");

        EffectResult.Again early = (await rig.PerformAsync("lookup")).ShouldBeOfType<EffectResult.Again>();
        (early.At, early.CountsAsAttempt, rig.Requests.Count).ShouldBe((sent.AddSeconds(5), false, 1));
        rig.Time.Advance(TimeSpan.FromSeconds(5));
        EffectResult.Done done = (await rig.PerformAsync("lookup")).ShouldBeOfType<EffectResult.Done>();

        done.Output.GetRawText().ShouldBe("""{"id":"7"}""");
        string mark = EffectKey.Of("evt_1", "invite", "step", 0);
        rig.Lines.ShouldBe(["POST /things", $"GET /things?mark={mark}"]);
        rig.Requests[0].Body.ShouldContain(mark);
        (await rig.AttemptsAsync()).ShouldBe(["send unknown", "lookup confirmed"]);
    }

    [Fact]
    public async Task Perform_LookupFindsNothing_SentAgainAsOftenAsItIsLost()
    {
        await using EffectRig rig = await EffectRig.StartAsync();
        for (int i = 0; i < 4; i++)
        {
            rig.Answers.Enqueue(EffectRig.Lost);
            rig.Answers.Enqueue(EffectRig.Found(null));
            (await rig.PerformAsync("lookup")).ShouldBeOfType<EffectResult.Again>().Code.ShouldBe("connection_lost");
            rig.Time.Advance(TimeSpan.FromSeconds(5));
            (await rig.PerformAsync("lookup")).ShouldBeOfType<EffectResult.Again>().Code.ShouldBe("not_found");
            (await rig.EffectAsync()).State.ShouldBe(EffectState.Planned);
        }

        (await rig.PerformAsync("lookup")).ShouldBeOfType<EffectResult.Done>("an answer 'not there' is not inconclusive, however often it comes");

        rig.Requests.Where(r => r.Method == "POST").Select(r => r.Body).Distinct().ShouldHaveSingleItem();
    }

    [Fact]
    public async Task Perform_LookupThreeTimesInconclusive_Review()
    {
        await using EffectRig rig = await EffectRig.StartAsync(EffectRig.Lost, EffectRig.Status(500), EffectRig.Status(404), EffectRig.Lost);
        await rig.PerformAsync("lookup");
        rig.Time.Advance(TimeSpan.FromSeconds(5));
        for (int i = 0; i < 3; i++)
        {
            (await rig.PerformAsync("lookup")).ShouldBeOfType<EffectResult.Again>("the delay runs from the sending, not from the last look").CountsAsAttempt.ShouldBeTrue();
        }

        (await rig.PerformAsync("lookup")).ShouldBeOfType<EffectResult.Review>().Code.ShouldBe("lookup_inconclusive");

        rig.Requests.Count.ShouldBe(4);
        (await rig.AttemptsAsync()).ShouldBe(["send unknown", "lookup unknown", "lookup unknown", "lookup unknown", "review needs_review"]);
    }

    [Fact]
    public async Task Perform_LookupCannotConnect_IsTriedLaterAndNotOneOfTheThree()
    {
        await using EffectRig rig = await EffectRig.StartAsync(EffectRig.Lost);
        await rig.PerformAsync("lookup");
        await rig.StopServerAsync();
        rig.Time.Advance(TimeSpan.FromSeconds(5));
        for (int i = 0; i < 4; i++)
        {
            (await rig.PerformAsync("lookup")).ShouldBeOfType<EffectResult.Again>();
        }

        EffectRecord effect = await rig.EffectAsync();
        (effect.State, effect.Lookups).ShouldBe((EffectState.Unknown, 0));
        (await rig.AttemptsAsync()).ShouldBe(["send unknown", "lookup not_sent", "lookup not_sent", "lookup not_sent", "lookup not_sent"]);
    }

    [Fact]
    public async Task Perform_LookupIsLimited_CountsAsNothing()
    {
        await using EffectRig rig = await EffectRig.StartAsync(EffectRig.Lost);
        await rig.PerformAsync("lookup");
        for (int i = 0; i < 4; i++)
        {
            rig.Answers.Enqueue(EffectRig.Status(429, 60));
            rig.Time.Advance(TimeSpan.FromSeconds(61));
            EffectResult.Again limited = (await rig.PerformAsync("lookup")).ShouldBeOfType<EffectResult.Again>();
            (limited.Code, limited.CountsAsAttempt).ShouldBe(("rate_limited", false));
        }
        (await rig.EffectAsync()).Lookups.ShouldBe(0);
        rig.Answers.Enqueue(EffectRig.Found("7"));
        rig.Time.Advance(TimeSpan.FromSeconds(61));

        (await rig.PerformAsync("lookup")).ShouldBeOfType<EffectResult.Done>();
    }

    [Theory]
    [InlineData("unsafe")]
    [InlineData("lookup")]
    public async Task Perform_ProcessDiesWhileSending_IsUnknownAndNotSentAgain(string operation)
    {
        await using EffectRig rig = await EffectRig.StartAsync();
        string? seen = null;
        rig.Answers.Enqueue(async response =>
        {
            // The moment the request arrives, the file already says so; then nothing is written any more.
            seen = (await rig.Store.FindRunAsync(rig.Lease.RunId, Stop))!.Attempts.Select(a => $"{a.Phase} {a.Outcome ?? "open"}").Single();
            await rig.Store.DisposeAsync();
            await EffectRig.Created(response);
        });

        await Should.ThrowAsync<StoreUnavailableException>(() => rig.PerformAsync(operation));
        await rig.RestartAsync();

        seen.ShouldBe("send open");
        (await rig.EffectAsync()).State.ShouldBe(EffectState.Unknown);
        if (operation == "unsafe")
        {
            (await rig.PerformAsync(operation)).ShouldBeOfType<EffectResult.Review>().Code.ShouldBe("outcome_unknown");
        }
        else
        {
            rig.Time.Advance(TimeSpan.FromSeconds(5));
            rig.Answers.Enqueue(EffectRig.Found("7"));
            (await rig.PerformAsync(operation)).ShouldBeOfType<EffectResult.Done>();
        }
        rig.Requests.Count(r => r.Method == "POST").ShouldBe(1);
    }

    [Fact]
    public async Task Perform_OwnBudgetIsUsedUp_NothingIsSentOrRecorded()
    {
        await using EffectRig rig = await EffectRig.StartAsync();
        rig.Limit = new BudgetLimit(1, TimeSpan.FromHours(1));
        (await rig.Store.TakePermitAsync(new Permit("remote", rig.Limit, rig.Time.GetUtcNow()), Stop)).ShouldBeNull();

        EffectResult.Again later = (await rig.PerformAsync("unsafe")).ShouldBeOfType<EffectResult.Again>();

        (later.Code, later.CountsAsAttempt, rig.Requests.Count).ShouldBe(("budget", false, 0));
        (await rig.AttemptsAsync()).ShouldBeEmpty();
    }

    [Fact]
    public void Key_Effect_DependsOnItsPlaceAlone()
    {
        string key = EffectKey.Of("evt_1", "invite", "step", 0);

        key.ShouldMatch("^[0-9a-f]{32}$");
        EffectKey.Of("evt_1", "invite", "step", 0).ShouldBe(key);
        new[] { EffectKey.Of("evt_2", "invite", "step", 0), EffectKey.Of("evt_1", "other", "step", 0), EffectKey.Of("evt_1", "invite", "next", 0), EffectKey.Of("evt_1", "invite", "step", 1) }
            .ShouldNotContain(key);
        EffectKey.Of("evt_1", "invite", "step", 0, force: 1).ShouldNotBe(key, "the target must not take it for the former one");
    }
}
