using System.Buffers;
using System.Globalization;
using System.Text;
using MimeKit;

namespace Aria.Pipelines.Mapping;

/// <summary>Addresses of candidates: what is wrong with one (RFC 5322 addr-spec, RFC 5321 lengths), and when two are the same.</summary>
internal static class EmailAddress
{
    private static readonly SearchValues<char> OutsideAtom = SearchValues.Create(" \t()<>[]:;@\\,\"");
    private static readonly IdnMapping Idn = new() { UseStd3AsciiRules = true };

    /// <summary>The key for comparing: trim, NFC, domain in IDNA form, all lower-case.</summary>
    public static string Canonical(string address)
    {
        string trimmed = Normalize(address.Trim());
        int at = trimmed.LastIndexOf('@');
        return at < 0 ? trimmed.ToLowerInvariant() : trimmed[..at].ToLowerInvariant() + "@" + Domain(trimmed[(at + 1)..]);
    }

    /// <summary>Says which part of an address is wrong, or null when it is valid. Surrounding spaces count as wrong: trim first.</summary>
    public static string? Problem(string address)
    {
        if (address.Length == 0)
        {
            return "the address is empty";
        }
        if (address.Any(c => char.IsControl(c) || char.IsSurrogate(c) && !IsWellFormed(address)))
        {
            return "the address contains a control character or broken text";
        }
        int at = address.LastIndexOf('@');
        if (at < 0)
        {
            return "there is no '@'";
        }
        if (LocalProblem(address[..at]) is { } local)
        {
            return local;
        }
        if (DomainProblem(address[(at + 1)..]) is { } domain)
        {
            return domain;
        }
        if (Encoding.UTF8.GetByteCount(address) > 254)
        {
            return "the address is longer than 254 bytes";
        }
        return MailboxAddress.TryParse(ParserOptions.Default, address, out MailboxAddress? parsed) && parsed.Address == address
            ? null
            : "the address does not follow RFC 5322";
    }

    private static string? LocalProblem(string local)
    {
        if (local.Length == 0)
        {
            return "the part before '@' is empty";
        }
        if (Encoding.UTF8.GetByteCount(local) > 64)
        {
            return "the part before '@' is longer than 64 bytes";
        }
        if (local.Length > 1 && local[0] == '"' && local[^1] == '"')
        {
            return null;
        }
        if (local[0] == '.' || local[^1] == '.' || local.Contains("..", StringComparison.Ordinal))
        {
            return "the part before '@' begins or ends with a dot, or has two dots together";
        }
        int wrong = local.AsSpan().IndexOfAny(OutsideAtom);
        return wrong < 0 ? null : $"the part before '@' contains {(char.IsWhiteSpace(local[wrong]) ? "a space" : $"'{local[wrong]}'")}";
    }

    private static string? DomainProblem(string domain)
    {
        if (domain.Length == 0)
        {
            return "the part after '@' is empty";
        }
        foreach (string label in domain.Split('.'))
        {
            if (label.Length == 0)
            {
                return "the part after '@' begins or ends with a dot, or has two dots together";
            }
            if (label[0] == '-' || label[^1] == '-')
            {
                return $"'{label}' after '@' begins or ends with '-'";
            }
        }
        try
        {
            return Idn.GetAscii(Normalize(domain)).Length > 253 ? "the part after '@' is longer than 253 characters" : null;
        }
        catch (ArgumentException)
        {
            return "the part after '@' is not a domain name";
        }
    }

    private static string Domain(string domain)
    {
        try
        {
            return Idn.GetAscii(domain).ToLowerInvariant();
        }
        catch (ArgumentException)
        {
            return domain.ToLowerInvariant();
        }
    }

    // Normalize throws on lone surrogates, which naughty input may hold.
    private static string Normalize(string text) => IsWellFormed(text) ? text.Normalize(NormalizationForm.FormC) : text;

    private static bool IsWellFormed(string text)
    {
        for (int i = 0; i < text.Length; i++)
        {
            if (char.IsHighSurrogate(text[i]) && i + 1 < text.Length && char.IsLowSurrogate(text[i + 1]))
            {
                i++;
            }
            else if (char.IsSurrogate(text[i]))
            {
                return false;
            }
        }
        return true;
    }
}
