using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Http;

namespace Aria.Pipelines.Sandbox.Serving;

/// <summary>One request, read to the end.</summary>
internal sealed record SandboxRequest(string Method, string Path, string QueryString, IQueryCollection Query, IHeaderDictionary Headers, byte[] Body)
{
    /// <summary>How many requests were under way when this one came, itself included.</summary>
    public int Together { get; init; } = 1;

    /// <summary>How many of those have the same method and path, itself included.</summary>
    public int Alike { get; init; } = 1;

    /// <summary>The certificate that the client showed, whatever it is; null for none, and without TLS.</summary>
    public X509Certificate2? Certificate { get; init; }

    public static async Task<SandboxRequest> ReadAsync(HttpContext http)
    {
        using var body = new MemoryStream();
        await http.Request.Body.CopyToAsync(body, http.RequestAborted);
        return new SandboxRequest(
            http.Request.Method, http.Request.Path.Value ?? "/", http.Request.QueryString.Value ?? "",
            http.Request.Query, http.Request.Headers, body.ToArray()) { Certificate = http.Connection.ClientCertificate };
    }

    /// <summary>The credential after <paramref name="scheme"/> in the Authorization header; null when there is none of that scheme.</summary>
    public string? Credential(string scheme)
    {
        string? header = Headers.Authorization.Count == 1 ? Headers.Authorization[0] : null;
        return header is not null && header.StartsWith(scheme + " ", StringComparison.OrdinalIgnoreCase)
            ? header[(scheme.Length + 1)..].Trim() : null;
    }

    /// <summary>The media type without its parameters, in lower case; empty when there is none.</summary>
    public string MediaType => Headers.ContentType.ToString().Split(';')[0].Trim().ToLowerInvariant();
}
