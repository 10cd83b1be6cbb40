using Aria.Pipelines.Sandbox.Aria;
using Microsoft.Extensions.Time.Testing;

namespace Aria.Pipelines.Tests.Sandbox.Aria;

/// <summary>An ARIA sandbox on a clock that stands still, and a client with a valid key.</summary>
internal sealed class AriaRig : IAsyncDisposable
{
    public const string Invitation = """
        {"candidate":{"email":"jane.doe@example.com","name":"Jane Doe","phone":"+15551234567"},"job_id":"job_abc123",
         "interview_kit_id":"kit_xyz789","send_immediately":true,"external_id":"app-1","metadata":{"source":"greenhouse"}}
        """;

    private AriaRig(FakeTimeProvider time, AriaSandbox sandbox)
    {
        (Time, Sandbox, Client) = (time, sandbox, new SandboxClient(sandbox.BaseUrl) { Authorization = new("Bearer", "aria-sandbox-key") });
    }

    public FakeTimeProvider Time { get; }

    public AriaSandbox Sandbox { get; }

    public SandboxClient Client { get; }

    public static async Task<AriaRig> StartAsync(AriaOptions? options = null)
    {
        var time = new FakeTimeProvider(new DateTimeOffset(2026, 10, 1, 9, 0, 0, TimeSpan.Zero));
        return new AriaRig(time, await AriaSandbox.StartAsync((options ?? new AriaOptions()) with { Time = time }, TestContext.Current.CancellationToken));
    }

    public async Task<string> InviteAsync(string body = Invitation)
    {
        SandboxReply reply = await Client.PostAsync("/v1/interviews", body);
        reply.Status.ShouldBe(201, reply.Body);
        return reply.Json.GetProperty("interview_id").GetString()!;
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await Sandbox.DisposeAsync();
    }
}
