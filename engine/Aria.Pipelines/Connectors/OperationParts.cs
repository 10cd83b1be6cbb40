using System.Text.Json;
using System.Text.Json.Nodes;
using Aria.Pipelines.Abstractions;
using Aria.Pipelines.Mapping;

namespace Aria.Pipelines.Connectors;

/// <summary>What an operation of several parts comes to for one input.</summary>
internal static class OperationParts
{
    /// <summary>Checks the input of the whole, applies its refusals, and makes the input of each part.</summary>
    /// <param name="connection">The account.</param>
    /// <param name="operation">An operation with parts.</param>
    /// <param name="input">The step's input.</param>
    /// <returns>The parts in order, those that are left out with a null input; or why nothing may be sent.</returns>
    /// <exception cref="MappingException">A mapping failed.</exception>
    public static (IReadOnlyList<(OperationPart Part, JsonElement? Input)> Parts, Diagnostic? Problem) Of(Connection connection, ConnectorOperation operation, JsonElement input)
    {
        JsonElement clean = OperationInput.WithoutNulls(operation.InputSchema, input);
        Dictionary<string, JsonElement> values = Values(connection, clean);
        Diagnostic? problem = OperationInput.Check(connection, operation, clean)
            ?? Refusals.First(operation, new Dictionary<string, JsonElement>(values) { ["reads"] = ConnectorJson.ToElement(new JsonObject()) });
        return problem is null ? ([.. operation.Parts.Select(p => (p, Input(p, values)))], null) : ([], problem);
    }

    /// <summary>The output of the whole.</summary>
    /// <param name="connection">The account.</param>
    /// <param name="operation">An operation with parts.</param>
    /// <param name="input">The step's input.</param>
    /// <param name="outputs">Outputs of the parts by id; null for one that was left out.</param>
    /// <exception cref="MappingException">The mapping failed.</exception>
    public static JsonElement Output(Connection connection, ConnectorOperation operation, JsonElement input, JsonObject outputs)
    {
        Dictionary<string, JsonElement> values = Values(connection, OperationInput.WithoutNulls(operation.InputSchema, input));
        return ConnectorJson.ToElement(operation.Output!.Evaluate(new Dictionary<string, JsonElement>(values) { ["parts"] = ConnectorJson.ToElement(outputs) }));
    }

    private static JsonElement? Input(OperationPart part, Dictionary<string, JsonElement> values)
    {
        bool isWanted = part.When is not { } condition || (condition.Evaluate(values) is JsonValue value && value.TryGetValue(out bool wanted) && wanted);
        return isWanted ? ConnectorJson.ToElement(part.With.Evaluate(values)) : null;
    }

    private static Dictionary<string, JsonElement> Values(Connection connection, JsonElement input) => new() { ["input"] = input, ["settings"] = connection.Settings };
}
