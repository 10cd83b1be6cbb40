using System.Buffers;

namespace Aria.Pipelines.Schemas.Formats;

/// <summary>The mailbox of RFC 5321, without its length limits; a stricter check can take its place in the table.</summary>
internal static class EmailFormat
{
    public static bool IsEmail(string text)
    {
        int at = text.LastIndexOf('@');
        return at > 0 && IsLocalPart(text.AsSpan(0, at)) && IsDomain(text[(at + 1)..]);
    }

    private static bool IsLocalPart(ReadOnlySpan<char> local)
    {
        if (local.Length >= 2 && local[0] == '"' && local[^1] == '"')
        {
            return IsQuotedContent(local[1..^1]);
        }
        foreach (Range part in local.Split('.'))
        {
            if (local[part].IsEmpty || local[part].ContainsAnyExcept(AtomCharacters))
            {
                return false;
            }
        }
        return true;
    }

    private static bool IsQuotedContent(ReadOnlySpan<char> content)
    {
        for (int i = 0; i < content.Length; i++)
        {
            if (content[i] == '\\')
            {
                i++;
                if (i == content.Length)
                {
                    return false;
                }
            }
            else if (content[i] == '"')
            {
                return false;
            }
            if (content[i] is < ' ' or > '~')
            {
                return false;
            }
        }
        return true;
    }

    private static bool IsDomain(string domain)
    {
        if (!domain.StartsWith('[') || !domain.EndsWith(']'))
        {
            return HostFormats.IsHostname(domain);
        }
        ReadOnlySpan<char> address = domain.AsSpan(1, domain.Length - 2);
        return address.StartsWith("IPv6:", StringComparison.OrdinalIgnoreCase) ? HostFormats.IsIpv6(address[5..]) : HostFormats.IsIpv4(address);
    }

    private static readonly SearchValues<char> AtomCharacters = SearchValues.Create(
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789!#$%&'*+-/=?^_`{|}~");
}
