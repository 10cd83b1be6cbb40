using System.Net;
using System.Text.Json.Nodes;
using Aria.Pipelines.EndToEnd.Tests.Support;

namespace Aria.Pipelines.EndToEnd.Tests.Ingress;

/// <summary>Where a connection's deliveries may come from, and whose word is taken for it.</summary>
public sealed class SenderAddressTests
{
    private static readonly IPNetwork[] Proxies = [IPNetwork.Parse("127.0.0.1/32"), IPNetwork.Parse("198.51.100.0/24")];

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Hook_AddressThatIsNotAllowed_403AuditedAndNothingStored()
    {
        await using Loop loop = await StartAsync(null, "127.0.0.1", "203.0.113.0/24");
        long before = (await loop.Store.CountAsync(Stop)).Events.Values.Sum();

        (await SendAsync(loop, null)).ShouldBe((HttpStatusCode.OK, null));
        await using Loop closed = await StartAsync(null, "203.0.113.0/24");
        (await SendAsync(closed, null)).ShouldBe((HttpStatusCode.Forbidden, "ip_not_allowed"));

        JsonNode detail = await Eventually.GetAsync(
            async () => (await closed.Store.Audit.ListAsync(10, default)).FirstOrDefault(r => r.Entry.Act == "delivery.refused") is { } row ? JsonNode.Parse(row.Entry.Detail) : null, "the refusal is audited");
        ((string?)detail["source"], (string?)detail["code"], (string?)detail["ip"]).ShouldBe(("greenhouse", "ip_not_allowed", "127.0.0.1"));
        (await closed.Store.CountAsync(Stop)).Events.Values.Sum().ShouldBe(0);
        (await loop.Store.CountAsync(Stop)).Events.Values.Sum().ShouldBe(before + 1);
    }

    [Fact]
    public async Task Hook_ForwardedForFromAStranger_IsNotBelieved()
    {
        await using Loop loop = await StartAsync(null, "203.0.113.0/24");

        (await SendAsync(loop, "203.0.113.7")).ShouldBe((HttpStatusCode.Forbidden, "ip_not_allowed"));
    }

    [Theory]
    [InlineData("203.0.113.7", true)]
    [InlineData("::ffff:203.0.113.7", true)]
    [InlineData("203.0.113.7, 198.51.100.9", true)]
    [InlineData("192.0.2.1", false)]
    [InlineData("203.0.113.7, 192.0.2.1", false)]
    [InlineData("203.0.113.7, 192.0.2.1, 198.51.100.9", false)]
    [InlineData("203.0.113.7, nonsense", false)]
    public async Task Hook_ForwardedForFromATrustedProxy_TheLastStrangerCounts(string forwarded, bool isAllowed)
    {
        await using Loop loop = await StartAsync(Proxies, "203.0.113.0/24");

        (await SendAsync(loop, forwarded)).ShouldBe(isAllowed ? (HttpStatusCode.OK, null) : (HttpStatusCode.Forbidden, "ip_not_allowed"));
    }

    private static Task<Loop> StartAsync(IReadOnlyList<IPNetwork>? proxies, params string[] allowed) => Loop.StartAsync(
        prepare: w => w.Overlay(e => e["connections"]!["greenhouse"]!["allowFrom"] = new JsonArray([.. allowed.Select(a => (JsonNode)a)])), proxies: proxies);

    private static async Task<(HttpStatusCode Status, string? Code)> SendAsync(Loop loop, string? forwarded)
    {
        if (forwarded is not null)
        {
            loop.Http.DefaultRequestHeaders.Add("X-Forwarded-Proto", "https");
            loop.Http.DefaultRequestHeaders.TryAddWithoutValidation("X-Forwarded-For", forwarded).ShouldBeTrue();
        }
        using HttpResponseMessage answer = await loop.DeliverAsync("""{"action":"ping","n":1}"""u8.ToArray());
        return (answer.StatusCode, (string?)JsonNode.Parse(await answer.Content.ReadAsStringAsync(Stop))!["code"]);
    }
}
