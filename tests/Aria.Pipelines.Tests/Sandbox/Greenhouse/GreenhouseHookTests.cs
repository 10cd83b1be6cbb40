using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Aria.Pipelines.Sandbox.Greenhouse;
using Aria.Pipelines.Sandbox.Webhooks;

namespace Aria.Pipelines.Tests.Sandbox.Greenhouse;

public sealed class GreenhouseHookTests
{
    private const string Secret = "hook-secret";

    [Fact]
    public async Task StageChange_Signed_VerifiesOverTheRawBytes()
    {
        await using GreenhouseRig rig = await GreenhouseRig.StartAsync();
        await using WebhookReceiver receiver = await WebhookReceiver.StartAsync();
        await rig.Sandbox.AddWebhookAsync(receiver.Url, Secret, ["candidate_stage_change"], cancellationToken: TestContext.Current.CancellationToken);
        (await receiver.NextAsync()).Json.GetProperty("action").GetString().ShouldBe("ping");

        long id = rig.Sandbox.Apply(new GreenhouseCandidate("Zoë <b>", "李", "zoe@example.com"));
        rig.Sandbox.MoveStage(id, "Phone Screen");

        ReceivedHook hook = await receiver.NextAsync();
        string expected = "sha256 " + Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(Secret), hook.Body));
        hook.Headers["Signature"].ShouldBe(expected);
        hook.Headers["Greenhouse-Event-ID"].ShouldNotBeEmpty();
        hook.Body.ShouldAllBe(b => b < 0x7f);
        Encoding.ASCII.GetString(hook.Body).ShouldContain("Zo\\u00eb \\u003cb\\u003e");
        JsonElement application = hook.Json.GetProperty("payload").GetProperty("application");
        application.GetProperty("status").GetString().ShouldBe("active");
        application.GetProperty("current_stage").GetProperty("name").GetString().ShouldBe("Phone Screen");
        application.GetProperty("current_stage").GetProperty("id").GetInt64().ShouldBe((GreenhouseSeeds.EngineerJobId * 10) + 1);
        application.GetProperty("candidate").GetProperty("first_name").GetString().ShouldBe("Zoë <b>");
        application.GetProperty("candidate").GetProperty("email_addresses")[0].GetProperty("value").GetString().ShouldBe("zoe@example.com");
        application.GetProperty("jobs")[0].GetProperty("id").GetInt64().ShouldBe(GreenhouseSeeds.EngineerJobId);
        application.TryGetProperty("previous_stage", out _).ShouldBeFalse();
    }

    [Fact]
    public async Task Delivery_AnsweredAnythingBut200_IsTriedSevenTimesOnTheVendorsSchedule()
    {
        await using GreenhouseRig rig = await GreenhouseRig.StartAsync();
        await using WebhookReceiver receiver = await WebhookReceiver.StartAsync();
        await rig.Sandbox.AddWebhookAsync(receiver.Url, Secret, ping: false, cancellationToken: TestContext.Current.CancellationToken);
        receiver.Status = 202;

        rig.Sandbox.Apply(GreenhouseRig.Jane);
        await rig.Sandbox.WhenQuietAsync(TestContext.Current.CancellationToken);
        foreach (int minutes in (int[])[1, 15, 60, 120, 240, 480])
        {
            receiver.Drain().Count.ShouldBe(1);
            rig.Time.Advance(TimeSpan.FromMinutes(minutes) - TimeSpan.FromSeconds(1));
            await rig.Sandbox.WhenQuietAsync(TestContext.Current.CancellationToken);
            receiver.Drain().ShouldBeEmpty();
            rig.Time.Advance(TimeSpan.FromSeconds(1));
            await rig.Sandbox.WhenQuietAsync(TestContext.Current.CancellationToken);
        }

        WebhookDelivery delivery = rig.Sandbox.Deliveries.ShouldHaveSingleItem();
        delivery.State.ShouldBe(DeliveryState.Failed);
        delivery.Attempts.Count.ShouldBe(7);
        delivery.Attempts.ShouldAllBe(a => a.Status == 202);
        rig.Sandbox.PendingDeliveries.ShouldBe(0);
    }

    [Fact]
    public async Task Delivery_RetriedAfterARedirect_KeepsItsEventIdAndIsNotFollowed()
    {
        await using GreenhouseRig rig = await GreenhouseRig.StartAsync();
        await using WebhookReceiver receiver = await WebhookReceiver.StartAsync();
        await rig.Sandbox.AddWebhookAsync(receiver.Url, Secret, ping: false, cancellationToken: TestContext.Current.CancellationToken);
        receiver.Status = 302;
        rig.Sandbox.Apply(GreenhouseRig.Jane);
        await rig.Sandbox.WhenQuietAsync(TestContext.Current.CancellationToken);
        ReceivedHook first = receiver.Drain().ShouldHaveSingleItem();
        rig.Sandbox.PendingDeliveries.ShouldBe(1);

        receiver.Status = 200;
        rig.Time.Advance(TimeSpan.FromMinutes(1));

        ReceivedHook second = await receiver.NextAsync();
        second.Headers["Greenhouse-Event-ID"].ShouldBe(first.Headers["Greenhouse-Event-ID"]);
        second.Body.ShouldBe(first.Body);
        await rig.Sandbox.WhenQuietAsync(TestContext.Current.CancellationToken);
        rig.Sandbox.PendingDeliveries.ShouldBe(0);
    }

    [Fact]
    public async Task Delivery_NotAnsweredWithinTenSeconds_FailsTheAttempt()
    {
        await using GreenhouseRig rig = await GreenhouseRig.StartAsync();
        await using WebhookReceiver receiver = await WebhookReceiver.StartAsync();
        await rig.Sandbox.AddWebhookAsync(receiver.Url, Secret, ping: false, cancellationToken: TestContext.Current.CancellationToken);
        var never = new TaskCompletionSource();
        receiver.Hold = never.Task;

        rig.Sandbox.Apply(GreenhouseRig.Jane);
        await receiver.NextAsync();
        rig.Time.Advance(TimeSpan.FromSeconds(10));
        await rig.Sandbox.WhenQuietAsync(TestContext.Current.CancellationToken);

        rig.Sandbox.Deliveries[0].Attempts.ShouldHaveSingleItem().Error.ShouldBe("No answer within 10 s.");
        rig.Sandbox.Deliveries[0].State.ShouldBe(DeliveryState.Waiting);
        never.SetResult();
    }

    [Fact]
    public async Task Ping_Refused_KeepsTheWebhookDisabledUntilEnabledByHand()
    {
        await using GreenhouseRig rig = await GreenhouseRig.StartAsync();
        await using WebhookReceiver receiver = await WebhookReceiver.StartAsync();
        receiver.Status = 404;

        WebhookTarget target = await rig.Sandbox.AddWebhookAsync(receiver.Url, Secret, cancellationToken: TestContext.Current.CancellationToken);

        target.Enabled.ShouldBeFalse();
        rig.Sandbox.Apply(GreenhouseRig.Jane);
        receiver.Status = 200;
        rig.Sandbox.EnableWebhook(target.Id);
        long second = rig.Sandbox.Apply(GreenhouseRig.Jane);
        await receiver.NextAsync();
        ReceivedHook hook = await receiver.NextAsync();
        hook.Json.GetProperty("payload").GetProperty("application").GetProperty("id").GetInt64().ShouldBe(second);
    }

    [Fact]
    public async Task Actions_EachChange_HasTheDocumentedShape()
    {
        await using GreenhouseRig rig = await GreenhouseRig.StartAsync();
        await using WebhookReceiver receiver = await WebhookReceiver.StartAsync();
        await rig.Sandbox.AddWebhookAsync(receiver.Url, Secret, ping: false, cancellationToken: TestContext.Current.CancellationToken);

        long hired = rig.Sandbox.Apply(GreenhouseRig.Jane with { ResumeFilename = "cv.pdf" });
        JsonElement applied = (await receiver.NextAsync()).Json;
        applied.GetProperty("action").GetString().ShouldBe("new_candidate_application");
        applied.GetProperty("payload").GetProperty("application").TryGetProperty("prospect_detail", out _).ShouldBeTrue();
        string url = applied.GetProperty("payload").GetProperty("application").GetProperty("candidate").GetProperty("attachments")[0].GetProperty("url").GetString()!;
        (await rig.Client.GetAsync(url)).Body.ShouldStartWith("%PDF");

        rig.Sandbox.Hire(hired);
        JsonElement hire = (await receiver.NextAsync()).Json;
        hire.GetProperty("action").GetString().ShouldBe("hire_candidate");
        hire.GetProperty("payload").GetProperty("application").TryGetProperty("status", out _).ShouldBeFalse();

        long rejected = rig.Sandbox.Apply(GreenhouseRig.Jane);
        await receiver.NextAsync();
        rig.Sandbox.Reject(rejected);
        JsonElement reject = (await receiver.NextAsync()).Json.GetProperty("payload").GetProperty("application");
        reject.GetProperty("status").GetString().ShouldBe("rejected");
        reject.GetProperty("rejection_reason").GetProperty("name").GetString().ShouldBe("Too Junior");

        rig.Sandbox.UpdateCandidate(rig.Sandbox.State.Application(rejected).CandidateId, GreenhouseRig.Jane with { Email = "new@example.com" });
        (await receiver.NextAsync()).Json.GetProperty("action").GetString().ShouldBe("update_candidate");
        Should.Throw<InvalidOperationException>(() => rig.Sandbox.Hire(hired)).Message.ShouldBe($"Application {hired} is already hired.");

        rig.Time.Advance(TimeSpan.FromDays(7));
        (await rig.Client.GetAsync(url)).Status.ShouldBe(403);
    }
}
