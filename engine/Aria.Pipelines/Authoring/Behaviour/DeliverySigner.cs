using System.Globalization;
using System.Security.Cryptography;
using System.Text;
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
        string seconds = at.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        using var message = new MemoryStream();
        foreach (string part in signature.Parts)
        {
            (string kind, string rest) = part.Split(':', 2) is [var k, var r] ? (k, r) : (part, "");
            if (kind == "header")
            {
                string name = rest.TrimEnd('?');
                headers[name] = [name.Equals(signature.TimestampHeader, StringComparison.OrdinalIgnoreCase) ? seconds : "sample-value"];
            }
            message.Write(kind switch
            {
                "body" => body,
                "literal" => Encoding.UTF8.GetBytes(rest),
                _ => Encoding.UTF8.GetBytes(headers[rest.TrimEnd('?')][0]),
            });
        }
        if (signature.TimestampHeader is { } timestamp)
        {
            headers[timestamp] = [seconds];
        }
        headers[signature.Header] = [signature.Prefixes[0] + Encode(signature, Hash(signature.Algorithm, Encoding.UTF8.GetBytes(secret), message.ToArray()))];
        return new Delivery("POST", headers, new Dictionary<string, IReadOnlyList<string>>(), body, at);
    }

    private static string Encode(SignatureDefinition signature, byte[] hash) => signature.Encoding == "base64" ? Convert.ToBase64String(hash) : Convert.ToHexStringLower(hash);

    private static byte[] Hash(string algorithm, byte[] key, byte[] message) => algorithm switch
    {
        "hmac-sha512" => HMACSHA512.HashData(key, message),
#pragma warning disable CA5350 // Some vendors sign with nothing better.
        "hmac-sha1" => HMACSHA1.HashData(key, message),
#pragma warning restore CA5350
        _ => HMACSHA256.HashData(key, message),
    };
}
