using System.Text.Json;

namespace Aria.Pipelines.Abstractions;

/// <summary>Turns the bytes of a verified delivery into JSON, which <c>connector.json</c> then describes as events.</summary>
public interface IDecodesDeliveries : IConnector
{
    /// <summary>Decodes one delivery. Must give the same result for the same bytes: it runs again when a delivery is re-decoded.</summary>
    /// <param name="delivery">The verified request.</param>
    /// <param name="host">Settings and secrets of the connection.</param>
    /// <returns>One JSON value per event, in order; none for a delivery that carries no event. An exception quarantines the delivery.</returns>
    IReadOnlyList<JsonElement> Decode(Delivery delivery, IConnectorHost host);
}
