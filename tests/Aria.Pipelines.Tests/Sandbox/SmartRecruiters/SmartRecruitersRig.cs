using System.Text;
using Aria.Pipelines.Sandbox.SmartRecruiters;
using Microsoft.Extensions.Time.Testing;

namespace Aria.Pipelines.Tests.Sandbox.SmartRecruiters;

/// <summary>A SmartRecruiters sandbox on a clock that stands still, and a client with the API key.</summary>
internal sealed class SmartRecruitersRig : IAsyncDisposable
{
    public static readonly SmartRecruitersCandidate Jane = new("Jane", "Doe", "jane.doe@example.com", "+15551234567");

    private SmartRecruitersRig(FakeTimeProvider time, SmartRecruitersOptions options, SmartRecruitersSandbox sandbox)
    {
        (Time, Options, Sandbox, Client) = (time, options, sandbox, new SandboxClient(sandbox.BaseUrl));
        Client.ApiKey = options.ApiKey;
    }

    public FakeTimeProvider Time { get; }

    public SmartRecruitersOptions Options { get; }

    public SmartRecruitersSandbox Sandbox { get; }

    public SandboxClient Client { get; }

    public static async Task<SmartRecruitersRig> StartAsync(SmartRecruitersOptions? options = null)
    {
        var time = new FakeTimeProvider(new DateTimeOffset(2026, 10, 1, 9, 0, 0, TimeSpan.Zero));
        options = (options ?? new SmartRecruitersOptions { RateLimit = 100_000 }) with { Time = time };
        return new SmartRecruitersRig(time, options, await SmartRecruitersSandbox.StartAsync(options, TestContext.Current.CancellationToken));
    }

    public Task<SandboxReply> RequestTokenAsync(string client, string secret, string grant = "client_credentials") =>
        Client.SendAsync("POST", "/identity/oauth/token", new FormUrlEncodedContent(new Dictionary<string, string>
        {
            ["grant_type"] = grant,
            ["client_id"] = client,
            ["client_secret"] = secret,
        }));

    /// <summary>Lets the client use a token instead of the key.</summary>
    public async Task LogInAsync()
    {
        SandboxReply reply = await RequestTokenAsync(Options.ClientId, Options.ClientSecret);
        reply.Status.ShouldBe(200, reply.Body);
        Client.ApiKey = null;
        Client.Authorization = new("Bearer", reply.Json.GetProperty("access_token").GetString());
    }

    public Task<SandboxReply> PutAsync(string path, string json) => Client.SendAsync("PUT", path, new StringContent(json, Encoding.UTF8, "application/json"));

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await Sandbox.DisposeAsync();
    }
}
