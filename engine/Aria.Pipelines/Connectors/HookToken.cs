using System.Security.Cryptography;
using System.Text;

namespace Aria.Pipelines.Connectors;

/// <summary>Compares the token in the URL of a delivery with those that are valid, in a time that tells nothing of them.</summary>
internal static class HookToken
{
    /// <summary>The fewest characters that hold 128 bits in base64url.</summary>
    public const int MinLength = 22;

    /// <summary>Why a delivery is refused; null when its token is one of the valid ones.</summary>
    public static DeliveryRefusal? Verify(string? given, IReadOnlyList<string> valid)
    {
        string[] strong = [.. valid.Where(v => v.Length >= MinLength)];
        if (strong.Length == 0)
        {
            return new DeliveryRefusal(500, valid.Count == 0 ? "secret_not_found" : "token_weak");
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
