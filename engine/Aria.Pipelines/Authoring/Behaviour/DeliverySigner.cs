using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Aria.Pipelines.Abstractions;
using Aria.Pipelines.Connectors;

namespace Aria.Pipelines.Authoring.Behaviour;

/// <summary>Signs a delivery as a connector says that its system does. It is written from the meaning of the declaration, not from the verifier.</summary>
internal static class DeliverySigner
{
    /// <summary>A signed delivery.</summary>
    /// <param name="signature">How it is signed.</param>
    /// <param name="body">What is sent.</param>
    /// <param name="secret">With which secret.</param>
    /// <param name="at">When.</param>
    public static Delivery Sign(SignatureDefinition signature, byte[] body, string secret, DateTimeOffset at)
    {
        var headers = new Dictionary<string, IReadOnlyList<string>>(StringComparer.OrdinalIgnoreCase);
        string time = (signature.Timestamp is { InMilliseconds: true } ? at.ToUnixTimeMilliseconds() : at.ToUnixTimeSeconds()).ToString(CultureInfo.InvariantCulture);
        if (signature.Timestamp?.JsonPointer is { } place)
        {
            body = With(body, place, time);
        }
        if (signature.Timestamp?.Header is { } name)
        {
            headers[name] = [time];
        }
        using var message = new MemoryStream();
        foreach (string part in signature.Parts)
        {
            message.Write(Part(part, body, time, headers));
        }
        string written = signature.Prefixes[0] + Encode(signature, Hash(signature.Algorithm, Key(signature, secret), message.ToArray()));
        if (signature.JsonPointer is { } pointer)
        {
            body = With(body, pointer, written);
        }
        else
        {
            string[] listed = signature.Timestamp?.Prefix is { } prefix ? [prefix + time, written] : [written];
            headers[signature.Header] = [string.Join(signature.Separator, listed)];
        }
        return new Delivery("POST", headers, new Dictionary<string, IReadOnlyList<string>>(), body, at);
    }

    private static byte[] Part(string part, byte[] body, string time, Dictionary<string, IReadOnlyList<string>> headers)
    {
        (string kind, string rest) = part.Split(':', 2) is [var k, var r] ? (k, r) : (part, "");
        if (kind == "header")
        {
            headers.TryAdd(rest.TrimEnd('?'), ["sample-value"]);
        }
        return kind switch
        {
            "body" => body,
            "timestamp" => Encoding.UTF8.GetBytes(time),
            "literal" => Encoding.UTF8.GetBytes(rest),
            "json" => Encoding.UTF8.GetBytes(ConnectorJson.Text(JsonPointer.Find(JsonElement.Parse(body), rest)!.Value)!),
            _ => Encoding.UTF8.GetBytes(headers[rest.TrimEnd('?')][0]),
        };
    }

    /// <summary>A JSON body with another value at a pointer, a number where a number stood.</summary>
    private static byte[] With(byte[] body, string pointer, string value)
    {
        JsonNode root = JsonNode.Parse(body)!;
        string[] path = pointer.Split('/')[1..];
        JsonNode owner = path[..^1].Aggregate(root, (node, name) => node[name]!);
        bool isNumber = owner[path[^1]]?.GetValueKind() == JsonValueKind.Number;
        owner[path[^1]] = isNumber ? JsonNode.Parse(value) : value;
        return JsonSerializer.SerializeToUtf8Bytes(root, BehaviourJson.Default.JsonNode);
    }

    private static byte[] Key(SignatureDefinition signature, string secret) => signature.KeyEncoding switch
    {
        "hex" => Convert.FromHexString(secret),
        "base64" => Convert.FromBase64String(secret),
        _ => Encoding.UTF8.GetBytes(secret),
    };

    private static string Encode(SignatureDefinition signature, byte[] hash) => signature.Encoding switch
    {
        "base64" => Convert.ToBase64String(hash),
        "base64hex" => Convert.ToBase64String(Encoding.ASCII.GetBytes(Convert.ToHexStringLower(hash))),
        _ => Convert.ToHexStringLower(hash),
    };

    private static byte[] Hash(string algorithm, byte[] key, byte[] message) => algorithm switch
    {
        "hmac-sha512" => HMACSHA512.HashData(key, message),
#pragma warning disable CA5350 // Some vendors sign with nothing better.
        "hmac-sha1" => HMACSHA1.HashData(key, message),
#pragma warning restore CA5350
        _ => HMACSHA256.HashData(key, message),
    };
}
