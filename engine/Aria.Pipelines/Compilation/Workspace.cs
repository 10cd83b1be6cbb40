using Aria.Pipelines.Abstractions;
using Aria.Pipelines.Connectors;
using Aria.Pipelines.Definitions;
using Aria.Pipelines.Pipelines;

namespace Aria.Pipelines.Compilation;

/// <summary>A workspace folder, compiled: what is right in it, and every finding.</summary>
/// <param name="Connections">Connections by id.</param>
/// <param name="Pipelines">Pipelines without errors, with their files.</param>
/// <param name="Findings">All findings, in order of files.</param>
internal sealed record Workspace(
    IReadOnlyDictionary<string, Connection> Connections,
    IReadOnlyList<(Pipeline Pipeline, DefinitionBundle Bundle)> Pipelines,
    IReadOnlyList<Diagnostic> Findings)
{
    public bool HasErrors => Findings.Any(f => f.Severity == DiagnosticSeverity.Error);
}
