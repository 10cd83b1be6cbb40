using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Aria.Pipelines.Abstractions;
using Aria.Pipelines.Connectors;

namespace Aria.Pipelines.Authoring.Behaviour;

/// <summary>Signs a body as the declaration of a webhook says, the way a sender does.</summary>
internal static class SignedDelivery
{
    /// <summary>A secret in the form that the vendor gives it.</summary>
    public static string Secret(SignatureDefinition signature, string text) => signature.KeyEncoding switch
    {
        "hex" => Convert.ToHexStringLower(Encoding.UTF8.GetBytes(text)),
        "base64" => Convert.ToBase64String(Encoding.UTF8.GetBytes(text)),
        _ => text,
    };

    /// <summary>The delivery of a sample.</summary>
    /// <param name="webhook">Has a declared signature.</param>
    /// <param name="sample">The body; or <c>{ "headers", "body" }</c> where headers belong to the event.</param>
    /// <param name="secret">What it is signed with, as a plain text.</param>
    /// <param name="at">The time that it carries.</param>
    public static Delivery Of(WebhookDefinition webhook, byte[] sample, string secret, DateTimeOffset at)
    {
        SignatureDefinition signature = webhook.Signature!;
        var headers = new Dictionary<string, IReadOnlyList<string>>(StringComparer.OrdinalIgnoreCase) { ["Content-Type"] = ["application/json"] };
        byte[] body = Unwrapped(webhook, sample, headers);
        string time = (signature.Timestamp is { InMilliseconds: true } ? at.ToUnixTimeMilliseconds() : at.ToUnixTimeSeconds()).ToString(CultureInfo.InvariantCulture);
        if (signature.Timestamp?.JsonPointer is { } member)
        {
            body = With(body, member, JsonValue.Create(long.Parse(time, CultureInfo.InvariantCulture)));
        }
        if (signature.Timestamp?.Header is { } name)
        {
            headers[name] = [time];
        }
        foreach (string part in signature.Parts.Where(p => p.StartsWith(SignatureReader.Header, StringComparison.Ordinal) && !p.EndsWith('?')))
        {
            headers.TryAdd(part[SignatureReader.Header.Length..], ["signed-value"]);
        }
        using var hash = IncrementalHash.CreateHMAC(Algorithm(signature.Algorithm), Encoding.UTF8.GetBytes(secret));
        hash.AppendData([.. signature.Parts.SelectMany(p => Part(p, body, headers, time))]);
        string made = $"{(signature.Prefixes.Count > 0 ? signature.Prefixes[0] : "")}{Written(signature.Encoding, hash.GetHashAndReset())}";
        if (signature.JsonPointer is { } place)
        {
            body = With(body, place, made);
        }
        else
        {
            headers[signature.Header] = [signature.Timestamp?.Prefix is { } prefix ? $"{prefix}{time}{signature.Separator}{made}" : made];
        }
        return new Delivery("POST", headers, new Dictionary<string, IReadOnlyList<string>>(), body, at);
    }

    /// <summary>The same delivery without its signature.</summary>
    public static Delivery Unsigned(SignatureDefinition signature, Delivery delivery) => signature.JsonPointer is { } place
        ? delivery with { Body = With(delivery.Body.ToArray(), place, null) }
        : delivery with { Headers = delivery.Headers.Where(h => !h.Key.Equals(signature.Header, StringComparison.OrdinalIgnoreCase)).ToDictionary() };

    private static string Written(string encoding, byte[] made) => encoding switch
    {
        "base64" => Convert.ToBase64String(made),
        "base64hex" => Convert.ToBase64String(Encoding.ASCII.GetBytes(Convert.ToHexStringLower(made))),
        _ => Convert.ToHexStringLower(made),
    };

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

    private static byte[] Part(string part, byte[] body, Dictionary<string, IReadOnlyList<string>> headers, string time)
    {
        if (part == SignatureReader.Body)
        {
            return body;
        }
        string text = part switch
        {
            SignatureReader.Timestamp => time,
            _ when part.StartsWith(SignatureReader.Literal, StringComparison.Ordinal) => part[SignatureReader.Literal.Length..],
            _ when part.StartsWith(SignatureReader.Json, StringComparison.Ordinal) =>
                JsonPointer.Find(JsonElement.Parse(body), part[SignatureReader.Json.Length..]) is { } found ? ConnectorJson.Text(found) ?? "" : "",
            _ => headers.GetValueOrDefault(part[SignatureReader.Header.Length..].TrimEnd('?')) is [{ } value] ? value : "",
        };
        return Encoding.UTF8.GetBytes(text);
    }

    private static byte[] With(byte[] body, string pointer, JsonNode? value)
    {
        JsonNode root = JsonNode.Parse(body)!;
        string[] path = [.. pointer.Split('/').Skip(1)];
        JsonNode owner = path[..^1].Aggregate(root, (at, name) => at[name]!);
        owner[path[^1]] = value;
        return ConnectorJson.ToBytes(root);
    }

    private static HashAlgorithmName Algorithm(string name) => name switch
    {
        "hmac-sha512" => HashAlgorithmName.SHA512,
        "hmac-sha1" => HashAlgorithmName.SHA1,
        _ => HashAlgorithmName.SHA256,
    };
}
