using System.Net;
using Aria.Pipelines.Definitions;

namespace Aria.Pipelines.Tests.Definitions;

public sealed class AddressRangeTests
{
    [Theory]
    [InlineData("203.0.113.7", "203.0.113.7", true)]
    [InlineData("203.0.113.7", "203.0.113.8", false)]
    [InlineData("10.0.0.0/8", "10.1.2.3", true)]
    [InlineData("10.0.0.0/8", "::ffff:10.1.2.3", true)]
    [InlineData("10.0.0.0/8", "11.0.0.0", false)]
    [InlineData("10.0.0.0/8", "a00::", false)]
    [InlineData("2001:db8::/32", "2001:db8:ffff::1", true)]
    [InlineData("2001:db8::/32", "2001:db9::1", false)]
    [InlineData("2001:0db8:0000::1", "2001:db8::1", true)]
    [InlineData("0.0.0.0/0", "198.51.100.1", true)]
    [InlineData("0.0.0.0/0", "2001:db8::1", false)]
    public void IsIn_AnAddress_OnlyInItsNetwork(string range, string address, bool expected)
    {
        AddressRange.TryParse(range, out IPNetwork network, out string? mend).ShouldBeTrue(mend);

        AddressRange.IsIn([network], IPAddress.Parse(address)).ShouldBe(expected);
    }

    [Theory]
    [InlineData("")]
    [InlineData("10")]
    [InlineData("10.1")]
    [InlineData("010.0.0.1")]
    [InlineData("10.0.0.0/33")]
    [InlineData("10.0.0.0/-1")]
    [InlineData("10.0.0.0/8/8")]
    [InlineData("10.0.0.0/255.0.0.0")]
    [InlineData("2001:db8::/129")]
    [InlineData("localhost")]
    [InlineData("*")]
    public void TryParse_NeitherAddressNorNetwork_SaysWhatToWrite(string text)
    {
        AddressRange.TryParse(text, out _, out string? mend).ShouldBeFalse();

        mend.ShouldBe("Write an address (203.0.113.7) or a network (203.0.113.0/24, 2001:db8::/32).");
    }

    [Theory]
    [InlineData("2001:db8::1/32", "The address has bits beyond the first 32: write 2001:db8::/32.")]
    [InlineData("192.168.255.255/15", "The address has bits beyond the first 15: write 192.168.0.0/15.")]
    [InlineData("::ffff:10.0.0.0/104", "Write it as IPv4: 10.0.0.0; a sender's IPv4 address is compared as one, however it came.")]
    public void TryParse_AlmostOne_SaysWhichIsMeant(string text, string expected)
    {
        AddressRange.TryParse(text, out _, out string? mend).ShouldBeFalse();

        mend.ShouldBe(expected);
    }
}
