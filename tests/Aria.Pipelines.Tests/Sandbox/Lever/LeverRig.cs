using System.Net.Http.Headers;
using System.Text;
using Aria.Pipelines.Sandbox.Lever;
using Microsoft.Extensions.Time.Testing;

namespace Aria.Pipelines.Tests.Sandbox.Lever;

/// <summary>A Lever sandbox on a clock that stands still, one opportunity, and a client with the API key.</summary>
internal sealed class LeverRig : IAsyncDisposable
{
    public static readonly LeverCandidate Ada = new("Ada Example", "ada@example.com", "+1 555 0100");

    private LeverRig(FakeTimeProvider time, LeverSandbox sandbox)
    {
        (Time, Sandbox, Client) = (time, sandbox, new SandboxClient(sandbox.BaseUrl));
        Client.Authorization = Basic("lever-sandbox-key:");
        Id = sandbox.Apply(Ada);
    }

    public FakeTimeProvider Time { get; }

    public LeverSandbox Sandbox { get; }

    public SandboxClient Client { get; }

    /// <summary>The opportunity.</summary>
    public string Id { get; }

    public LeverOpportunityView Opportunity => Sandbox.State.Opportunity(Id);

    public static AuthenticationHeaderValue Basic(string text) => new("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes(text)));

    public static async Task<LeverRig> StartAsync(LeverOptions? options = null)
    {
        var time = new FakeTimeProvider(new DateTimeOffset(2026, 10, 1, 9, 0, 0, TimeSpan.Zero));
        options = (options ?? new LeverOptions { Burst = 100_000 }) with { Time = time };
        return new LeverRig(time, await LeverSandbox.StartAsync(options, TestContext.Current.CancellationToken));
    }

    /// <summary>A write on the opportunity.</summary>
    public Task<SandboxReply> WriteAsync(string method, string path, string json, string? performAs = LeverSeeds.UserId) =>
        Client.SendAsync(method, $"/v1/opportunities/{Id}/{path}{(performAs is null ? "" : $"?perform_as={performAs}")}", new StringContent(json, Encoding.UTF8, "application/json"));

    /// <summary>Asks the authorization server for tokens.</summary>
    public async Task<SandboxReply> TokenAsync(Dictionary<string, string> form)
    {
        form.TryAdd("client_id", "lever-sandbox-client");
        form.TryAdd("client_secret", "lever-sandbox-secret");
        return await Client.SendAsync("POST", "/oauth/token", new FormUrlEncodedContent(form));
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await Sandbox.DisposeAsync();
    }
}
