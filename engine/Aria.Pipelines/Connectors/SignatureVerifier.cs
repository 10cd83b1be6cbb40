using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Aria.Pipelines.Abstractions;

namespace Aria.Pipelines.Connectors;

/// <summary>Why a delivery is refused.</summary>
/// <param name="Status">HTTP status.</param>
/// <param name="Code">Stable code.</param>
internal sealed record DeliveryRefusal(int Status, string Code)
{
    /// <summary>Whether the host lacks the secret to verify it with.</summary>
    public bool IsForWantOfASecret => Code is "no_secret" or "secret_not_found";
}

/// <summary>Verifies a declared signature over raw bytes, in constant time.</summary>
internal static class SignatureVerifier
{
    /// <summary>How many active secrets are tried.</summary>
    public const int MaxSecrets = 16;

    /// <summary>How many entries of the header are looked at: each of them costs a comparison with each secret.</summary>
    public const int MaxSignatures = 16;

    // Vendors who follow Standard Webhooks show their secrets behind it; Base64 never begins so.
    private const string SecretMark = "whsec_";

    /// <returns>Null when the delivery is authentic.</returns>
    public static DeliveryRefusal? Verify(SignatureDefinition definition, Delivery delivery, IReadOnlyList<string> secrets, DateTimeOffset now)
    {
        JsonElement body = NeedsJson(definition) && StrictJson.Read(delivery.Body) is { Code: null } json ? json.Root : default;
        IReadOnlyList<string> given = definition.JsonPointer is { } pointer ? Texts(body, pointer) : DeliveryHeaders.Of(delivery, definition.Header);
        if (given.Count > 1)
        {
            return new(400, "ambiguous_signature");
        }
        if (given.Count == 0)
        {
            return new(401, "signature_missing");
        }
        if (secrets.Count == 0)
        {
            return new(401, "no_secret");
        }
        string[] listed = definition.Separator is { } separator ? given[0].Split(separator, MaxSignatures + 1, StringSplitOptions.TrimEntries) : [given[0]];
        string? timestamp = definition.Timestamp is { } signed ? Time(signed, delivery, body, listed) : null;
        if (definition.Timestamp is { } declared && !IsRecent(declared, timestamp, now))
        {
            return new(401, "timestamp_out_of_tolerance");
        }
        return Signatures(definition, listed) is { Count: > 0 } signatures
            && Message(definition, delivery, body, timestamp) is { } message
            && Matches(definition, message.Span, signatures, secrets)
            ? null
            : new(401, "signature_invalid");
    }

    private static bool NeedsJson(SignatureDefinition definition) =>
        definition.JsonPointer is not null || definition.Timestamp?.JsonPointer is not null || definition.Parts.Any(p => p.StartsWith(SignatureReader.Json, StringComparison.Ordinal));

    private static IReadOnlyList<string> Texts(JsonElement body, string pointer) =>
        body.ValueKind != JsonValueKind.Undefined && JsonPointer.Find(body, pointer) is { } found && ConnectorJson.Text(found) is { } text ? [text] : [];

    /// <summary>The signatures that the header holds and that can be read; a vendor may send others beside those that we know.</summary>
    private static List<byte[]> Signatures(SignatureDefinition definition, string[] listed) =>
        [.. listed.Take(MaxSignatures).Select(s => Decode(definition, s)).OfType<byte[]>()];

    private static bool Matches(SignatureDefinition definition, ReadOnlySpan<byte> message, List<byte[]> signatures, IReadOnlyList<string> secrets)
    {
        bool found = false;
        foreach (string secret in secrets.Take(MaxSecrets))
        {
            byte[] key = Key(definition.KeyEncoding, secret);
            byte[] expected = Hash(definition.Algorithm, key, message);
            foreach (byte[] signature in signatures)
            {
                // Every secret is tried with every signature, so that time does not tell which one fits.
                found |= CryptographicOperations.FixedTimeEquals(expected, signature) && key.Length > 0;
            }
        }
        return found;
    }

    /// <summary>The key that a secret stands for; empty when it is none.</summary>
    private static byte[] Key(string encoding, string secret)
    {
        if (encoding == "utf8")
        {
            return Encoding.UTF8.GetBytes(secret);
        }
        if (encoding != "base64")
        {
            return Bytes(encoding, secret) ?? [];
        }
        string text = secret.StartsWith(SecretMark, StringComparison.Ordinal) ? secret[SecretMark.Length..] : secret;
        return Bytes(encoding, text.PadRight((text.Length + 3) / 4 * 4, '=')) ?? [];
    }

    private static byte[] Hash(string algorithm, byte[] key, ReadOnlySpan<byte> message) => algorithm switch
    {
        "hmac-sha512" => HMACSHA512.HashData(key, message),
#pragma warning disable CA5350 // Some vendors sign with nothing better; HMAC does not need collision resistance.
        "hmac-sha1" => HMACSHA1.HashData(key, message),
#pragma warning restore CA5350
        _ => HMACSHA256.HashData(key, message),
    };

