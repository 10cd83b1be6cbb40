using System.Globalization;
using System.Text;
using System.Text.Json;
using Aria.Pipelines.Sandbox.SmartRecruiters;
using Aria.Pipelines.Sandbox.Webhooks;

namespace Aria.Pipelines.Tests.Sandbox.SmartRecruiters;

/// <summary>Subscriptions, the handshake, and what notifications hold.</summary>
public sealed class SubscriptionTests : IAsyncLifetime
{
    private const string Path = "/webhooks-api/v201907/subscriptions";
    private SmartRecruitersRig _rig = null!;
    private WebhookReceiver _receiver = null!;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _rig = await SmartRecruitersRig.StartAsync();
        _receiver = await WebhookReceiver.StartAsync();
        _receiver.Echo = "X-Hook-Secret";
    }

    public async ValueTask DisposeAsync()
    {
        await _receiver.DisposeAsync();
        await _rig.DisposeAsync();
    }

    private string Subscription(string events = "\"application.status.updated\"") => $$"""{"callbackUrl":"{{_receiver.Url}}","events":[{{events}}],"alertingEmailAddress":"ops@example.com"}""";

    [Fact]
    public async Task Activation_HeaderEchoedWith200_ActiveAndNotTwice()
    {
        JsonElement created = (await _rig.Client.PostAsync(Path, Subscription())).Json;
        string id = created.GetProperty("id").GetString()!;
        created.GetProperty("status").GetString().ShouldBe("inactive");
        (await _rig.PutAsync($"{Path}/{id}/activation", "")).Status.ShouldBe(204);
        (await _rig.Client.GetAsync($"{Path}/{id}")).Json.GetProperty("status").GetString().ShouldBe("active");
        (await _rig.PutAsync($"{Path}/{id}/activation", "")).Status.ShouldBe(409);
        (await _rig.PutAsync($"{Path}/none/activation", "")).Status.ShouldBe(404);
    }

    [Theory]
    [InlineData(202, "X-Hook-Secret", null)]
    [InlineData(200, null, null)]
    [InlineData(200, "X-Hook-Secret", "another-secret")]
    [InlineData(200, "X-Hook-Secret", "")]
    public async Task Activation_OtherStatusOrNotItsSecret_424AndNothingIsSent(int status, string? echo, string? value)
    {
        (_receiver.Status, _receiver.Echo, _receiver.EchoValue) = (status, echo, value);
        string id = (await _rig.Client.PostAsync(Path, Subscription())).Json.GetProperty("id").GetString()!;
        (await _rig.PutAsync($"{Path}/{id}/activation", "")).Status.ShouldBe(424);
        _receiver.Drain();
        _rig.Sandbox.SetStatus(_rig.Sandbox.Apply(SmartRecruitersRig.Jane), "HIRED");
        _rig.Sandbox.Deliveries.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("\"application.moved\"", 422)]
    [InlineData("", 422)]
    public async Task Create_EventOutsideOfTheCatalogue_422(string events, int status) =>
        (await _rig.Client.PostAsync(Path, Subscription(events))).Status.ShouldBe(status);

    [Fact]
    public async Task Create_MoreThan20OrAnotherHost_Refused()
    {
        (await _rig.Client.PostAsync(Path, Subscription().Replace(_receiver.Url.ToString(), "https://example.com/hook", StringComparison.Ordinal))).Status.ShouldBe(422);
        for (int i = 0; i < 20; i++)
        {
            (await _rig.Client.PostAsync(Path, Subscription())).Status.ShouldBe(201);
        }
        SandboxReply refused = await _rig.Client.PostAsync(Path, Subscription());
        (refused.Status, refused.Json.GetProperty("errors")[0].GetProperty("code").GetString()).ShouldBe((403, "SUBSCRIPTIONS_LIMIT_EXCEEDED"));
    }

    [Fact]
    public async Task Notification_StatusUpdated_IdsOnlyAndSignedOverFiveHeaders()
    {
        (await _rig.Sandbox.SubscribeAsync(_receiver.Url, "key-1", ["application.status.updated"], Stop)).ShouldBeTrue();
        _receiver.Drain();
        _receiver.Status = 202;
        SmartRecruitersApplicationKey key = _rig.Sandbox.Apply(SmartRecruitersRig.Jane);
        _rig.Sandbox.SetStatus(key, "IN_REVIEW", "Phone Screen");
        ReceivedHook hook = await _receiver.NextAsync();
        string applicationId = _rig.Sandbox.State.Application(key.CandidateId, key.JobId).ApplicationId;
        Encoding.UTF8.GetString(hook.Body).ShouldBe($$"""{"job_id":"{{key.JobId}}","candidate_id":"{{key.CandidateId}}","application_id":"{{applicationId}}"}""");
        string link = $"<{_rig.Sandbox.BaseUrl}candidates/{key.CandidateId}/jobs/{key.JobId}>; rel=self";
        string timestamp = _rig.Time.GetUtcNow().ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        (hook.Headers["event-name"], hook.Headers["event-version"], hook.Headers["link"], hook.Headers["smartrecruiters-timestamp"])
            .ShouldBe(("application.status.updated", "v201910", link, timestamp));
        string signed = $"{timestamp}.{Encoding.UTF8.GetString(hook.Body)}.{hook.Headers["event-id"]}.application.status.updated.v201910.{link}";
        hook.Headers["smartrecruiters-signature"].ShouldBe("v1=" + Hex("key-1", signed));
        await _rig.Sandbox.WhenQuietAsync(Stop);
        _rig.Sandbox.Deliveries.ShouldHaveSingleItem().State.ShouldBe(DeliveryState.Delivered);
    }

    [Fact]
    public async Task Notification_Answered200_IsSentAgainUnderTheSameIdWithANewTime()
    {
        await _rig.Sandbox.SubscribeAsync(_receiver.Url, "key-1", ["candidate.deleted"], Stop);
        _receiver.Drain();
        _rig.Sandbox.DeleteCandidate(_rig.Sandbox.Apply(SmartRecruitersRig.Jane).CandidateId);
        ReceivedHook first = await _receiver.NextAsync();
        first.Headers.ContainsKey("link").ShouldBeFalse("a deleted candidate has no address");
        await _rig.Sandbox.WhenQuietAsync(Stop);
        _rig.Sandbox.RotateKeys("key-2");
        _receiver.Status = 202;
        _rig.Time.Advance(TimeSpan.FromMinutes(1));
        ReceivedHook second = await _receiver.NextAsync();
        second.Headers["event-id"].ShouldBe(first.Headers["event-id"]);
        string signed = $"{second.Headers["smartrecruiters-timestamp"]}.{Encoding.UTF8.GetString(second.Body)}.{second.Headers["event-id"]}.candidate.deleted.v201910.";
        second.Headers["smartrecruiters-signature"].ShouldBe($"v1={Hex("key-1", signed)};v1={Hex("key-2", signed)}");
    }

    [Fact]
    public async Task SecretKey_Created_IsTheLatestAndTheFormerLivesADay()
    {
        string id = (await _rig.Client.PostAsync(Path, Subscription())).Json.GetProperty("id").GetString()!;
        (await _rig.Client.GetAsync($"{Path}/{id}/secret-key")).Status.ShouldBe(404);
        string first = (await _rig.Client.PostAsync($"{Path}/{id}/secret-key", "{}")).Json.GetProperty("secretKey").GetString()!;
        string second = (await _rig.Client.PostAsync($"{Path}/{id}/secret-key", "{}")).Json.GetProperty("secretKey").GetString()!;
        second.ShouldNotBe(first);
        (await _rig.Client.GetAsync($"{Path}/{id}/secret-key")).Json.GetProperty("secretKey").GetString().ShouldBe(second);
    }

    private static string Hex(string key, string text) =>
        Convert.ToHexStringLower(System.Security.Cryptography.HMACSHA256.HashData(Encoding.UTF8.GetBytes(key), Encoding.UTF8.GetBytes(text)));
}
