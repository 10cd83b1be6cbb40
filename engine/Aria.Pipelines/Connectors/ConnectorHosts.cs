using Aria.Pipelines.Outbound;
using Microsoft.Extensions.Logging;

namespace Aria.Pipelines.Connectors;

/// <summary>Lends each connection its host, and records what connector code got wrong.</summary>
internal sealed partial class ConnectorHosts(ConnectionSecrets secrets, TimeProvider time, IHttpPath http, IRateBudgets budgets, ILoggerFactory loggers)
{
    private readonly ILogger _log = loggers.CreateLogger<ConnectorHosts>();

    public ConnectorHost For(Connection connection) =>
        new(connection, secrets, time, new ConnectorHostNetwork(http, budgets), loggers.CreateLogger($"Aria.Connection.{connection.Id}"));

    /// <summary>A host without network and secrets, for plans.</summary>
    public ConnectorHost Offline(Connection connection) =>
        new(connection, null, time, null, loggers.CreateLogger($"Aria.Connection.{connection.Id}"));

    /// <summary>Records an exception of connector code; its text may hold anything, so only its type is logged.</summary>
    public void Failed(Connection connection, string ability, Exception exception) =>
        LogFailed(connection.Connector.Name, ability, connection.Id, CodeStuckException.Said(exception));

    [LoggerMessage(2101, LogLevel.Error, "Code of connector '{Connector}' failed in {Ability} for connection '{Connection}': {Exception}")]
    private partial void LogFailed(string connector, string ability, string connection, string exception);
}
