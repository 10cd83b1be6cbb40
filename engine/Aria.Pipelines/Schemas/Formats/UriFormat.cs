using System.Buffers;

namespace Aria.Pipelines.Schemas.Formats;

/// <summary>The absolute URI of RFC 3986, with or without fragment.</summary>
internal static class UriFormat
{
    private const string Letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";
    private const string Unreserved = Letters + "-._~";
    private const string SubDelimiters = "!$&'()*+,;=";

    private static readonly SearchValues<char> Scheme = SearchValues.Create(Letters + "+-.");
    private static readonly SearchValues<char> User = SearchValues.Create(Unreserved + SubDelimiters + "%:");
    private static readonly SearchValues<char> Name = SearchValues.Create(Unreserved + SubDelimiters + "%");
    private static readonly SearchValues<char> Path = SearchValues.Create(Unreserved + SubDelimiters + "%:@/");
    private static readonly SearchValues<char> Query = SearchValues.Create(Unreserved + SubDelimiters + "%:@/?");

    public static bool IsUri(string text)
    {
        ReadOnlySpan<char> rest = text;
        int colon = rest.IndexOf(':');
        if (colon < 1 || !char.IsAsciiLetter(rest[0]) || rest[..colon].ContainsAnyExcept(Scheme) || !PercentsAreEncoded(rest))
        {
            return false;
        }
        rest = rest[(colon + 1)..];
        return TakeTail(ref rest, '#', Query) && TakeTail(ref rest, '?', Query) && IsHierarchy(rest);
    }

    private static bool TakeTail(ref ReadOnlySpan<char> rest, char mark, SearchValues<char> allowed)
    {
        int at = rest.IndexOf(mark);
        bool good = at < 0 || !rest[(at + 1)..].ContainsAnyExcept(allowed);
        rest = at < 0 ? rest : rest[..at];
        return good;
    }

    private static bool IsHierarchy(ReadOnlySpan<char> rest)
    {
        if (!rest.StartsWith("//"))
        {
            return !rest.ContainsAnyExcept(Path);
        }
        rest = rest[2..];
        int slash = rest.IndexOf('/');
        ReadOnlySpan<char> authority = slash < 0 ? rest : rest[..slash];
        return IsAuthority(authority) && (slash < 0 || !rest[slash..].ContainsAnyExcept(Path));
    }

    private static bool IsAuthority(ReadOnlySpan<char> authority)
    {
        int at = authority.LastIndexOf('@');
        if (at >= 0 && authority[..at].ContainsAnyExcept(User))
        {
            return false;
        }
        ReadOnlySpan<char> host = authority[(at + 1)..];
        int port = host.LastIndexOf(':');
        if (host.StartsWith("["))
        {
            int end = host.IndexOf(']');
            return end > 0 && IsLiteral(host[1..end]) && (end == host.Length - 1 || (host[end + 1] == ':' && IsPort(host[(end + 2)..])));
        }
        return port < 0 ? !host.ContainsAnyExcept(Name) : IsPort(host[(port + 1)..]) && !host[..port].ContainsAnyExcept(Name);
    }

    private static bool IsLiteral(ReadOnlySpan<char> address)
    {
        if (!address.StartsWith("v", StringComparison.OrdinalIgnoreCase))
        {
            return HostFormats.IsIpv6(address);
        }
        int dot = address.IndexOf('.');
        return dot > 1 && dot < address.Length - 1 && !address[1..dot].ContainsAnyExcept(HostFormats.Hexadecimal) && !address[(dot + 1)..].ContainsAnyExcept(User);
    }

    private static bool IsPort(ReadOnlySpan<char> port) => port.IndexOfAnyExceptInRange('0', '9') < 0;

    private static bool PercentsAreEncoded(ReadOnlySpan<char> text)
    {
        for (int i = 0; i < text.Length; i++)
        {
            if (text[i] == '%' && (i + 2 >= text.Length || !char.IsAsciiHexDigit(text[i + 1]) || !char.IsAsciiHexDigit(text[i + 2])))
            {
                return false;
            }
        }
        return true;
    }
}
