using System.Net;
using Aria.Pipelines.Abstractions;
using Aria.Pipelines.Outbound;

namespace Aria.Pipelines.Tests.Outbound;

/// <summary>What a name server says is believed once for each connection, and only as a whole.</summary>
public sealed class HttpPathNameTests
{
    private const string Here = "127.0.0.1";
    private const string Public = "93.184.215.14";
    private const string Private = "10.0.0.1";
    private static readonly TargetPolicy Loose = new(AllowLoopback: true, AllowPlainHttp: true);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(Public, Private)]
    [InlineData(Private, Public)]
    [InlineData(Public, "169.254.169.254")]
    [InlineData(Public, "::ffff:10.0.0.1")]
    [InlineData(Public, "fd00::1")]
    [InlineData(Public, Here)]
    public async Task Send_OneOfSeveralAddressesIsForbidden_TheNameIsRefused(string first, string second)
    {
        using var path = new HttpPath(TimeProvider.System, Says([first, second]));

        HttpAnswer answer = await path.SendAsync(new ConnectorRequest("GET", new Uri("https://mixed.example/"), [], default), TargetPolicy.PublicHttpsOnly, TimeSpan.FromSeconds(20), Stop);

        (answer.Code, answer.MayHaveArrived, answer.Detail).ShouldBe(("ssrf_blocked", false, "'mixed.example' resolves to an address that this environment does not allow."));
    }

    [Theory]
    [InlineData(Here, Private)]
    [InlineData(Private, Here)]
    public async Task Send_TheAllowedOneOfTwoAddressesListens_NothingReachesIt(string first, string second)
    {
        await using RawServer server = Server();
        using var path = new HttpPath(TimeProvider.System, Says([first, second]));

        (await SendAsync(path, server)).Code.ShouldBe("ssrf_blocked");

        server.Connections.ShouldBe(0);
    }

    [Fact]
    public async Task Send_NameWithoutAnAddress_IsRefused()
    {
        await using RawServer server = Server();
        using var path = new HttpPath(TimeProvider.System, Says([[]]));

        (await SendAsync(path, server)).Code.ShouldBe("ssrf_blocked");
    }

    [Fact]
    public async Task Send_NameIsForbiddenOnceTheFirstConnectionIsGone_TheNextOneIsRefused()
    {
        await using RawServer server = Server();
        using var path = new HttpPath(TimeProvider.System, Says([Here], [Private]));

        (await SendAsync(path, server)).Response.ShouldNotBeNull().Status.ShouldBe(200);
        HttpAnswer rebound = await SendAsync(path, server);

        (rebound.Code, rebound.MayHaveArrived).ShouldBe(("ssrf_blocked", false));
        server.Requests.Count.ShouldBe(1);
    }

    [Fact]
    public async Task Send_NameIsForbiddenWhenAskedAgain_TheAddressThatWasCheckedIsTheOneConnectedTo()
    {
        await using RawServer server = Server();
        int asked = 0;
        Func<string, CancellationToken, Task<IPAddress[]>> says = Says([Here], [Private]);
        using var path = new HttpPath(TimeProvider.System, (name, stop) =>
        {
            asked++;
            return says(name, stop);
        });

        (await SendAsync(path, server)).Response.ShouldNotBeNull();

        (asked, server.Requests.Count).ShouldBe((1, 1));
    }

    /// <summary>Answers each connection once.</summary>
    private static RawServer Server() => new((_, stream, _) => RawServer.SayAsync(stream, "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\nok", keep: false));

    /// <summary>A name server that gives these answers in order, and the last one for ever.</summary>
    private static Func<string, CancellationToken, Task<IPAddress[]>> Says(params string[][] answers)
    {
        int next = 0;
        return (_, _) => Task.FromResult(Array.ConvertAll(answers[Math.Min(next++, answers.Length - 1)], IPAddress.Parse));
    }

    private static Task<HttpAnswer> SendAsync(HttpPath path, RawServer server) =>
        path.SendAsync(new ConnectorRequest("GET", new Uri($"http://rebound.example:{server.Url.Port}/"), [], default), Loose, TimeSpan.FromSeconds(20), Stop);
}
