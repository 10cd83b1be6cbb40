namespace Aria.Pipelines.Abstractions;

/// <summary>Decides whether a delivery was really sent by the remote system.</summary>
public interface IVerifiesDeliveries : IConnector
{
    /// <summary>Checks the raw bytes of a delivery before anything is parsed or stored.</summary>
    /// <param name="delivery">The request as received.</param>
    /// <param name="host">Settings and secrets of the connection.</param>
    /// <returns>True when authentic. False makes the host answer 401 and store nothing.</returns>
    bool Verify(Delivery delivery, IConnectorHost host);
}
