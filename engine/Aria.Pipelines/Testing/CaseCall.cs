using Aria.Pipelines.Connectors;

namespace Aria.Pipelines.Testing;

/// <summary>What the engine is doing when a request arrives at the targets of a case.</summary>
/// <param name="Connection">The account.</param>
/// <param name="Operation">The operation.</param>
/// <param name="Phase">Which part of it.</param>
internal sealed record CaseCall(Connection Connection, ConnectorOperation Operation, CasePhase Phase)
{
    /// <summary>True when a request was not answered by the case, so that the operation's sample stands for its output.</summary>
    public bool IsSampled { get; set; }
}

internal enum CasePhase
{
    /// <summary>Reads that an operation needs first.</summary>
    Reads,

    /// <summary>The operation's own request.</summary>
    Send,

    /// <summary>The search for a change of unknown outcome.</summary>
    LookUp,
}
