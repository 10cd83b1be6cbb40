using System.Text.Json;
using Aria.Pipelines.Abstractions;

namespace Aria.Pipelines.Plugins.Leaky;

/// <summary>Lets the process hold on to it, as authors do who clean up at the end: its DLL never unloads.</summary>
public sealed class LeakyConnector : IPreparesRequests
{
    private int _prepared;

    /// <summary>Begins to listen, and never stops.</summary>
    public LeakyConnector() => AppDomain.CurrentDomain.ProcessExit += (_, _) => _prepared = 0;

    /// <inheritdoc/>
    public ConnectorRequest Prepare(string operation, JsonElement input, IConnectorHost host) => new("PUT", new Uri($"https://leaky.example/{_prepared++}"), [], default);

    /// <inheritdoc/>
    public JsonElement Read(string operation, JsonElement input, ConnectorResponse response, IConnectorHost host) => input;
}
