using System.Security.Cryptography;
using System.Text;
using Aria.Pipelines.Sandbox.Aria;
using Aria.Pipelines.Sandbox.Webhooks;

namespace Aria.Pipelines.Tests.Sandbox.Aria;

public sealed class AriaHookTests
{
    private const string Secret = "aria-hook-secret";
    private static readonly AriaResult Good = new(8.5m, "advance");

    [Fact]
    public async Task Webhook_MadeOverTheApi_SignsWithTheSecretShownOnce()
    {
        await using AriaRig rig = await AriaRig.StartAsync();
        await using WebhookReceiver receiver = await WebhookReceiver.StartAsync();
        SandboxReply made = await rig.Client.PostAsync("/v1/webhooks", $$"""{"url":"{{receiver.Url}}","events":["interview.completed"]}""");
        made.Status.ShouldBe(201);
        string secret = made.Json.GetProperty("secret").GetString()!;
        (await rig.Client.GetAsync("/v1/webhooks")).Body.ShouldNotContain(secret);

        string id = await rig.InviteAsync();
        rig.Sandbox.Complete(id, Good);

        ReceivedHook hook = await receiver.NextAsync();
        hook.Headers["X-ARIA-Signature"].ShouldBe(Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), hook.Body)));
        Encoding.UTF8.GetString(hook.Body).ShouldBe(
            $$$"""{"event":"interview.completed","interview_id":"{{{id}}}","timestamp":"2026-10-01T09:00:00Z","data":{"score":8.5,"recommendation":"advance","transcript_url":"https://app.ariahr.ai/transcripts/{{{id}}}","recording_url":"https://app.ariahr.ai/recordings/{{{id}}}"}}""");
        string webhookId = made.Json.GetProperty("webhook_id").GetString()!;
        (await rig.Client.SendAsync("DELETE", $"/v1/webhooks/{webhookId}")).Status.ShouldBe(204);
        (await rig.Client.SendAsync("DELETE", $"/v1/webhooks/{webhookId}")).Status.ShouldBe(404);
    }

    [Theory]
    [InlineData("""{"url":"https://example.com/hook","events":["interview.completed"]}""", "url")]
    [InlineData("""{"url":"http://127.0.0.1:9/hook","events":[]}""", "events")]
    [InlineData("""{"url":"http://127.0.0.1:9/hook","events":["interview.done"]}""", "events")]
    [InlineData("""{"url":"http://127.0.0.1:9/hook","events":["interview.completed"],"secret":"mine"}""", "secret")]
    public async Task Webhook_Wrong_Is422(string body, string field)
    {
        await using AriaRig rig = await AriaRig.StartAsync();

        SandboxReply reply = await rig.Client.PostAsync("/v1/webhooks", body);

        reply.Status.ShouldBe(422);
        reply.Json.GetProperty("error").GetProperty("field").GetString().ShouldBe(field);
    }

    [Fact]
    public async Task Signature_WithPrefixOption_StartsWithSha256()
    {
        await using AriaRig rig = await AriaRig.StartAsync(new AriaOptions { SignaturePrefix = true });
        await using WebhookReceiver receiver = await WebhookReceiver.StartAsync();
        rig.Sandbox.AddWebhook(receiver.Url, Secret);

        await rig.InviteAsync();

        ReceivedHook hook = await receiver.NextAsync();
        hook.Json.GetProperty("event").GetString().ShouldBe("interview.invited");
        hook.Headers["X-ARIA-Signature"].ShouldBe("sha256=" + Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(Secret), hook.Body)));
    }

    [Fact]
    public async Task Invitation_NotSentImmediately_AnnouncesNothing()
    {
        await using AriaRig rig = await AriaRig.StartAsync();
        rig.Sandbox.AddWebhook(new Uri("http://127.0.0.1:9/"), Secret);

        await rig.InviteAsync("""{"candidate":{"name":"J","email":"a@example.com"},"job_id":"j","interview_kit_id":"k","send_immediately":false}""");

        rig.Sandbox.Deliveries.ShouldBeEmpty();
    }

    [Fact]
    public async Task Completion_Silent_IsOnlySeenByReading()
    {
        await using AriaRig rig = await AriaRig.StartAsync();
        await using WebhookReceiver receiver = await WebhookReceiver.StartAsync();
        rig.Sandbox.AddWebhook(receiver.Url, Secret, [AriaEvents.Completed]);
        string id = await rig.InviteAsync();

        rig.Sandbox.Complete(id, Good, AriaAnnouncement.None);

        rig.Sandbox.Deliveries.ShouldBeEmpty();
        (await rig.Client.GetAsync($"/v1/interviews/{id}")).Json.GetProperty("status").GetString().ShouldBe("completed");
    }

    [Fact]
    public async Task Completion_TwiceAndBeforeStarted_ComesInThatOrder()
    {
        await using AriaRig rig = await AriaRig.StartAsync();
        await using WebhookReceiver receiver = await WebhookReceiver.StartAsync();
        rig.Sandbox.AddWebhook(receiver.Url, Secret, [AriaEvents.Started, AriaEvents.Completed]);
        string id = await rig.InviteAsync();

        rig.Sandbox.Complete(id, Good, new AriaAnnouncement { Copies = 2, StartedAfterwards = true });
        await rig.Sandbox.WhenQuietAsync(TestContext.Current.CancellationToken);

        IReadOnlyList<ReceivedHook> hooks = receiver.Drain();
        hooks.Select(h => h.Json.GetProperty("event").GetString()).ShouldBe(
            ["interview.completed", "interview.completed", "interview.started", "interview.started"]);
        hooks[0].Body.ShouldBe(hooks[1].Body);
    }

    [Fact]
    public async Task Delivery_Any2xx_IsSuccess_AndOthersFollowTheSchedule()
    {
        await using AriaRig rig = await AriaRig.StartAsync();
        await using WebhookReceiver receiver = await WebhookReceiver.StartAsync();
        rig.Sandbox.AddWebhook(receiver.Url, Secret, [AriaEvents.NoShow]);
        string id = await rig.InviteAsync();
        receiver.Status = 500;
        rig.Sandbox.NoShow(id);
        await rig.Sandbox.WhenQuietAsync(TestContext.Current.CancellationToken);

        foreach (int minutes in (int[])[1, 5, 30, 120, 360])
        {
            WebhookDelivery waiting = rig.Sandbox.Deliveries.ShouldHaveSingleItem();
            waiting.NextAt.ShouldBe(rig.Time.GetUtcNow().AddMinutes(minutes));
            rig.Time.Advance(TimeSpan.FromMinutes(minutes));
            await rig.Sandbox.WhenQuietAsync(TestContext.Current.CancellationToken);
        }

        receiver.Status = 204;
        rig.Time.Advance(TimeSpan.FromHours(24));
        await rig.Sandbox.WhenQuietAsync(TestContext.Current.CancellationToken);
        rig.Sandbox.Deliveries[0].State.ShouldBe(DeliveryState.Delivered);
        rig.Sandbox.Deliveries[0].Attempts.Count.ShouldBe(7);
    }

    [Fact]
    public async Task Delivery_ReceiverDown_IsRetriedWhenTheClockJumps()
    {
        await using AriaRig rig = await AriaRig.StartAsync();
        WebhookReceiver gone = await WebhookReceiver.StartAsync();
        rig.Sandbox.AddWebhook(gone.Url, Secret, [AriaEvents.Invited]);
        await gone.DisposeAsync();
        await rig.InviteAsync();
        await rig.InviteAsync();
        await rig.Sandbox.WhenQuietAsync(TestContext.Current.CancellationToken);
        rig.Sandbox.Deliveries.ShouldAllBe(d => d.State == DeliveryState.Waiting && d.Attempts[0].Status == 0);

        rig.Time.Advance(TimeSpan.FromDays(2));
        await rig.Sandbox.WhenQuietAsync(TestContext.Current.CancellationToken);

        rig.Sandbox.Deliveries.ShouldAllBe(d => d.Attempts.Count == 2);
        rig.Sandbox.PendingDeliveries.ShouldBe(2);
    }
}
