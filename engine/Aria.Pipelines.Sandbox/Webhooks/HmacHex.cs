using System.Security.Cryptography;
using System.Text;

namespace Aria.Pipelines.Sandbox.Webhooks;

internal static class HmacHex
{
    /// <summary>Lower-case hex of HMAC-SHA256 over the bytes with the UTF-8 secret.</summary>
    public static string Sha256(string secret, byte[] body) =>
        Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), body));
}
