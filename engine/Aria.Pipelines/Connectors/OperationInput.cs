using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Json.Nodes;
using Aria.Pipelines.Abstractions;
using Aria.Pipelines.Mapping;
using Aria.Pipelines.Schemas;
using Aria.Pipelines.Schemas.Formats;

namespace Aria.Pipelines.Connectors;

/// <summary>An operation's input as its schema wants it.</summary>
internal static class OperationInput
{
    /// <summary>How inputs are validated: the format <c>email</c> says which part of an address is wrong.</summary>
    public static SchemaOptions SchemaOptions { get; } = new()
    {
        Formats = new Dictionary<string, Func<string, string?>>(StandardFormats.All)
        {
            ["email"] = address => EmailAddress.Problem(address) is { } problem ? $"expected an e-mail address (RFC 5322), but {problem}" : null,
        },
    };

    /// <summary>The input without null members that the schema does not take: null for an input that takes none means "not given".</summary>
    public static JsonElement WithoutNulls(JsonElement schema, JsonElement input)
    {
        if (JsonMarshal.GetRawUtf8Value(input).IndexOf("null"u8) < 0)
        {
            return input;
        }
        JsonNode? node = JsonNode.Parse(input.GetRawText());
        Clean(schema, node);
        return ConnectorJson.ToElement(node);
    }

    /// <summary>Why the input is refused; null when it is valid.</summary>
    public static Diagnostic? Check(Connection connection, ConnectorOperation operation, JsonElement input)
    {
        IReadOnlyList<SchemaFinding> findings = operation.Input.Validate(input);
        if (findings.Count == 0)
        {
            return null;
        }
        string reasons = string.Join("; ", findings.Select(f => $"{Member(f.InstancePointer)}: {f.Message.TrimEnd('.')}"));
        return new Diagnostic("input_invalid", DiagnosticSeverity.Error, $"Input of '{connection.Id}.{operation.Name}' is not valid. {reasons}.", "", null, null, null, DiagnosticFault.Author);
    }

    private static string Member(string pointer) =>
        pointer.Length == 0 ? "the input" : $"'{pointer[1..].Replace('/', '.').Replace("~1", "/", StringComparison.Ordinal).Replace("~0", "~", StringComparison.Ordinal)}'";

    private static void Clean(JsonElement schema, JsonNode? node)
    {
        if (node is not JsonObject members || schema.ValueKind != JsonValueKind.Object || !schema.TryGetProperty("properties", out JsonElement properties))
        {
            return;
        }
        foreach (JsonProperty property in properties.EnumerateObject().Where(p => members.ContainsKey(p.Name)))
        {
            if (members[property.Name] is { } value)
            {
                Clean(property.Value, value);
            }
            else if (!TakesNull(property.Value))
            {
                members.Remove(property.Name);
            }
        }
    }

    private static bool TakesNull(JsonElement schema)
    {
        if (schema.ValueKind != JsonValueKind.Object || !schema.TryGetProperty("type", out JsonElement type))
        {
            return schema.ValueKind != JsonValueKind.Object || !schema.TryGetProperty("enum", out JsonElement values)
                || values.EnumerateArray().Any(v => v.ValueKind == JsonValueKind.Null);
        }
        return type.ValueKind == JsonValueKind.Array
            ? type.EnumerateArray().Any(t => t.GetString() == "null")
            : type.GetString() == "null";
    }
}
