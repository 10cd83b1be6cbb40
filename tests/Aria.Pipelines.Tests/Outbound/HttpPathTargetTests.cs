using System.Net;
using System.Net.Sockets;
using System.Text;
using Aria.Pipelines.Abstractions;
using Aria.Pipelines.Outbound;
using Aria.Pipelines.Tests.Connectors;

namespace Aria.Pipelines.Tests.Outbound;

/// <summary>Where a request may go.</summary>
public sealed class HttpPathTargetTests : IDisposable
{
    private static readonly TargetPolicy Loose = new(AllowLoopback: true, AllowPlainHttp: true);
    private static readonly TargetPolicy PlainButPublic = new(AllowLoopback: false, AllowPlainHttp: true);
    private readonly HttpPath _path = new(TimeProvider.System);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public static TheoryData<string> Spellings =>
    [
        .. File.ReadLines(Path.Combine(Connectors.Plugins.Root, "tests/Aria.Pipelines.Tests/Outbound/Vectors/ssrf-urls-dotnet10.tsv"))
            .Select(line => line.Split('\t')[0]).Where(url => Uri.TryCreate(url, UriKind.Absolute, out _)),
    ];

    /// <summary>Those of the list that name loopback or a forbidden address without asking a name server.</summary>
    public static TheoryData<string> Local =>
    [
        .. Spellings.Select(row => row.Data).Where(url => !url.Contains("nip.io", StringComparison.Ordinal) && !url.Contains("#@", StringComparison.Ordinal) && !url.Contains("localhost.", StringComparison.Ordinal) && url.All(char.IsAscii)),
    ];

    public void Dispose() => _path.Dispose();

    [Theory]
    [MemberData(nameof(Spellings))]
    public async Task Send_StrictPolicy_RefusesEverySpelling(string url)
    {
        HttpAnswer answer = await SendAsync(url, TargetPolicy.PublicHttpsOnly);

        answer.Code.ShouldBeOneOf("ssrf_blocked", "plain_http_refused");
        (answer.MayHaveArrived, answer.Response).ShouldBe((false, null));
    }

    /// <summary>Plain HTTP is refused before anybody looks at the address, so each spelling is asked for once more where only the address can refuse it.</summary>
    [Theory]
    [MemberData(nameof(Spellings))]
    public async Task Send_OverTls_EverySpellingIsRefusedForItsAddress(string url)
    {
        var target = new UriBuilder(url.StartsWith("//", StringComparison.Ordinal) ? "https:" + url : url);
        if (target.Scheme == Uri.UriSchemeHttp)
        {
            (target.Scheme, target.Port) = (Uri.UriSchemeHttps, target.Port == 80 ? -1 : target.Port);
        }
        int asked = 0;
        using var path = new HttpPath(TimeProvider.System, (name, _) =>
        {
            asked++;
            return Task.FromResult<IPAddress[]>([name.StartsWith("169.", StringComparison.Ordinal) ? IPAddress.Parse("169.254.169.254") : IPAddress.Loopback]);
        });

        HttpAnswer answer = await path.SendAsync(new ConnectorRequest("GET", target.Uri, [], default), TargetPolicy.PublicHttpsOnly, TimeSpan.FromSeconds(20), Stop);

        (answer.Code, answer.MayHaveArrived).ShouldBe(("ssrf_blocked", false), answer.Detail);
        asked.ShouldBeLessThanOrEqualTo(1);
    }

    [Theory]
    [MemberData(nameof(Local))]
    public async Task Send_PlainHttpAllowed_ForbiddenAddressIsStillRefused(string url)
    {
        HttpAnswer answer = await SendAsync(url, PlainButPublic);

        (answer.Code, answer.MayHaveArrived).ShouldBe(("ssrf_blocked", false), answer.Detail);
    }

    [Fact]
    public async Task Send_LoopbackTarget_PolicyDecides()
    {
        await using RemoteServer server = await RemoteServer.StartAsync((_, response) => RemoteServer.Json(response, "{}"));

        HttpAnswer refused = await SendAsync(server.Url, PlainButPublic);
        HttpAnswer allowed = await SendAsync(server.Url, Loose);

        (refused.Code, refused.Detail).ShouldBe(("ssrf_blocked", "'127.0.0.1' resolves to an address that this environment does not allow."));
        allowed.Response.ShouldNotBeNull().Status.ShouldBe(200);
        server.Requests.Count.ShouldBe(1);
    }

    [Fact]
    public async Task Send_ConnectionOfALoosePolicyIsOpen_StrictPolicyDoesNotUseIt()
    {
        await using RemoteServer server = await RemoteServer.StartAsync((_, response) => RemoteServer.Json(response, "{}"));
        await SendAsync(server.Url, Loose);

        (await SendAsync(server.Url, PlainButPublic)).Code.ShouldBe("ssrf_blocked");
    }

    [Theory]
    [InlineData("https://api.greenhouse.io@127.0.0.1/", "Only absolute http and https URLs without user information are requested.")]
    [InlineData("ftp://example.com/", "Only absolute http and https URLs without user information are requested.")]
    [InlineData("file:///etc/passwd", "Only absolute http and https URLs without user information are requested.")]
    public async Task Send_OtherSchemeOrUserInformation_SaysSo(string url, string detail) =>
        (await SendAsync(url, Loose)).Detail.ShouldBe(detail);

    [Fact]
    public async Task Send_PlainHttpInProduction_SaysWhich()
    {
        HttpAnswer answer = await SendAsync("http://example.com/v1?key=secret", TargetPolicy.PublicHttpsOnly);

        (answer.Code, answer.Detail).ShouldBe(("plain_http_refused", "'http://example.com' is plain HTTP, which this environment does not allow."));
    }

    [Theory]
    [InlineData(302)]
    [InlineData(307)]
    public async Task Send_Redirect_IsAnAnswerAndIsNotFollowed(int status)
    {
        await using RemoteServer other = await RemoteServer.StartAsync((_, response) => RemoteServer.Json(response, "{}"));
        await using RemoteServer server = await RemoteServer.StartAsync((_, response) =>
        {
            response.StatusCode = status;
            response.Headers.Location = other.Url + "/stolen";
            return Task.CompletedTask;
        });

        HttpAnswer answer = await _path.SendAsync(
            new ConnectorRequest("POST", new Uri(server.Url), [new("X-Api-Key", "key-1")], Encoding.UTF8.GetBytes("{}")), Loose, TimeSpan.FromSeconds(20), Stop);

        answer.Response.ShouldNotBeNull().Status.ShouldBe(status);
        other.Requests.ShouldBeEmpty();
        server.Requests.Count.ShouldBe(1);
    }

    [Fact]
    public async Task Send_NobodyListens_NotConnected()
    {
        var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        int port = ((IPEndPoint)listener.LocalEndpoint).Port;
        listener.Stop();

        HttpAnswer answer = await SendAsync($"http://127.0.0.1:{port}/", Loose);

        (answer.Code, answer.MayHaveArrived).ShouldBe(("not_connected", false));
    }

    private Task<HttpAnswer> SendAsync(string url, TargetPolicy policy) =>
        _path.SendAsync(new ConnectorRequest("GET", new Uri(url), [], default), policy, TimeSpan.FromSeconds(20), Stop);
}
