using System.Text.Json;
using System.Text.Json.Nodes;
using Aria.Pipelines.Abstractions;
using Aria.Pipelines.Mapping;

namespace Aria.Pipelines.Connectors;

/// <summary>Evaluates an operation's reasons to stop before anything is sent.</summary>
internal static class Refusals
{
    /// <summary>The first reason that holds, with all its messages; null when there is none.</summary>
    /// <exception cref="MappingException">A reason could not be evaluated.</exception>
    public static Diagnostic? First(ConnectorOperation operation, IReadOnlyDictionary<string, JsonElement> values)
    {
        foreach (OperationRefusal refusal in operation.Refusals)
        {
            string[] messages = refusal.Message.Evaluate(values) switch
            {
                JsonArray list => [.. list.Select(Text).OfType<string>()],
                { } one => Text(one) is { Length: > 0 } text ? [text] : [],
                null => [],
            };
            if (messages.Length > 0)
            {
                DiagnosticFault fault = Enum.Parse<DiagnosticFault>(refusal.Fault, ignoreCase: true);
                return new Diagnostic(refusal.Code, DiagnosticSeverity.Error, string.Join(" ", messages), "", null, null, null, fault);
            }
        }
        return null;
    }

    private static string? Text(JsonNode? node) => node is JsonValue value && value.TryGetValue(out string? text) ? text : null;
}
