using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace Aria.Pipelines.Store;

/// <summary>
/// Where the audit chain stood once, to be kept outside of the store: whoever puts an older copy of the whole file back has a chain that
/// verifies by itself, and no longer has this row. Written as <c>number:mac</c>.
/// </summary>
/// <param name="Number">Number of the last row.</param>
/// <param name="Mac">Its MAC, in lower-case hexadecimal digits.</param>
internal sealed record AuditAnchor(long Number, string Mac)
{
    public static AuditAnchor Of(long number, byte[] mac) => new(number, Convert.ToHexStringLower(mac));

    /// <returns>False when the text is not of the form <c>number:mac</c>.</returns>
    public static bool TryParse(string text, [NotNullWhen(true)] out AuditAnchor? anchor)
    {
        string[] parts = text.Split(':');
        anchor = parts is [{ } first, { Length: 64 } mac] && mac.All(char.IsAsciiHexDigit)
            && long.TryParse(first, NumberStyles.None, CultureInfo.InvariantCulture, out long number) && number > 0
                ? new AuditAnchor(number, mac.ToLowerInvariant())
                : null;
        return anchor is not null;
    }

    /// <summary>True when a row is the one that is named, or is none that is.</summary>
    public bool Allows(AuditChainRow row) => row.Number != Number || Convert.ToHexStringLower(row.Mac) == Mac;

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Number}:{Mac}");
}
