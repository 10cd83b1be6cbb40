namespace Aria.Pipelines.Abstractions;

/// <summary>The version of the contract between host and connector DLL, apart from the version of the product.</summary>
public static class ConnectorContract
{
    /// <summary>
    /// The contract this assembly speaks. <c>connector.json</c> names the one it was written for in <c>contract</c>; the host loads a
    /// connector only when both are equal, and says what to do otherwise.
    /// </summary>
    public const int Version = 1;
}
