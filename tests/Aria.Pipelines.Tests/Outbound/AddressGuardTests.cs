using System.Net;
using System.Text.Json;
using Aria.Pipelines.Outbound;

namespace Aria.Pipelines.Tests.Outbound;

public sealed class AddressGuardTests
{
    private static readonly TargetPolicy WithLoopback = new(AllowLoopback: true, AllowPlainHttp: true);

    public static TheoryData<string> Blocked => [.. Addresses("blocked_svix").Concat(Addresses("blocked_added"))];

    public static TheoryData<string> Allowed => [.. Addresses("allowed_svix")];

    [Theory]
    [MemberData(nameof(Blocked))]
    public void Allows_SpecialPurposeAddress_Never(string address) =>
        AddressGuard.Allows(IPAddress.Parse(address), TargetPolicy.PublicHttpsOnly).ShouldBeFalse();

    [Theory]
    [MemberData(nameof(Allowed))]
    public void Allows_PublicAddress_Always(string address) =>
        AddressGuard.Allows(IPAddress.Parse(address), TargetPolicy.PublicHttpsOnly).ShouldBeTrue();

    [Theory]
    [MemberData(nameof(Blocked))]
    public void Allows_PolicyWithLoopback_OpensLoopbackOnly(string address)
    {
        var parsed = IPAddress.Parse(address);
        bool isLoopback = IPAddress.IsLoopback(parsed.IsIPv4MappedToIPv6 ? parsed.MapToIPv4() : parsed);

        AddressGuard.Allows(parsed, WithLoopback).ShouldBe(isLoopback);
    }

    private static IEnumerable<string> Addresses(string list)
    {
        using var vectors = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(Connectors.Plugins.Root, "tests/Aria.Pipelines.Tests/Outbound/Vectors/ssrf-addresses.json")));
        return [.. vectors.RootElement.GetProperty(list).EnumerateArray().Select(a => a.GetString()!)];
    }
}
