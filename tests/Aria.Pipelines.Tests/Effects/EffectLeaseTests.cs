using Aria.Pipelines.Effects;
using Aria.Pipelines.Store;
using Microsoft.AspNetCore.Http;

namespace Aria.Pipelines.Tests.Effects;

/// <summary>Nothing is sent, and nothing is believed, that another process may already be about.</summary>
public sealed class EffectLeaseTests
{
    // An attempt may take 30 s.
    private static readonly TimeSpan Attempt = TimeSpan.FromSeconds(30);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    /// <summary>What was sent by a clock that was two hours ahead was sent before now all the same: it is looked for when its delay is over.</summary>
    [Fact]
    public async Task LookUp_SentByAClockThatWasAhead_WaitsForTheDelayAndNotForTheClock()
    {
        await using EffectRig rig = await EffectRig.StartAsync(EffectRig.Lost, EffectRig.Found("7"));
        rig.Time.Advance(TimeSpan.FromHours(2));
        await rig.PerformAsync("lookup");
        rig.Time.AdjustTime(rig.Time.Start);
        await rig.RestartAsync();

        EffectResult.Again early = (await rig.PerformAsync("lookup")).ShouldBeOfType<EffectResult.Again>();

        early.At.ShouldBe(rig.Time.GetUtcNow() + TimeSpan.FromSeconds(5));
        rig.Time.Advance(TimeSpan.FromSeconds(5));
        (await rig.PerformAsync("lookup")).ShouldBeOfType<EffectResult.Done>();
    }

    [Theory]
    [InlineData("idempotent", false)]
    [InlineData("unsafe", false)]
    [InlineData("idempotent", true)]
    [InlineData("keyed", true)]
    public async Task Perform_CommitTakesUntilTheAttemptNoLongerFits_BegunAndNotSent(string operation, bool again)
    {
        await using EffectRig rig = again ? await EffectRig.StartAsync(EffectRig.Lost) : await EffectRig.StartAsync();
        if (again)
        {
            (await rig.PerformAsync(operation)).ShouldBeOfType<EffectResult.Again>();
        }
        int before = rig.Requests.Count;
        rig.LeaseTime = Attempt * 2.2;
        await rig.RestartAsync();

        // Every look at the clock costs 10 s: two before the lease is asked first, which then has 36 s left at least, and several until the attempt is on the disk.
        rig.Time.AutoAdvanceAmount = TimeSpan.FromSeconds(10);
        EffectResult.Again later = (await rig.PerformAsync(operation)).ShouldBeOfType<EffectResult.Again>();
        rig.Time.AutoAdvanceAmount = TimeSpan.Zero;

        (later.Code, later.CountsAsAttempt).ShouldBe(("lease_ending", false));
        rig.Requests.Count.ShouldBe(before);
        (await rig.AttemptsAsync())[^1].ShouldBe("send not_sent", "the attempt was begun before it was seen that it no longer fits");
        (await rig.EffectAsync()).State.ShouldBe(again ? EffectState.Unknown : EffectState.Planned);
        rig.LeaseTime = TimeSpan.FromDays(1);
        await rig.RestartAsync();
        (await rig.PerformAsync(operation)).ShouldBeOfType<EffectResult.Done>();
        rig.Requests.Count.ShouldBe(before + 1);
    }

    [Theory]
    [InlineData("idempotent")]
    [InlineData("unsafe")]
    public async Task Perform_AnswerComesAfterTheLease_IsGivenUpAndUnknownToTheNextOwner(string operation)
    {
        await using EffectRig rig = await EffectRig.StartAsync();
        rig.LeaseTime = TimeSpan.FromMinutes(2);
        await rig.RestartAsync();
        rig.Answers.Enqueue(async response =>
        {
            rig.Time.Advance(TimeSpan.FromMinutes(2));
            await NeverAsync(response.HttpContext);
        });

        await Should.ThrowAsync<LeaseLostException>(() => rig.PerformAsync(operation));

        rig.LeaseTime = TimeSpan.FromDays(1);
        await rig.RestartAsync();
        (await rig.EffectAsync()).State.ShouldBe(EffectState.Unknown);
        rig.Requests.Count.ShouldBe(1);
    }

    [Fact]
    public async Task Perform_AnswerComesLateButWithinTheLease_IsTaken()
    {
        await using EffectRig rig = await EffectRig.StartAsync();
        rig.Answers.Enqueue(response =>
        {
            rig.Time.Advance(TimeSpan.FromMinutes(2));
            return EffectRig.Created(response);
        });

        (await rig.PerformAsync("idempotent")).ShouldBeOfType<EffectResult.Done>("the lease is longer than the answer took");
    }

    private static async Task NeverAsync(HttpContext http)
    {
        try
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, http.RequestAborted);
        }
        catch (OperationCanceledException)
        {
            // The client hung up, which is what the test waits for.
            Stop.ThrowIfCancellationRequested();
        }
    }
}
