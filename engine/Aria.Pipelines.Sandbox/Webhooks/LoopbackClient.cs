using System.Diagnostics;

namespace Aria.Pipelines.Sandbox.Webhooks;

/// <summary>The one HTTP client of a sandbox: no redirects, no proxy, no cookies, no trace headers.</summary>
internal static class LoopbackClient
{
    public static HttpClient Create()
    {
        var sockets = new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseProxy = false,
            UseCookies = false,
            ActivityHeadersPropagator = DistributedContextPropagator.CreateNoOutputPropagator(),
        };
#pragma warning disable RS0030 // The sandbox plays the vendor, so it cannot use the engine's outbound path.
        return new HttpClient(sockets) { Timeout = Timeout.InfiniteTimeSpan };
#pragma warning restore RS0030
    }
}
