namespace Aria.Pipelines.Abstractions;

/// <summary>Who can mend what a <see cref="Diagnostic"/> found.</summary>
public enum DiagnosticFault
{
    /// <summary>The author of the pipeline, connection or mapping.</summary>
    Author,

    /// <summary>The author of the connector.</summary>
    Connector,

    /// <summary>The operator of the host: secrets, settings, permissions, disk.</summary>
    Operator,

    /// <summary>The remote system: its answer, its data or its configuration.</summary>
    Remote,

    /// <summary>The engine itself: please report it.</summary>
    Engine,
}