    /// <summary>The signed time as it was sent; null when it is absent or ambiguous.</summary>
    private static string? Time(TimestampDefinition timestamp, Delivery delivery, JsonElement body, string[] listed)
    {
        IReadOnlyList<string> values = timestamp switch
        {
            { JsonPointer: { } pointer } => Texts(body, pointer),
            { Prefix: { } prefix } => [.. listed.Where(l => l.StartsWith(prefix, StringComparison.Ordinal)).Select(l => l[prefix.Length..])],
            _ => DeliveryHeaders.Of(delivery, timestamp.Header ?? ""),
        };
        return values is [{ } one] ? one : null;
    }

    private static bool IsRecent(TimestampDefinition timestamp, string? text, DateTimeOffset now)
    {
        if (text is not { Length: > 0 and <= 15 } || text.AsSpan().IndexOfAnyExceptInRange('0', '9') >= 0)
        {
            return false;
        }
        long given = long.Parse(text, CultureInfo.InvariantCulture);
        return timestamp.InMilliseconds
            ? Math.Abs(now.ToUnixTimeMilliseconds() - given) <= (long)timestamp.Tolerance.TotalMilliseconds
            : Math.Abs(now.ToUnixTimeSeconds() - given) <= (long)timestamp.Tolerance.TotalSeconds;
    }

    /// <summary>The signed bytes; null when a signed part is absent or ambiguous.</summary>
    private static ReadOnlyMemory<byte>? Message(SignatureDefinition definition, Delivery delivery, JsonElement body, string? timestamp)
    {
        if (definition.Parts is [SignatureReader.Body])
        {
            return delivery.Body;
        }
        using var message = new MemoryStream();
        for (int i = 0; i < definition.Parts.Count; i++)
        {
            string part = definition.Parts[i];
            if (part == SignatureReader.Body)
            {
                message.Write(delivery.Body.Span);
                continue;
            }
            if (PartText(part, delivery, body, timestamp) is not { } text || MovesTheBoundary(definition.Parts, i, text))
            {
                return null;
            }
            message.Write(Encoding.UTF8.GetBytes(text));
        }
        return message.ToArray();
    }

    /// <summary>
    /// True when a header that stands before the body holds what ends it: then the same signed bytes can be cut elsewhere, and what was a part
    /// of the header be read as the time or the body, or the other way round.
    /// </summary>
    private static bool MovesTheBoundary(IReadOnlyList<string> parts, int at, string text) =>
        parts[at].StartsWith(SignatureReader.Header, StringComparison.Ordinal)
        && at + 1 < parts.Count
        && parts[at + 1].StartsWith(SignatureReader.Literal, StringComparison.Ordinal)
        && parts.Skip(at).Contains(SignatureReader.Body)
        && text.Contains(parts[at + 1][SignatureReader.Literal.Length..], StringComparison.Ordinal);

    private static string? PartText(string part, Delivery delivery, JsonElement body, string? timestamp)
    {
        if (part == SignatureReader.Timestamp)
        {
            return timestamp;
        }
        if (part.StartsWith(SignatureReader.Literal, StringComparison.Ordinal))
        {
            return part[SignatureReader.Literal.Length..];
        }
        if (part.StartsWith(SignatureReader.Json, StringComparison.Ordinal))
        {
            return Texts(body, part[SignatureReader.Json.Length..]) is [{ } member] ? member : null;
        }
        return DeliveryHeaders.Of(delivery, part[SignatureReader.Header.Length..].TrimEnd('?')) switch
        {
            [{ } value] => value,
            [] when part.EndsWith('?') => "",
            _ => null,
        };
    }

    private static byte[]? Decode(SignatureDefinition definition, string value)
    {
        foreach (string prefix in definition.Prefixes)
        {
            if (value.StartsWith(prefix, StringComparison.Ordinal) && Bytes(definition.Encoding, value[prefix.Length..]) is { } bytes)
            {
                return bytes;
            }
        }
        return null;
    }

    private static byte[]? Bytes(string encoding, string text)
    {
        // The library ignores blanks inside Base64; a signature has none.
        if (text.Length is 0 or > 1024 || text.AsSpan().ContainsAny(" \t\r\n"))
        {
            return null;
        }
        byte[] buffer = new byte[text.Length];
        if (encoding == "base64hex")
        {
            return Bytes("base64", text) is { } inner ? Bytes("hex", Encoding.ASCII.GetString(inner)) : null;
        }
        if (encoding == "base64")
        {
            return Convert.TryFromBase64String(text, buffer, out int count) ? buffer[..count] : null;
        }
        return Convert.FromHexString(text, buffer, out _, out int written) == System.Buffers.OperationStatus.Done ? buffer[..written] : null;
    }
}
