using System.Net;
using System.Text.Json.Nodes;
using Aria.Pipelines.EndToEnd.Tests.Support;

namespace Aria.Pipelines.EndToEnd.Tests.Ingress;

/// <summary>Whose word is taken for it that a delivery came over TLS.</summary>
public sealed class ForwardedProtoTests
{
    private const string Afar = "203.0.113.7";
    private const string Hsts = "Strict-Transport-Security";

    private static readonly IPNetwork[] Proxies = [IPNetwork.Parse("127.0.0.1/32")];

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(Afar, "https")]
    [InlineData(Afar, "HTTPS")]
    [InlineData(Afar, "http, https")]
    [InlineData("2001:db8::7", "https")]
    public async Task Hook_TrustedProxySaysHttps_IsTakenAndTheSenderIsToldToStayWithIt(string from, string proto)
    {
        await using Loop loop = await Loop.StartAsync(proxies: Proxies);

        using HttpResponseMessage answer = await SendAsync(loop, from, proto);

        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        answer.Headers.GetValues(Hsts).ShouldBe(["max-age=31536000"]);
    }

    /// <summary>What stands before the proxy's own word was said by the sender.</summary>
    [Theory]
    [InlineData(Afar, null)]
    [InlineData(Afar, "http")]
    [InlineData(Afar, "https, http")]
    [InlineData("198.51.100.9, 203.0.113.7", "https, http")]
    public async Task Hook_TrustedProxyDoesNotSayHttps_421AndNothingStored(string from, string? proto)
    {
        await using Loop loop = await Loop.StartAsync(proxies: Proxies);
        long before = (await loop.Store.CountAsync(Stop)).Events.Values.Sum();

        using HttpResponseMessage answer = await SendAsync(loop, from, proto);

        answer.StatusCode.ShouldBe(HttpStatusCode.MisdirectedRequest);
        answer.Content.Headers.ContentType!.MediaType.ShouldBe("application/problem+json");
        ((string?)JsonNode.Parse(await answer.Content.ReadAsStringAsync(Stop))!["code"]).ShouldBe("https_required");
        answer.Headers.Contains(Hsts).ShouldBeFalse();
        (await loop.Store.CountAsync(Stop)).Events.Values.Sum().ShouldBe(before);
    }

    [Fact]
    public async Task Hook_PlainHttpAccepted_IsTakenAndSaysNothingOfTls()
    {
        await using Loop loop = await Loop.StartAsync(proxies: Proxies, options: o => o with { AcceptPlainHttp = true });

        using HttpResponseMessage answer = await SendAsync(loop, Afar, null);

        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        answer.Headers.Contains(Hsts).ShouldBeFalse();
    }

    [Fact]
    public async Task Hook_AStrangerSaysHttps_IsNotBelieved()
    {
        await using Loop loop = await Loop.StartAsync();

        using HttpResponseMessage answer = await SendAsync(loop, Afar, "https");

        answer.StatusCode.ShouldBe(HttpStatusCode.OK, "it comes from this machine");
        answer.Headers.Contains(Hsts).ShouldBeFalse();
    }

    [Theory]
    [InlineData("/health/live")]
    [InlineData("/health/ready")]
    public async Task Health_PlainFromAnotherMachine_IsAnswered(string path)
    {
        await using Loop loop = await Loop.StartAsync(proxies: Proxies);
        loop.Http.DefaultRequestHeaders.Add("X-Forwarded-For", Afar);

        using HttpResponseMessage answer = await loop.Http.GetAsync(new Uri(loop.Address, path), Stop);

        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    private static Task<HttpResponseMessage> SendAsync(Loop loop, string from, string? proto)
    {
        loop.Http.DefaultRequestHeaders.Add("X-Forwarded-For", from);
        if (proto is not null)
        {
            loop.Http.DefaultRequestHeaders.Add("X-Forwarded-Proto", proto);
        }
        return loop.DeliverAsync("""{"action":"ping","n":1}"""u8.ToArray());
    }
}
