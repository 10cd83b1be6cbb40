using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Aria.Pipelines.Abstractions;
using Aria.Pipelines.Connectors;

namespace Aria.Pipelines.Authoring.Behaviour;

/// <summary>Signs a body as the declaration of a webhook says, the way a sender does.</summary>
internal static class SignedDelivery
{
    /// <summary>The delivery of a sample.</summary>
    /// <param name="webhook">Has a declared signature.</param>
    /// <param name="sample">The body; or <c>{ "headers", "body" }</c> where headers belong to the event.</param>
    /// <param name="secret">What it is signed with.</param>
    /// <param name="at">The time that it carries.</param>
    public static Delivery Of(WebhookDefinition webhook, byte[] sample, string secret, DateTimeOffset at)
    {
        SignatureDefinition signature = webhook.Signature!;
        var headers = new Dictionary<string, IReadOnlyList<string>>(StringComparer.OrdinalIgnoreCase) { ["Content-Type"] = ["application/json"] };
        byte[] body = Unwrapped(webhook, sample, headers);
        foreach (string part in signature.Parts.Where(p => p.StartsWith("header:", StringComparison.Ordinal) && !p.EndsWith('?')))
        {
            headers.TryAdd(part["header:".Length..], ["signed-value"]);
        }
        if (signature.TimestampHeader is { } time)
        {
            headers[time] = [at.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture)];
        }
        byte[] message = [.. signature.Parts.SelectMany(p => Part(p, body, headers))];
        byte[] key = Encoding.UTF8.GetBytes(secret);
        using var hash = IncrementalHash.CreateHMAC(Algorithm(signature.Algorithm), key);
        hash.AppendData(message);
        byte[] made = hash.GetHashAndReset();
        string text = signature.Encoding == "base64" ? Convert.ToBase64String(made) : Convert.ToHexStringLower(made);
        headers[signature.Header] = [$"{(signature.Prefixes.Count > 0 ? signature.Prefixes[0] : "")}{text}"];
        return new Delivery("POST", headers, new Dictionary<string, IReadOnlyList<string>>(), body, at);
    }

    private static byte[] Unwrapped(WebhookDefinition webhook, byte[] sample, Dictionary<string, IReadOnlyList<string>> headers)
    {
        if (webhook.Headers.Count == 0 || StrictJson.Read(sample) is not { Code: null, Root: var root } || !root.TryGetProperty("headers", out JsonElement named))
        {
            return sample;
        }
        foreach (JsonProperty header in named.EnumerateObject().Where(h => h.Value.ValueKind == JsonValueKind.String))
        {
            headers[header.Name] = [header.Value.GetString()!];
        }
        return ConnectorJson.RawBytes(root.GetProperty("body"));
    }

    private static byte[] Part(string part, byte[] body, Dictionary<string, IReadOnlyList<string>> headers) => part switch
    {
        "body" => body,
        _ when part.StartsWith("literal:", StringComparison.Ordinal) => Encoding.UTF8.GetBytes(part["literal:".Length..]),
        _ => Encoding.UTF8.GetBytes(headers.GetValueOrDefault(part["header:".Length..].TrimEnd('?')) is [{ } value] ? value : ""),
    };

    private static HashAlgorithmName Algorithm(string name) => name switch
    {
        "hmac-sha512" => HashAlgorithmName.SHA512,
        "hmac-sha1" => HashAlgorithmName.SHA1,
        _ => HashAlgorithmName.SHA256,
    };
}
