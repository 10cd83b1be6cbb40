using System.Text.Json;
using Aria.Pipelines.Abstractions;
using Aria.Pipelines.Schemas;

namespace Aria.Pipelines.Connectors;

/// <summary>Whether what came in is what the connector declared. A misfit is a warning: nothing is lost for it, and nothing is sent again.</summary>
internal static class DeclaredShape
{
    /// <summary>What does not fit of a canonical event; null when all of it fits or nothing was declared.</summary>
    public static Diagnostic? OfEvent(Connection connection, string type, JsonElement canonical) =>
        connection.Connector.Events.GetValueOrDefault(type)?.Schema is { } schema
            ? Check("event_invalid", $"Event '{connection.Id}.{type}'", schema, canonical)
            : null;

    /// <summary>What does not fit of an operation's output; null when all of it fits or nothing was declared.</summary>
    public static Diagnostic? OfOutput(Connection connection, ConnectorOperation operation, JsonElement output) =>
        operation.OutputSchema is { } schema ? Check("output_invalid", $"Output of '{connection.Id}.{operation.Name}'", schema, output) : null;

    private static Diagnostic? Check(string code, string what, ISchema schema, JsonElement value)
    {
        IReadOnlyList<SchemaFinding> findings = schema.Validate(value);
        return findings.Count == 0 ? null : new Diagnostic(
            code,
            DiagnosticSeverity.Warning,
            $"{what} is not what its connector declares. {string.Join("; ", findings.Select(f => $"'{f.InstancePointer}': {f.Message.TrimEnd('.')}"))}.",
            "The run went on. Either the system sends something new, or the connector maps it wrongly.",
            null,
            null,
            null,
            DiagnosticFault.Connector);
    }
}
