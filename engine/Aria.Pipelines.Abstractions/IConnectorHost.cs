using System.Text.Json;

namespace Aria.Pipelines.Abstractions;

/// <summary>What the host lends to connector code for one connection. Never create an <c>HttpClient</c>, clock or logger of your own.</summary>
public interface IConnectorHost
{
    /// <summary>The clock. It may be simulated.</summary>
    TimeProvider Time { get; }

    /// <summary>The connection's settings with defaults applied. Settings of type <c>secret</c> are absent: ask <see cref="Secret"/>.</summary>
    JsonElement Settings { get; }

    /// <summary>Reads a setting of type <c>secret</c>.</summary>
    /// <param name="setting">Name of the setting in <c>connector.json</c>.</param>
    /// <returns>The active values, the newest first; more than one while a secret is being rotated, none when the setting is not given.</returns>
    IReadOnlyList<string> Secret(string setting);

    /// <summary>Writes to the host's log, under the connection's name. Secrets are masked; personal data must not be passed.</summary>
    /// <param name="severity">How much it matters.</param>
    /// <param name="text">One line.</param>
    void Log(DiagnosticSeverity severity, string text);

    /// <summary>Sends a request outside of any operation (for example a login) through the guarded HTTP path and the connection's budget.</summary>
    /// <param name="request">The request; sent once, never retried.</param>
    /// <param name="cancellationToken">Cancels the wait for the answer.</param>
    /// <returns>The answer, whatever its status.</returns>
    /// <exception cref="HttpRequestException">No complete answer was received.</exception>
    ValueTask<ConnectorResponse> SendAsync(ConnectorRequest request, CancellationToken cancellationToken);
}
