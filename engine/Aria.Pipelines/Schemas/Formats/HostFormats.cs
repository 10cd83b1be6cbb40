using System.Buffers;
using System.Globalization;

namespace Aria.Pipelines.Schemas.Formats;

/// <summary>Host names (RFC 1123, with the A-labels of RFC 5891) and addresses.</summary>
internal static class HostFormats
{
    public static readonly SearchValues<char> Hexadecimal = SearchValues.Create("0123456789abcdefABCDEF");

    private static readonly IdnMapping Idn = new() { UseStd3AsciiRules = true };

    public static bool IsHostname(string text)
    {
        if (text.Length is 0 or > 253)
        {
            return false;
        }
        foreach (Range label in text.AsSpan().Split('.'))
        {
            if (!IsLabel(text[label]))
            {
                return false;
            }
        }
        return true;
    }

    public static bool IsIpv4(ReadOnlySpan<char> text)
    {
        int octets = 0;
        foreach (Range part in text.Split('.'))
        {
            ReadOnlySpan<char> octet = text[part];
            bool good = octet.Length is >= 1 and <= 3 && octet.IndexOfAnyExceptInRange('0', '9') < 0 && (octet.Length == 1 || octet[0] != '0')
                && int.Parse(octet, CultureInfo.InvariantCulture) <= 255;
            if (!good)
            {
                return false;
            }
            octets++;
        }
        return octets == 4;
    }

    public static bool IsIpv6(ReadOnlySpan<char> text)
    {
        int gap = text.IndexOf("::");
        if (gap < 0)
        {
            return Groups(text, mayEndInIpv4: true) == 8;
        }
        int before = Groups(text[..gap], mayEndInIpv4: false);
        int after = Groups(text[(gap + 2)..], mayEndInIpv4: true);
        return before >= 0 && after >= 0 && before + after <= 7;
    }

    /// <summary>Counts groups of 16 bits; -1 when one is not valid.</summary>
    private static int Groups(ReadOnlySpan<char> text, bool mayEndInIpv4)
    {
        if (text.IsEmpty)
        {
            return 0;
        }
        int count = 0;
        foreach (Range part in text.Split(':'))
        {
            ReadOnlySpan<char> group = text[part];
            if (mayEndInIpv4 && part.End.Value == text.Length && group.Contains('.'))
            {
                return IsIpv4(group) ? count + 2 : -1;
            }
            if (group.Length is 0 or > 4 || group.ContainsAnyExcept(Hexadecimal))
            {
                return -1;
            }
            count++;
        }
        return count;
    }

    private static bool IsLabel(string label)
    {
        if (label.Length is 0 or > 63 || label[0] == '-' || label[^1] == '-' || !label.All(c => char.IsAsciiLetterOrDigit(c) || c == '-'))
        {
            return false;
        }
        bool reserved = label.Length >= 4 && label[2] == '-' && label[3] == '-';
        return !reserved || (label.StartsWith("xn--", StringComparison.OrdinalIgnoreCase) && IsALabel(label));
    }

    private static bool IsALabel(string label)
    {
        try
        {
            string decoded = Idn.GetUnicode(label);
            return decoded.Any(c => c > 127) && IdnaRules.Allow(decoded);
        }
        catch (ArgumentException)
        {
            return false;
        }
    }
}
