using Aria.Pipelines.Sandbox.Faults;
using Aria.Pipelines.Tests.Sandbox.Aria;

namespace Aria.Pipelines.Tests.Sandbox.Faults;

public sealed class FaultTests
{
    [Fact]
    public async Task Status_WithRetryAfter_AnswersWithoutProcessingAsOftenAsAsked()
    {
        await using AriaRig rig = await AriaRig.StartAsync();
        SandboxReply added = await rig.Client.PostAsync("/_sandbox/faults",
            """{"match":{"method":"POST","pathPrefix":"/v1/interviews"},"times":2,"kind":"status","status":503,"retryAfter":5}""");
        added.Status.ShouldBe(201);

        SandboxReply first = await rig.Client.PostAsync("/v1/interviews", AriaRig.Invitation);
        (first.Status, first.Headers["Retry-After"]).ShouldBe((503, "5"));
        (await rig.Client.GetAsync("/v1/interviews")).Status.ShouldBe(200);
        (await rig.Client.PostAsync("/v1/interviews", AriaRig.Invitation)).Status.ShouldBe(503);
        rig.Sandbox.InvitationsCreated.ShouldBe(0);
        await rig.InviteAsync();
        rig.Sandbox.Faults.Count.ShouldBe(0);
    }

    [Theory]
    [InlineData("drop_before", 0)]
    [InlineData("drop_after", 1)]
    public async Task Drop_ClosesTheConnection_BeforeOrAfterTheChange(string kind, int created)
    {
        await using AriaRig rig = await AriaRig.StartAsync();
        await rig.Client.PostAsync("/_sandbox/faults", $$"""{"match":{"pathPrefix":"/v1/"},"kind":"{{kind}}"}""");

        await Should.ThrowAsync<HttpRequestException>(() => rig.Client.PostAsync("/v1/interviews", AriaRig.Invitation));

        rig.Sandbox.InvitationsCreated.ShouldBe(created);
        var entry = rig.Sandbox.Requests.Entries.ShouldHaveSingleItem();
        entry.Status.ShouldBe(0);
        entry.Fault.ShouldBe(kind == "drop_before" ? "DropBefore" : "DropAfter");
    }

    [Fact]
    public async Task Garbage_KeepsTheStatusAndTheChange()
    {
        await using AriaRig rig = await AriaRig.StartAsync();
        rig.Sandbox.Faults.Add(new Fault { Kind = FaultKind.Garbage });

        SandboxReply reply = await rig.Client.PostAsync("/v1/interviews", AriaRig.Invitation);

        reply.Status.ShouldBe(201);
        reply.Body.ShouldStartWith("<html>");
        rig.Sandbox.InvitationsCreated.ShouldBe(1);
    }

    [Fact]
    public async Task Delay_WaitsOnTheSandboxsClock()
    {
        await using AriaRig rig = await AriaRig.StartAsync();
        rig.Sandbox.Faults.Add(new Fault { Kind = FaultKind.Delay, Method = "POST", Delay = TimeSpan.FromSeconds(30) });
        DateTimeOffset start = rig.Time.GetUtcNow();

        Task<SandboxReply> slow = rig.Client.PostAsync("/v1/interviews", AriaRig.Invitation);
        (await rig.Client.GetAsync("/v1/interviews")).Status.ShouldBe(200);
        while (!slow.IsCompleted)
        {
            rig.Time.Advance(TimeSpan.FromSeconds(10));
            await rig.Client.GetAsync("/_sandbox/state");
        }

        (await slow).Status.ShouldBe(201);
        (rig.Time.GetUtcNow() - start).ShouldBeGreaterThanOrEqualTo(TimeSpan.FromSeconds(30));
    }

    [Theory]
    [InlineData("""{"kind":"explode"}""", "'kind' is 'explode'. Use status, delay, drop_before, drop_after, hold_after or garbage.")]
    [InlineData("""{"times":1}""", "'kind' is missing. It must be a string.")]
    [InlineData("""{"kind":"status","retry_after":5}""", "'retry_after' is not known here. Known: match, times, kind, status, retryAfter, delayMs.")]
    [InlineData("""{"kind":"status","match":{"path":"/v1"}}""", "'path' is not known here. Known: method, pathPrefix.")]
    public async Task Control_WrongFault_Is422(string body, string error)
    {
        await using AriaRig rig = await AriaRig.StartAsync();

        SandboxReply reply = await rig.Client.PostAsync("/_sandbox/faults", body);

        (reply.Status, reply.Error).ShouldBe((422, error));
    }
}
