using System.Net;
using Aria.Pipelines.Abstractions;
using Aria.Pipelines.Outbound;

namespace Aria.Pipelines.Tests.Outbound;

/// <summary>What stands between a request and its target, or is left over from another one: nothing.</summary>
public sealed class HttpPathIsolationTests : IDisposable
{
    private static readonly TargetPolicy Loose = new(AllowLoopback: true, AllowPlainHttp: true);
    private readonly HttpPath _path = new(TimeProvider.System);

    public void Dispose() => _path.Dispose();

    [Fact]
    public async Task Send_TheMachineHasAProxy_GoesStraightToTheTargetWhoseAddressWasChecked()
    {
        await using RawServer target = Server("");
        await using RawServer proxy = Server("");
        IWebProxy before = HttpClient.DefaultProxy;
        HttpClient.DefaultProxy = new ProxyOfOne(target.Url, proxy.Url);
        try
        {
            (await SendAsync(target)).Response.ShouldNotBeNull();
        }
        finally
        {
            HttpClient.DefaultProxy = before;
        }

        (target.Requests.Count, proxy.Connections).ShouldBe((1, 0));
    }

    [Fact]
    public async Task Send_TargetSetsACookie_TheNextRequestHasNone()
    {
        await using RawServer target = Server("Set-Cookie: session=somebody; Path=/\r\n");

        HttpAnswer first = await SendAsync(target);
        await SendAsync(target);

        first.Response.ShouldNotBeNull().Headers["Set-Cookie"].ShouldBe(["session=somebody; Path=/"]);
        target.Requests.Count.ShouldBe(2);
        target.Requests.ShouldAllBe(r => !r.Contains("Cookie", StringComparison.OrdinalIgnoreCase));
    }

    private static RawServer Server(string header) => new((_, stream, _) => RawServer.SayAsync(stream, $"HTTP/1.1 200 OK\r\n{header}Content-Length: 2\r\n\r\nok", keep: true));

    private Task<HttpAnswer> SendAsync(RawServer server) =>
        _path.SendAsync(new ConnectorRequest("GET", server.Url, [], default), Loose, TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken);

    /// <summary>What HTTP_PROXY makes of a process, for one target: other tests run meanwhile.</summary>
    private sealed class ProxyOfOne(Uri target, Uri proxy) : IWebProxy
    {
        public ICredentials? Credentials { get; set; }

        public Uri? GetProxy(Uri destination) => IsBypassed(destination) ? null : proxy;

        public bool IsBypassed(Uri host) => host.Port != target.Port;
    }
}
