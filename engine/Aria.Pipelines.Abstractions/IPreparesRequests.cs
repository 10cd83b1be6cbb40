using System.Text.Json;

namespace Aria.Pipelines.Abstractions;

/// <summary>Builds the request of an operation, and reads its answer. Used by operations whose <c>request</c> is <c>"code"</c>.</summary>
public interface IPreparesRequests : IConnector
{
    /// <summary>Builds the request. The host freezes its bytes, records the intent, adds authentication and sends it.</summary>
    /// <param name="operation">Name of the operation, as in <c>connector.json</c>.</param>
    /// <param name="input">The step's input, already checked against the operation's input schema.</param>
    /// <param name="host">Settings and secrets of the connection.</param>
    /// <returns>The request. The same input must give the same bytes: a retry compares them.</returns>
    ConnectorRequest Prepare(string operation, JsonElement input, IConnectorHost host);

    /// <summary>Reads a successful answer.</summary>
    /// <param name="operation">Name of the operation, as in <c>connector.json</c>.</param>
    /// <param name="input">The step's input.</param>
    /// <param name="response">The answer, already classified as success.</param>
    /// <param name="host">Settings and secrets of the connection.</param>
    /// <returns>The operation's output.</returns>
    JsonElement Read(string operation, JsonElement input, ConnectorResponse response, IConnectorHost host);
}
