using System.Net.Http.Headers;
using System.Text;
using Aria.Pipelines.Sandbox.Greenhouse;
using Microsoft.Extensions.Time.Testing;

namespace Aria.Pipelines.Tests.Sandbox.Greenhouse;

/// <summary>A Greenhouse sandbox on a clock that stands still, and a client with a Site Admin's token.</summary>
internal sealed class GreenhouseRig : IAsyncDisposable
{
    public static readonly GreenhouseCandidate Jane = new("Jane", "Doe", "jane.doe@example.com", "+15551234567");

    private GreenhouseRig(FakeTimeProvider time, GreenhouseSandbox sandbox)
    {
        (Time, Sandbox, Client) = (time, sandbox, new SandboxClient(sandbox.BaseUrl));
    }

    public FakeTimeProvider Time { get; }

    public GreenhouseSandbox Sandbox { get; }

    public SandboxClient Client { get; }

    public static AuthenticationHeaderValue Basic(string client, string secret) =>
        new("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{client}:{secret}")));

    public static async Task<GreenhouseRig> StartAsync(GreenhouseOptions? options = null, long? sub = GreenhouseSeeds.SiteAdminId)
    {
        var time = new FakeTimeProvider(new DateTimeOffset(2026, 10, 1, 9, 0, 0, TimeSpan.Zero));
        options = (options ?? new GreenhouseOptions { RateLimit = 100_000 }) with { Time = time };
        var rig = new GreenhouseRig(time, await GreenhouseSandbox.StartAsync(options, TestContext.Current.CancellationToken));
        rig.Client.Authorization = new("Bearer", await rig.TokenAsync(sub));
        return rig;
    }

    public async Task<SandboxReply> RequestTokenAsync(AuthenticationHeaderValue? basic, Dictionary<string, string> form)
    {
        using var client = new SandboxClient(Sandbox.BaseUrl) { Authorization = basic };
        return await client.SendAsync("POST", "/token", new FormUrlEncodedContent(form));
    }

    public async Task<string> TokenAsync(long? sub = GreenhouseSeeds.SiteAdminId)
    {
        var form = new Dictionary<string, string> { ["grant_type"] = "client_credentials" };
        if (sub is { } id)
        {
            form["sub"] = $"{id}";
        }

        SandboxReply reply = await RequestTokenAsync(Basic("greenhouse-sandbox-client", "greenhouse-sandbox-secret"), form);
        reply.Status.ShouldBe(200, reply.Body);
        return reply.Json.GetProperty("access_token").GetString()!;
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await Sandbox.DisposeAsync();
    }
}
