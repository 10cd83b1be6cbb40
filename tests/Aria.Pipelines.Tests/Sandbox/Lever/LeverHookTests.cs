using System.Text;
using System.Text.Json;
using Aria.Pipelines.Sandbox.Lever;
using Aria.Pipelines.Sandbox.Webhooks;

namespace Aria.Pipelines.Tests.Sandbox.Lever;

/// <summary>Webhooks, tags and links.</summary>
public sealed class LeverHookTests
{
    private static readonly CancellationToken Stop = TestContext.Current.CancellationToken;

    [Fact]
    public async Task Move_SubscribedEventOnly_SignedInTheBodyAndTheSameStageIsNoMove()
    {
        await using LeverRig rig = await LeverRig.StartAsync();
        await using WebhookReceiver receiver = await WebhookReceiver.StartAsync();
        SandboxReply created = await rig.Client.PostAsync("/v1/webhooks", $$"""{"url":"{{receiver.Url}}","event":"candidateStageChange"}""");
        string key = created.Json.GetProperty("data").GetProperty("data").GetProperty("configuration").GetProperty("signatureToken").GetString()!;
        rig.Sandbox.Archive(rig.Id, null);
        await rig.WriteAsync("PUT", "stage", $$"""{"stage":"{{LeverSeeds.PhoneScreenId}}"}""");
        await rig.WriteAsync("PUT", "stage", $$"""{"stage":"{{LeverSeeds.PhoneScreenId}}"}""");
        await rig.Sandbox.WhenQuietAsync(Stop);

        JsonElement body = receiver.Drain().ShouldHaveSingleItem().Json;
        body.GetProperty("data").GetProperty("toStageId").GetString().ShouldBe(LeverSeeds.PhoneScreenId);
        string token = body.GetProperty("token").GetString()!;
        token.Length.ShouldBe(48);
        byte[] mac = System.Security.Cryptography.HMACSHA256.HashData(Encoding.UTF8.GetBytes(key), Encoding.UTF8.GetBytes($"{token}{body.GetProperty("triggeredAt").GetInt64()}"));
        body.GetProperty("signature").GetString().ShouldBe(Convert.ToHexStringLower(mac));
    }

    [Fact]
    public async Task Webhook_WithoutSignatureToken_TestDeliveryIsUnsignedAndEmpty()
    {
        await using LeverRig rig = await LeverRig.StartAsync();
        await using WebhookReceiver receiver = await WebhookReceiver.StartAsync();
        WebhookTarget target = rig.Sandbox.AddWebhook(receiver.Url, "");

        (await rig.Sandbox.TestWebhookAsync(target, Stop)).ShouldBeTrue();

        (await receiver.NextAsync()).Json.EnumerateObject().Select(m => m.Name).ShouldBe(["triggeredAt", "event", "data", "token"]);
    }

    [Fact]
    public async Task Tags_AddedTwiceAndRemoved_AsASet()
    {
        await using LeverRig rig = await LeverRig.StartAsync();
        await rig.WriteAsync("POST", "addTags", """{"tags":["a","b"]}""");
        await rig.WriteAsync("POST", "addTags", """{"tags":["a"]}""");
        rig.Opportunity.Tags.ShouldBe(["a", "b"]);
        await rig.WriteAsync("POST", "removeTags", """{"tags":["a","c"]}""");
        rig.Opportunity.Tags.ShouldBe(["b"]);
    }

    [Fact]
    public async Task Links_OfOneOpportunity_ShowOnEveryOneOfThePerson()
    {
        await using LeverRig rig = await LeverRig.StartAsync();
        string other = rig.Sandbox.ApplyAgain(rig.Id, LeverSeeds.Postings[1].Id);
        await rig.WriteAsync("POST", "addLinks", """{"links":["https://r.example/1"]}""");
        rig.Sandbox.State.Opportunity(other).Links.ShouldBe(["https://r.example/1"]);
        (await rig.WriteAsync("POST", "addLinks", """{"links":["no link"]}""")).Status.ShouldBe(400);
    }
}
