using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Aria.Pipelines.Sandbox.ICims;
using Microsoft.Extensions.Time.Testing;

namespace Aria.Pipelines.Tests.Sandbox.ICims;

/// <summary>An iCIMS sandbox on a clock that stands still, and a client with the API user's credentials.</summary>
internal sealed class ICimsRig : IAsyncDisposable
{
    public const string Root = "/customers/7609";
    public static readonly ICimsPerson Jane = new("Jane", "Doe", "jane.doe@example.com", "+15551234567");

    private ICimsRig(FakeTimeProvider time, ICimsSandbox sandbox)
    {
        (Time, Sandbox, Client) = (time, sandbox, new SandboxClient(sandbox.BaseUrl) { Authorization = Basic("icims-sandbox-user", "icims-sandbox-password") });
    }

    public FakeTimeProvider Time { get; }

    public ICimsSandbox Sandbox { get; }

    public SandboxClient Client { get; }

    public static async Task<ICimsRig> StartAsync(ICimsOptions? options = null)
    {
        var time = new FakeTimeProvider(new DateTimeOffset(2026, 10, 1, 9, 0, 20, TimeSpan.Zero));
        return new ICimsRig(time, await ICimsSandbox.StartAsync((options ?? new ICimsOptions()) with { Time = time }, TestContext.Current.CancellationToken));
    }

    public static AuthenticationHeaderValue Basic(string user, string password) =>
        new("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{user}:{password}")));

    public async Task<SandboxReply> TokenAsync(params (string Name, string Value)[] changes)
    {
        var form = new Dictionary<string, string>
        {
            ["audience"] = "https://api.icims.com/v1/",
            ["grant_type"] = "client_credentials",
            ["client_id"] = "icims-sandbox-client",
            ["client_secret"] = "icims-sandbox-secret",
        };
        foreach ((string name, string value) in changes)
        {
            form[name] = value;
        }
        using var client = new SandboxClient(Sandbox.BaseUrl);
        return await client.SendAsync("POST", "/oauth/token", new FormUrlEncodedContent(form));
    }

    public Task<SandboxReply> GetAsync(string path) => Client.GetAsync(Root + path);

    public Task<SandboxReply> PostAsync(string path, string json) => Client.PostAsync(Root + path, json);

    public Task<SandboxReply> PatchAsync(string path, string json) => Client.PatchAsync(Root + path, json);

    /// <summary>The ids of a search for live data.</summary>
    public async Task<long[]> SearchAsync(string group, string query = "?staleness=0")
    {
        SandboxReply reply = await PostAsync("/search/applicantworkflows" + query, group);
        reply.Status.ShouldBe(200, reply.Body);
        return [.. reply.Json.GetProperty("searchResults").EnumerateArray().Select(r => r.GetProperty("id").GetInt64())];
    }

    /// <summary>Message, code and field of the one error of a refusal.</summary>
    public static (int Status, string? Message, int? Code, string? Field) Error(SandboxReply reply)
    {
        JsonElement error = reply.Json.GetProperty("errors")[0];
        return (
            reply.Status,
            error.GetProperty("errorMessage").GetString(),
            error.TryGetProperty("errorCode", out JsonElement code) ? code.GetInt32() : null,
            error.TryGetProperty("field", out JsonElement field) ? field.GetString() : null);
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await Sandbox.DisposeAsync();
    }
}
