using System.Net;

namespace Aria.Pipelines.Sandbox.Serving;

/// <summary>The only network the sandboxes use.</summary>
internal static class Loopback
{
    /// <summary>True for an absolute http or https URL whose host is <c>localhost</c> or a loopback address literal.</summary>
    public static bool Holds(Uri url) =>
        url.IsAbsoluteUri
        && (url.Scheme == Uri.UriSchemeHttp || url.Scheme == Uri.UriSchemeHttps)
        && (url.Host == "localhost" || (IPAddress.TryParse(url.DnsSafeHost, out IPAddress? ip) && IPAddress.IsLoopback(ip)));
}
