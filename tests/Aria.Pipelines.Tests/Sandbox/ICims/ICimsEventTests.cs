using System.IO.Compression;
using System.Text;
using System.Text.Json;
using Aria.Pipelines.Sandbox.Webhooks;

namespace Aria.Pipelines.Tests.Sandbox.ICims;

/// <summary>Push events: compressed, unsigned, and nothing in them but ids.</summary>
public sealed class ICimsEventTests : IAsyncLifetime
{
    private static readonly CancellationToken Stop = TestContext.Current.CancellationToken;
    private ICimsRig _rig = null!;
    private WebhookReceiver _receiver = null!;

    public async ValueTask InitializeAsync()
    {
        _rig = await ICimsRig.StartAsync();
        _receiver = await WebhookReceiver.StartAsync();
        _rig.Sandbox.AddReceiver(_receiver.Url);
    }

    public async ValueTask DisposeAsync()
    {
        await _rig.DisposeAsync();
        await _receiver.DisposeAsync();
    }

    [Fact]
    public async Task Move_ByARecruiter_StatusChangeWithIds()
    {
        long id = _rig.Sandbox.Apply(ICimsRig.Jane);
        await _receiver.NextAsync();
        _rig.Sandbox.Move(id, "Phone Screen");
        ReceivedHook hook = await _receiver.NextAsync();
        hook.Headers["Content-Encoding"].ShouldBe("gzip");
        JsonElement body = Unpacked(hook);
        body.EnumerateObject().Select(p => p.Name).ShouldBe(["eventType", "customerId", "systemId", "personId", "jobId", "userId", "oldStatus", "newStatus", "links"]);
        Text(body, "eventType", "systemId", "jobId", "oldStatus", "newStatus").ShouldBe(["WorkFlowStatusChangeEvent", $"{id}", "4056310", "D10100", "C38354"]);
        body.GetProperty("links").EnumerateArray().Select(l => l.GetProperty("rel").GetString()).ShouldBe(["applicantWorkflow", "job", "person", "user"]);
    }

    [Fact]
    public async Task Apply_CandidateIsDone_AssessmentEvent()
    {
        long id = _rig.Sandbox.Apply(ICimsRig.Jane);
        JsonElement body = Unpacked(await _receiver.NextAsync());
        body.EnumerateObject().Select(p => p.Name).ShouldBe(["eventType", "customerId", "systemId", "userId", "returnUrl", "links"]);
        Text(body, "eventType", "systemId", "userId").ShouldBe(["AssessmentEvent", $"{id}", $"{_rig.Sandbox.State.Workflow(id).PersonId}"]);
    }

    [Fact]
    public async Task Patch_SameStatusAgain_NoEvent()
    {
        long id = _rig.Sandbox.Apply(ICimsRig.Jane);
        (await _rig.PatchAsync($"/applicantworkflows/{id}", """{"status":{"id":"C38354"}}""")).Status.ShouldBe(200);
        (await _rig.PatchAsync($"/applicantworkflows/{id}", """{"status":{"id":"C38354"}}""")).Status.ShouldBe(200);
        await _rig.Sandbox.WhenQuietAsync(Stop);
        _rig.Sandbox.Deliveries.Count(d => d.Event == "WorkFlowStatusChangeEvent").ShouldBe(1);
    }

    [Theory]
    [InlineData(200, DeliveryState.Delivered)]
    [InlineData(303, DeliveryState.Delivered)]
    [InlineData(202, DeliveryState.Waiting)]
    [InlineData(400, DeliveryState.Waiting)]
    public async Task Send_Answer_200And303AreSuccess(int status, DeliveryState state)
    {
        _receiver.Status = status;
        _rig.Sandbox.Apply(ICimsRig.Jane);
        await _rig.Sandbox.WhenQuietAsync(Stop);
        _rig.Sandbox.Deliveries.ShouldHaveSingleItem().State.ShouldBe(state);
    }

    private static JsonElement Unpacked(ReceivedHook hook)
    {
        using var gzip = new GZipStream(new MemoryStream(hook.Body), CompressionMode.Decompress);
        using var reader = new StreamReader(gzip, Encoding.UTF8);
        return JsonElement.Parse(reader.ReadToEnd());
    }

    private static IEnumerable<string?> Text(JsonElement body, params string[] names) => names.Select(n => body.GetProperty(n).GetString());
}
