namespace Aria.Pipelines.Abstractions;

/// <summary>How much a <see cref="Diagnostic"/> matters.</summary>
public enum DiagnosticSeverity
{
    /// <summary>What was asked cannot be done: the file is not loaded, the step fails.</summary>
    Error,

    /// <summary>It works, but probably not as meant.</summary>
    Warning,

    /// <summary>Worth knowing; nothing to mend.</summary>
    Information,
}
