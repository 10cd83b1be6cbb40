using System.Text.Json;
using Aria.Pipelines.Abstractions;
using Aria.Pipelines.Outbound;
using Microsoft.Extensions.Logging;

namespace Aria.Pipelines.Connectors;

/// <summary>What connector code may use for one connection.</summary>
/// <param name="connection">The connection.</param>
/// <param name="secrets">Secret values; null when planning, so that none are seen.</param>
/// <param name="time">The clock.</param>
/// <param name="network">The way out; null when planning.</param>
/// <param name="log">Log under the connection's name.</param>
internal sealed partial class ConnectorHost(
    Connection connection, ConnectionSecrets? secrets, TimeProvider time, ConnectorHostNetwork? network, ILogger log) : IConnectorHost
{
    public TimeProvider Time => time;

    public JsonElement Settings => connection.Settings;

    /// <summary>The secret that the code asked for last and did not get; null when it got it, or went on without it.</summary>
    public string? Lacking { get; private set; }

    public IReadOnlyList<string> Secret(string setting)
    {
        IReadOnlyList<string> values = secrets?.Values(connection, setting) ?? [];
        Lacking = values.Count == 0 ? setting : null;
        return values;
    }

    public void Log(DiagnosticSeverity severity, string text)
    {
        LogLevel level = severity switch
        {
            DiagnosticSeverity.Error => LogLevel.Error,
            DiagnosticSeverity.Warning => LogLevel.Warning,
            _ => LogLevel.Information,
        };
        string line = (secrets?.Mask(connection, text) ?? text).ReplaceLineEndings(" ");
        LogText(level, line);
    }

    public async ValueTask<ConnectorResponse> SendAsync(ConnectorRequest request, CancellationToken cancellationToken)
    {
        Lacking = null;
        if (network is null)
        {
            throw new HttpRequestException("Connector code cannot send requests while planning.");
        }
        if (await network.Budgets.TakeAsync(connection.Budget, cancellationToken) is { } refused)
        {
            throw new HttpRequestException($"The request budget of connection '{connection.Id}' allows nothing until {refused.At:O} ({refused.Code}).");
        }
        HttpAnswer answer = await network.Http.SendAsync(request, connection.Policy, connection.Connector.Http.Timeout, cancellationToken);
        return answer.Response ?? throw new HttpRequestException($"{answer.Code}: {answer.Detail}");
    }

    [LoggerMessage(EventId = 2100, Message = "{Text}")]
    private partial void LogText(LogLevel level, string text);
}

/// <summary>The way out for connector code.</summary>
internal sealed record ConnectorHostNetwork(IHttpPath Http, IRateBudgets Budgets);
