using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Aria.Pipelines.Mapping;

/// <summary>The functions both languages offer beside their own: in scripts as globals in camelCase, in templates as members of <c>aria</c> in snake_case. Null in, null out.</summary>
internal static class MappingFunctions
{
    /// <summary>The key under which an address is the same person: trimmed, NFC, domain in IDNA form, all lower-case. An address that is not valid is only trimmed, normalised and lower-cased.</summary>
    public static string? CanonicalEmail(string? address) => address is null ? null : EmailAddress.Canonical(address);

    /// <summary>Rounds half away from zero, on the decimal digits a person sees: 1.005 to 2 digits is 1.01.</summary>
    /// <param name="value">The number.</param>
    /// <param name="digits">Digits after the point, 0 to 15.</param>
    public static double Round(double value, int digits)
    {
        if (digits is < 0 or > 15)
        {
            throw new MappingLimitException(MappingCodes.MappingFailed, $"'round' cannot keep {digits.ToString(CultureInfo.InvariantCulture)} digits.", "Give 0 to 15 digits.");
        }
        return Math.Abs(value) < 1e15 ? (double)Math.Round((decimal)value, digits, MidpointRounding.AwayFromZero) : value;
    }

    /// <summary>Base64 of the UTF-8 bytes.</summary>
    public static string? Base64(string? text) => text is null ? null : Convert.ToBase64String(Encoding.UTF8.GetBytes(text));

    /// <summary>SHA-256 of the UTF-8 bytes, in lower-case hex.</summary>
    public static string? Sha256Hex(string? text) => text is null ? null : Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));

    /// <summary>Replaces <c>&amp; &lt; &gt; " '</c> by entities; everything else stays as it is.</summary>
    public static string? EscapeHtml(string? text) => text?
        .Replace("&", "&amp;", StringComparison.Ordinal)
        .Replace("<", "&lt;", StringComparison.Ordinal)
        .Replace(">", "&gt;", StringComparison.Ordinal)
        .Replace("\"", "&quot;", StringComparison.Ordinal)
        .Replace("'", "&#39;", StringComparison.Ordinal);

    /// <summary>At most <paramref name="length"/> UTF-16 code units, never cutting a visible character; ends with … when something was cut.</summary>
    public static string? Truncate(string? text, int length)
    {
        if (text is null || text.Length <= length)
        {
            return text;
        }
        int end = 0;
        while (end < text.Length)
        {
            int next = end + StringInfo.GetNextTextElementLength(text, end);
            if (next > length - 1)
            {
                break;
            }
            end = next;
        }
        return length < 1 ? "" : text[..end] + "…";
    }
}
