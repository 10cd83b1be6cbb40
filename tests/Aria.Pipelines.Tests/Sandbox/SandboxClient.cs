using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;

namespace Aria.Pipelines.Tests.Sandbox;

/// <summary>Plain HTTP to a sandbox: nothing of the engine is between.</summary>
internal sealed class SandboxClient : IDisposable
{
#pragma warning disable RS0030 // The test is the client; it must not share the engine's outbound path.
    private readonly HttpClient _http = new(new SocketsHttpHandler { AllowAutoRedirect = false, UseProxy = false });
#pragma warning restore RS0030

    public SandboxClient(Uri baseUrl) => _http.BaseAddress = baseUrl;

    public AuthenticationHeaderValue? Authorization
    {
        get => _http.DefaultRequestHeaders.Authorization;
        set => _http.DefaultRequestHeaders.Authorization = value;
    }

    /// <summary>The header <c>X-SmartToken</c>; null sends none.</summary>
    public string? ApiKey
    {
        get => _http.DefaultRequestHeaders.TryGetValues("X-SmartToken", out IEnumerable<string>? values) ? values.Single() : null;
        set
        {
            _http.DefaultRequestHeaders.Remove("X-SmartToken");
            if (value is not null)
            {
                _http.DefaultRequestHeaders.Add("X-SmartToken", value);
            }
        }
    }

    public Task<SandboxReply> GetAsync(string path) => SendAsync("GET", path);

    public Task<SandboxReply> PostAsync(string path, string json, string? idempotencyKey = null) =>
        SendAsync("POST", path, new StringContent(json, Encoding.UTF8, "application/json"), idempotencyKey);

    public Task<SandboxReply> PatchAsync(string path, string json) =>
        SendAsync("PATCH", path, new StringContent(json, Encoding.UTF8, "application/json"));

    public async Task<SandboxReply> SendAsync(string method, string path, HttpContent? content = null, string? idempotencyKey = null)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path) { Content = content };
        if (idempotencyKey is not null)
        {
            request.Headers.Add("Idempotency-Key", idempotencyKey);
        }

        using HttpResponseMessage response = await _http.SendAsync(request, TestContext.Current.CancellationToken);
        string body = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        return new SandboxReply((int)response.StatusCode, body, response.Headers.ToDictionary(h => h.Key, h => string.Join(',', h.Value), StringComparer.OrdinalIgnoreCase));
    }

    public void Dispose() => _http.Dispose();
}

internal sealed record SandboxReply(int Status, string Body, IReadOnlyDictionary<string, string> Headers)
{
    public JsonElement Json => JsonDocument.Parse(Body).RootElement;

    /// <summary>The first error of a Greenhouse refusal.</summary>
    public string Error => Json.GetProperty("errors")[0].GetString()!;

    /// <summary>The next page's URL; null on the last page.</summary>
    public string? Next => Headers.TryGetValue("Link", out string? link) ? link[1..link.IndexOf('>', StringComparison.Ordinal)] : null;

    public IReadOnlyList<long> Ids => [.. Json.EnumerateArray().Select(e => e.GetProperty("id").GetInt64())];
}
