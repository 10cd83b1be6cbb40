using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Aria.Pipelines.Abstractions;

namespace Aria.Pipelines.Connectors;

/// <summary>Why a delivery is refused.</summary>
/// <param name="Status">HTTP status.</param>
/// <param name="Code">Stable code.</param>
internal sealed record DeliveryRefusal(int Status, string Code);

/// <summary>Verifies a declared signature over raw bytes, in constant time.</summary>
internal static class SignatureVerifier
{
    /// <summary>How many active secrets are tried.</summary>
    public const int MaxSecrets = 16;

    // Each of them costs a comparison with each secret.
    private const int MaxSignatures = 32;

    /// <returns>Null when the delivery is authentic.</returns>
    public static DeliveryRefusal? Verify(SignatureDefinition definition, Delivery delivery, IReadOnlyList<string> secrets, DateTimeOffset now)
    {
        IReadOnlyList<string> given = Values(delivery, definition.Carrier);
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
        if (Timestamp(definition, delivery, now) is { } late)
        {
            return late;
        }
        return Signatures(definition, given[0]) is { Count: > 0 } signatures
            && Message(definition, delivery) is { } message
            && Matches(definition.Algorithm, message, signatures, secrets)
            ? null
            : new(401, "signature_invalid");
    }

    /// <summary>The signatures that the header holds and that can be read; a vendor may send others beside those that we know.</summary>
    private static List<byte[]> Signatures(SignatureDefinition definition, string value)
    {
        string[] all = definition.Separator is { } separator ? value.Split(separator, MaxSignatures + 1, StringSplitOptions.TrimEntries) : [value];
        return [.. all.Take(MaxSignatures).Select(s => Decode(definition, s)).OfType<byte[]>()];
    }

    private static bool Matches(string algorithm, byte[] message, List<byte[]> signatures, IReadOnlyList<string> secrets)
    {
        bool found = false;
        foreach (string secret in secrets.Take(MaxSecrets))
        {
            byte[] expected = Hash(algorithm, Encoding.UTF8.GetBytes(secret), message);
            foreach (byte[] signature in signatures)
            {
                // Every secret is tried with every signature, so that time does not tell which one fits.
                found |= CryptographicOperations.FixedTimeEquals(expected, signature);
            }
        }
        return found;
    }

    private static byte[] Hash(string algorithm, byte[] key, byte[] message) => algorithm switch
    {
        "hmac-sha512" => HMACSHA512.HashData(key, message),
#pragma warning disable CA5350 // Some vendors sign with nothing better; HMAC does not need collision resistance.
        "hmac-sha1" => HMACSHA1.HashData(key, message),
#pragma warning restore CA5350
        _ => HMACSHA256.HashData(key, message),
    };

    private static DeliveryRefusal? Timestamp(SignatureDefinition definition, Delivery delivery, DateTimeOffset now)
    {
        if (definition.Timestamp is not { } name)
        {
            return null;
        }
        IReadOnlyList<string> values = Values(delivery, name);
        bool plain = values.Count == 1 && values[0].Length is > 0 and <= 15 && values[0].AsSpan().IndexOfAnyExceptInRange('0', '9') < 0;
        long unit = IsPlace(name) ? 1000 : 1;
        return plain && Math.Abs(now.ToUnixTimeSeconds() - (long.Parse(values[0], CultureInfo.InvariantCulture) / unit)) <= (long)definition.Tolerance.TotalSeconds
            ? null
            : new(401, "timestamp_out_of_tolerance");
    }

    /// <summary>The signed bytes; null when a signed header is absent or ambiguous.</summary>
    private static byte[]? Message(SignatureDefinition definition, Delivery delivery)
    {
        using var message = new MemoryStream();
        foreach (string part in definition.Parts)
        {
            if (part == "body")
            {
                message.Write(delivery.Body.Span);
            }
            else if (part.StartsWith("literal:", StringComparison.Ordinal))
            {
                message.Write(Encoding.UTF8.GetBytes(part["literal:".Length..]));
            }
            else if (Values(delivery, IsPlace(part) ? part : part["header:".Length..].TrimEnd('?')) is var values && values is [{ } value])
            {
                message.Write(Encoding.UTF8.GetBytes(value));
            }
            else if (values.Count > 0 || IsPlace(part) || !part.EndsWith('?'))
            {
                return null;
            }
        }
        return message.ToArray();
    }

    private static bool IsPlace(string name) => name.StartsWith(SignatureDefinition.Pointer, StringComparison.Ordinal);

    /// <summary>All values of a header, or the text of a scalar in the body: as many as there are.</summary>
    private static IReadOnlyList<string> Values(Delivery delivery, string name)
    {
        if (!IsPlace(name))
        {
            return DeliveryHeaders.Of(delivery, name);
        }
        // The reading of the decoder, which refuses doubled members: what is verified is what is used.
        StrictJson json = StrictJson.Read(delivery.Body);
        return json.Code is null && JsonPointer.Find(json.Root, name[SignatureDefinition.Pointer.Length..]) is { ValueKind: JsonValueKind.String or JsonValueKind.Number } found
            ? [found.ValueKind == JsonValueKind.String ? found.GetString()! : found.GetRawText()]
            : [];
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
        if (encoding == "base64")
        {
            return Convert.TryFromBase64String(text, buffer, out int count) ? buffer[..count] : null;
        }
        return Convert.FromHexString(text, buffer, out _, out int written) == System.Buffers.OperationStatus.Done ? buffer[..written] : null;
    }
}
