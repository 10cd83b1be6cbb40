using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Aria.Pipelines.Abstractions;
using Aria.Pipelines.Mapping;

namespace Aria.Pipelines.Connectors;

/// <summary>Verifies a JSON Web Token (RFC 7519, compact JWS) that a delivery carries: the declared algorithm and no other, times, claims, and the hash of the body.</summary>
internal static class JwtVerifier
{
    private const int MostCharacters = 16 * 1024;

    // Clocks differ, also where the vendor leaves no time for it.
    private static readonly TimeSpan Leeway = TimeSpan.FromMinutes(1);

    /// <returns>Null when the delivery is authentic.</returns>
    public static DeliveryRefusal? Verify(JwtDefinition definition, JsonElement settings, Delivery delivery, IReadOnlyList<string> keys, DateTimeOffset now)
    {
        IReadOnlyList<string> given = definition.Query is { } query
            ? delivery.Query.TryGetValue(query, out IReadOnlyList<string>? values) ? values : []
            : DeliveryHeaders.Of(delivery, definition.Header!);
        if (given.Count != 1)
        {
            return given.Count == 0 ? new(401, "signature_missing") : new(400, "ambiguous_signature");
        }
        if (keys.Count == 0)
        {
            return new(401, "no_secret");
        }
        if (!given[0].StartsWith(definition.Prefix, StringComparison.OrdinalIgnoreCase) || given[0].Length > MostCharacters
            || given[0][definition.Prefix.Length..].Split('.') is not [{ } head, { } claims, { } signature]
            || Object(head) is not { } header || Object(claims) is not { } said || Bytes(signature) is not { } signed
            || Text(header, "alg") != definition.Algorithm || header.TryGetProperty("crit", out _)
            || !IsSigned(definition.Algorithm, Encoding.ASCII.GetBytes($"{head}.{claims}"), signed, keys))
        {
            return new(401, "signature_invalid");
        }
        if (!IsOfNow(definition, said, now))
        {
            return new(401, "timestamp_out_of_tolerance");
        }
        if (!Says(definition, settings, said))
        {
            return new(401, "claims_invalid");
        }
        return IsOfBody(definition, said, delivery.Body.Span) ? null : new(401, "signature_invalid");
    }

    private static bool IsSigned(string algorithm, byte[] message, byte[] signature, IReadOnlyList<string> keys)
    {
        bool found = false;
        foreach (string key in keys.Take(SignatureVerifier.MaxSecrets))
        {
            found |= algorithm[0] == 'H' ? key.Length > 0 && CryptographicOperations.FixedTimeEquals(Hash(algorithm, Encoding.UTF8.GetBytes(key), message), signature) : IsSignedBy(algorithm, message, signature, key);
        }
        return found;
    }

    private static bool IsSignedBy(string algorithm, byte[] message, byte[] signature, string key)
    {
        try
        {
            if (algorithm[0] == 'E')
            {
                using var curve = ECDsa.Create();
                curve.ImportFromPem(key);
                return curve.VerifyData(message, signature, HashAlgorithmName.SHA256, DSASignatureFormat.IeeeP1363FixedFieldConcatenation);
            }
            using var rsa = RSA.Create();
            rsa.ImportFromPem(key);
            return rsa.VerifyData(message, signature, algorithm == "RS512" ? HashAlgorithmName.SHA512 : HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        }
        catch (Exception e) when (e is CryptographicException or ArgumentException)
        {
            // What the operator gave is no key of this kind; another one may be.
            return false;
        }
    }

    private static byte[] Hash(string algorithm, byte[] key, byte[] message) => algorithm == "HS512" ? HMACSHA512.HashData(key, message) : HMACSHA256.HashData(key, message);

    private static bool IsOfNow(JwtDefinition definition, JsonElement claims, DateTimeOffset now)
    {
        (long? issued, long? from, long? until) = (Time(claims, "iat"), Time(claims, "nbf"), Time(claims, "exp"));
        long seconds = now.ToUnixTimeSeconds();
        return (until is null || seconds <= until + (long)Leeway.TotalSeconds)
            && (from is null || seconds >= from - (long)Leeway.TotalSeconds)
            && (definition.Tolerance is { } tolerance ? issued is not null && Math.Abs(seconds - issued.Value) <= (long)tolerance.TotalSeconds : until is not null);
    }

    private static bool Says(JwtDefinition definition, JsonElement settings, JsonElement claims)
    {
        foreach ((string name, CompiledMapping expected) in definition.Claims)
        {
            string? text = ConnectorJson.Text(expected, new Dictionary<string, JsonElement> { ["settings"] = settings });
            bool isSaid = text is not null && claims.TryGetProperty(name, out JsonElement claim) && (claim.ValueKind == JsonValueKind.Array
                ? claim.EnumerateArray().Any(c => ConnectorJson.Text(c) == text)
                : ConnectorJson.Text(claim) == text);
            if (!isSaid)
            {
                return false;
            }
        }
        return true;
    }

    private static bool IsOfBody(JwtDefinition definition, JsonElement claims, ReadOnlySpan<byte> body)
    {
        byte[] hash = SHA256.HashData(body);
        string expected = definition.BodyEncoding switch
        {
            "base64" => Convert.ToBase64String(hash),
            "base64url" => Base64Url.EncodeToString(hash),
            _ => Convert.ToHexStringLower(hash),
        };
        return Text(claims, definition.BodyClaim) is { } said
            && string.Equals(said, expected, definition.BodyEncoding == "hex" ? StringComparison.OrdinalIgnoreCase : StringComparison.Ordinal);
    }

    private static JsonElement? Object(string part) =>
        Bytes(part) is { } bytes && StrictJson.Read(bytes) is { Code: null, Root: { ValueKind: JsonValueKind.Object } root } ? root : null;

    private static byte[]? Bytes(string part) =>
        part.Length > 0 && part.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_') && Base64Url.IsValid(part) ? Base64Url.DecodeFromChars(part) : null;

    private static string? Text(JsonElement owner, string name) => owner.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static long? Time(JsonElement claims, string name) =>
        claims.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out double number) && Math.Abs(number) < 1e12 ? (long)number : null;
}
