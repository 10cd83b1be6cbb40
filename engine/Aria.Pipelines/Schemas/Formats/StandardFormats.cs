using System.Collections.Frozen;

namespace Aria.Pipelines.Schemas.Formats;

/// <summary>The formats asserted unless a table says otherwise. A check returns null for good text, else what was expected.</summary>
internal static class StandardFormats
{
    public static FrozenDictionary<string, Func<string, string?>> All { get; } = new Dictionary<string, Func<string, string?>>
    {
        ["date-time"] = text => DateFormats.IsDateTime(text) ? null : "expected a date and time with offset, like 2026-03-15T14:30:00Z",
        ["date"] = text => DateFormats.IsDate(text) ? null : "expected a date, like 2026-03-15",
        ["time"] = text => DateFormats.IsTime(text) ? null : "expected a time with offset, like 14:30:00Z",
        ["email"] = text => EmailFormat.IsEmail(text) ? null : "expected an e-mail address",
        ["hostname"] = text => HostFormats.IsHostname(text) ? null : "expected a host name, like example.com",
        ["ipv4"] = text => HostFormats.IsIpv4(text) ? null : "expected an IPv4 address, like 192.0.2.1",
        ["ipv6"] = text => HostFormats.IsIpv6(text) ? null : "expected an IPv6 address, like 2001:db8::1",
        ["uri"] = text => UriFormat.IsUri(text) ? null : "expected an absolute URI, like https://example.com/a",
        ["uuid"] = text => IsUuid(text) ? null : "expected a UUID, like 123e4567-e89b-12d3-a456-426614174000",
        ["regex"] = text => EcmaPattern.TryCreate(text, TimeSpan.FromSeconds(1), out _, out string? problem) ? null : $"expected a regular expression: {problem}",
    }.ToFrozenDictionary();

    private static bool IsUuid(string text)
    {
        for (int i = 0; i < text.Length; i++)
        {
            bool dash = i is 8 or 13 or 18 or 23;
            if (dash ? text[i] != '-' : !char.IsAsciiHexDigit(text[i]))
            {
                return false;
            }
        }
        return text.Length == 36;
    }
}
