using Aria.Pipelines.Abstractions;

namespace Aria.Pipelines.Outbound;

/// <summary>The one way out: every request of every connector goes through it, once, and is never re-sent or redirected.</summary>
internal interface IHttpPath
{
    /// <summary>Sends a request and reads the whole answer.</summary>
    /// <returns>The answer, or why there is none and whether the target may have seen the request. Does not throw for network failures.</returns>
    Task<HttpAnswer> SendAsync(ConnectorRequest request, TargetPolicy policy, TimeSpan timeout, CancellationToken cancellationToken);
}
