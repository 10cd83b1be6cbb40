using System.Security.Cryptography;
using System.Text;
using Aria.Pipelines.Abstractions;

namespace Aria.Pipelines.Connectors;

/// <summary>Compares the token of a delivery with those that are valid, in a time that tells nothing of them.</summary>
internal static class HookToken
{
    /// <summary>The fewest characters that hold 128 bits in base64url.</summary>
    public const int MinLength = 22;

    /// <summary>The token of a delivery, wherever its source puts it; null when it is absent or there several times.</summary>
    /// <param name="place">Where the source puts it.</param>
    /// <param name="delivery">The delivery.</param>
    /// <param name="inUrl">What ends the URL.</param>
    public static string? Find(TokenPlace place, Delivery delivery, string? inUrl)
    {
        IReadOnlyList<string> found = place.Kind switch
        {
            TokenKind.Url => inUrl is null ? [] : [inUrl],
            TokenKind.Query => delivery.Query.TryGetValue(place.Name, out IReadOnlyList<string>? values) ? values : [],
            TokenKind.Json => StrictJson.Read(delivery.Body) is { Code: null } json && JsonPointer.Text(json.Root, place.Name) is { } text ? [text] : [],
            TokenKind.Basic => [.. DeliveryHeaders.Of(delivery, "Authorization").Select(Decoded).OfType<string>()],
            _ => DeliveryHeaders.Of(delivery, place.Name),
        };
        return found is [{ } one] ? one : null;
    }

    private static string? Decoded(string authorization)
    {
        const string Scheme = "Basic ";
        byte[] buffer = new byte[authorization.Length];
        return authorization.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase) && Convert.TryFromBase64String(authorization[Scheme.Length..], buffer, out int length)
            ? Encoding.UTF8.GetString(buffer, 0, length)
            : null;
    }

    /// <summary>Why a delivery is refused; null when its token is one of the valid ones.</summary>
    public static DeliveryRefusal? Verify(string? given, IReadOnlyList<string> valid)
    {
        string[] strong = [.. valid.Where(v => v.Length >= MinLength)];
        if (strong.Length == 0)
        {
            // The host's want, not the sender's: a source that comes again later loses nothing.
            return new DeliveryRefusal(503, valid.Count == 0 ? "secret_not_found" : "token_weak");
        }
        byte[] hash = SHA256.HashData(Encoding.UTF8.GetBytes(given ?? ""));
        bool known = false;
        foreach (string one in strong)
        {
            known |= CryptographicOperations.FixedTimeEquals(hash, SHA256.HashData(Encoding.UTF8.GetBytes(one)));
        }
        return known ? null : new DeliveryRefusal(401, "token_invalid");
    }
}
