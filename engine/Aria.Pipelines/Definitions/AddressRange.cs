using System.Diagnostics.CodeAnalysis;
using System.Net;

namespace Aria.Pipelines.Definitions;

/// <summary>An address (<c>203.0.113.7</c>) or a network (<c>203.0.113.0/24</c>, <c>2001:db8::/32</c>) as a person writes it.</summary>
internal static class AddressRange
{
    /// <summary>Reads one.</summary>
    /// <param name="text">As written.</param>
    /// <param name="network">The network; of one address where only an address is written.</param>
    /// <param name="mend">When it is neither, what to write.</param>
    /// <returns>False when it is neither.</returns>
    public static bool TryParse(string text, out IPNetwork network, [NotNullWhen(false)] out string? mend)
    {
        mend = null;
        string[] parts = text.Split('/');
        bool isAddress = IPAddress.TryParse(parts[0], out IPAddress? address) && (address.ToString() == parts[0] || parts[0].Contains(':', StringComparison.Ordinal));
        if (isAddress && address!.IsIPv4MappedToIPv6)
        {
            mend = $"Write it as IPv4: {address.MapToIPv4()}; a sender's IPv4 address is compared as one, however it came.";
        }
        else if (isAddress && parts.Length == 1)
        {
            network = new IPNetwork(address!, Bits(address!));
            return true;
        }
        else if (isAddress && parts.Length == 2 && int.TryParse(parts[1], out int length) && length >= 0 && length <= Bits(address!))
        {
            IPAddress beginning = Beginning(address!, length);
            if (beginning.Equals(address))
            {
                network = new IPNetwork(beginning, length);
                return true;
            }
            mend = $"The address has bits beyond the first {length}: write {beginning}/{length}.";
        }
        network = default;
        mend ??= "Write an address (203.0.113.7) or a network (203.0.113.0/24, 2001:db8::/32).";
        return false;
    }

    /// <summary>Whether an address is in one of the networks. An IPv4 address that came over IPv6 counts as what it is.</summary>
    public static bool IsIn(IEnumerable<IPNetwork> networks, IPAddress address)
    {
        IPAddress plain = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
        return networks.Any(n => n.Contains(plain));
    }

    private static int Bits(IPAddress address) => address.GetAddressBytes().Length * 8;

    private static IPAddress Beginning(IPAddress address, int length)
    {
        byte[] bytes = address.GetAddressBytes();
        for (int bit = length; bit < bytes.Length * 8; bit++)
        {
            bytes[bit / 8] &= (byte)~(0x80 >> (bit % 8));
        }
        return new IPAddress(bytes);
    }
}
