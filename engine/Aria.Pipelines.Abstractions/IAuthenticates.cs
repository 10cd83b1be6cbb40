namespace Aria.Pipelines.Abstractions;

/// <summary>Adds credentials to a request just before it is sent.</summary>
public interface IAuthenticates : IConnector
{
    /// <summary>Returns the request with credentials. Credentials are not part of the frozen bytes and are never stored.</summary>
    /// <param name="request">The request about to be sent.</param>
    /// <param name="host">Settings and secrets of the connection; its <see cref="IConnectorHost.SendAsync"/> makes login calls.</param>
    /// <param name="refresh">True when the remote system has just refused the earlier credentials with a status that means "log in again".</param>
    /// <param name="cancellationToken">Cancelled when the attempt's time is over.</param>
    /// <returns>The request to send: same method and URL, more headers. For a connector that also <see cref="ITranslatesBodies">writes its bodies</see>, the body may carry them too (WS-Security).</returns>
    ValueTask<ConnectorRequest> AuthenticateAsync(ConnectorRequest request, IConnectorHost host, bool refresh, CancellationToken cancellationToken);
}
