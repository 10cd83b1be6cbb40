using System.Text.Json.Nodes;
using Aria.Pipelines.Connectors;

namespace Aria.Pipelines.Authoring.SchemaFiles;

/// <summary>An operation's input schema as an author may write it: at any place, a mapping may stand for the value.</summary>
internal static class WithSchema
{
    private const string Mapping = "../pipeline.schema.json#/$defs/value";
    private static readonly string[] OfMembers = ["properties", "patternProperties"];

    public static JsonObject Make(ConnectorOperation operation)
    {
        JsonObject schema = ConnectorJson.ToNode(operation.InputSchema) is JsonObject input ? Loosen(input, mayBeNull: false) : [];
        schema["description"] = operation.Description;
        return schema;
    }

    private static JsonObject Loosen(JsonObject schema, bool mayBeNull)
    {
        var written = new JsonObject();
        HashSet<string> required = [.. (schema["required"] as JsonArray ?? []).OfType<JsonNode>().Select(r => r.GetValue<string>())];
        foreach ((string keyword, JsonNode? value) in schema)
        {
            written[keyword] = keyword switch
            {
                _ when OfMembers.Contains(keyword) && value is JsonObject members => new JsonObject(
                    members.Select(m => KeyValuePair.Create(m.Key, m.Value is JsonObject s ? Loosen(s, !required.Contains(m.Key)) : m.Value?.DeepClone()))),
                "items" or "additionalProperties" when value is JsonObject item => Loosen(item, mayBeNull: true),
                _ => value?.DeepClone(),
            };
        }
        var loose = new JsonObject();
        if (written.Remove("description", out JsonNode? description))
        {
            loose["description"] = description;
        }
        if (Proposals(schema) is { } proposals)
        {
            loose["examples"] = proposals;
        }
        loose["if"] = IsMapping(mayBeNull);
        loose["then"] = new JsonObject { ["$ref"] = Mapping };
        loose["else"] = written;
        loose["defaultSnippets"] = new JsonArray(
            new JsonObject { ["label"] = "{ \"$js\": … }", ["description"] = "A JavaScript expression", ["body"] = new JsonObject { ["$js"] = "$1" } },
            new JsonObject { ["label"] = "{ \"$file\": … }", ["description"] = "A mapping in a file of its own", ["body"] = new JsonObject { ["$file"] = "$1" } });
        return loose;
    }

    /// <summary>Values that an editor proposes: it looks for them beside a condition, not inside.</summary>
    private static JsonArray? Proposals(JsonObject schema) => schema switch
    {
        _ when schema["enum"] is JsonArray allowed => allowed.DeepClone().AsArray(),
        _ when schema["type"] is JsonValue type && type.TryGetValue(out string? name) && name == "boolean" => new JsonArray(true, false),
        _ => null,
    };

    /// <summary>A template, one of the keywords, or the null that leaves an optional member out.</summary>
    private static JsonObject IsMapping(bool mayBeNull)
    {
        var kinds = new JsonArray(new JsonObject { ["type"] = "string", ["pattern"] = "\\{\\{" });
        foreach (string keyword in new[] { "$js", "$file", "$literal" })
        {
            kinds.Add(new JsonObject { ["type"] = "object", ["required"] = new JsonArray(keyword) });
        }
        if (mayBeNull)
        {
            kinds.Add(new JsonObject { ["type"] = "null" });
        }
        return new JsonObject { ["anyOf"] = kinds };
    }
}
