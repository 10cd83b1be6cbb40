using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Aria.Pipelines.Connectors;
using Aria.Pipelines.Mapping;

namespace Aria.Pipelines.Authoring.Behaviour;

/// <summary>Inputs for operations, made from their schemas.</summary>
internal static class SampleInput
{
    private static readonly string[] Texts = ["example", "1", "a@example.com", "https://example.com/x", "2026-01-31T09:00:00Z", "2026-01-31", "EXAMPLE", "00000000-0000-4000-8000-000000000000"];

    /// <summary>An input that the operation takes; null when none could be made.</summary>
    public static JsonElement? Of(TestedConnector tested, ConnectorOperation operation)
    {
        JsonObject input = RecruitingProfile.Operations.Contains(operation.Name)
            ? RecruitingProfile.Inputs(operation.Name, ProfileRules.ApplicationId(tested), ProfileRules.StageId(tested))[0]
            : Object(operation.InputSchema);
        JsonElement made = ConnectorJson.ToElement(input);
        return operation.Input.Validate(made).Count == 0 ? made : null;
    }

    /// <summary>The output over the samples of its reads, of an operation that consists of reads; null for others.</summary>
    /// <exception cref="MappingException">The output cannot be made.</exception>
    public static JsonElement? OutputOfReads(TestedConnector tested, ConnectorOperation operation, JsonElement? reads = null)
    {
        if (operation.Request is not null || operation.PreparedByCode || operation.Parts.Count > 0 || operation.Reads.Count == 0 || Of(tested, operation) is not { } input)
        {
            return null;
        }
        var values = new Dictionary<string, JsonElement> { ["input"] = input, ["settings"] = tested.Account.Settings };
        values["reads"] = reads ?? PrerequisiteReads.Samples(operation, values);
        return ConnectorJson.ToElement(operation.Output!.Evaluate(values));
    }

    private static JsonObject Object(JsonElement schema)
    {
        var made = new JsonObject();
        if (schema.ValueKind == JsonValueKind.Object && schema.TryGetProperty("properties", out JsonElement properties))
        {
            string[] required = schema.TryGetProperty("required", out JsonElement names) ? [.. names.EnumerateArray().Select(n => n.GetString()!)] : [];
            foreach (JsonProperty property in properties.EnumerateObject().Where(p => required.Contains(p.Name)))
            {
                made[property.Name] = Value(property.Value);
            }
        }
        return made;
    }

    private static JsonNode? Value(JsonElement schema)
    {
        if (schema.ValueKind != JsonValueKind.Object)
        {
            return "example";
        }
        if (schema.TryGetProperty("enum", out JsonElement allowed) || schema.TryGetProperty("examples", out allowed))
        {
            return ConnectorJson.ToNode(allowed[0]);
        }
        return schema.TryGetProperty("type", out JsonElement type) && type.ValueKind == JsonValueKind.String ? type.GetString() switch
        {
            "object" => Object(schema),
            "array" => new JsonArray(),
            "number" or "integer" => schema.TryGetProperty("minimum", out JsonElement least) ? ConnectorJson.ToNode(least) : 1,
            "boolean" => true,
            _ => Text(schema),
        } : Text(schema);
    }

    private static string Text(JsonElement schema)
    {
        string? pattern = schema.TryGetProperty("pattern", out JsonElement written) ? written.GetString() : null;
        string? format = schema.TryGetProperty("format", out JsonElement named) ? named.GetString() : null;
        string fitting = format switch { "email" => Texts[2], "uri" => Texts[3], "date-time" => Texts[4], "date" => Texts[5], _ => Texts[0] };
        return pattern is null ? fitting : Texts.FirstOrDefault(t => Regex.IsMatch(t, pattern, RegexOptions.None, TimeSpan.FromSeconds(1))) ?? fitting;
    }
}
