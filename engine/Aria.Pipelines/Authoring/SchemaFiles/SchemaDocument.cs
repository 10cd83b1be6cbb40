using System.Text.Json.Nodes;
using Aria.Pipelines.Authoring.Shapes;

namespace Aria.Pipelines.Authoring.SchemaFiles;

/// <summary>A schema file: a root object with its parts under <c>$defs</c>.</summary>
internal static class SchemaDocument
{
    private const string Draft = "https://json-schema.org/draft/2020-12/schema";

    /// <summary>Puts the head of a file before a schema.</summary>
    public static JsonObject Of(string title, JsonObject schema, IEnumerable<KeyValuePair<string, JsonObject>>? parts = null)
    {
        var document = new JsonObject { ["$schema"] = Draft, ["title"] = title };
        foreach ((string name, JsonNode? value) in schema)
        {
            document[name] = value?.DeepClone();
        }
        if (parts is not null)
        {
            document["$defs"] = new JsonObject(parts.Select(p => KeyValuePair.Create(p.Key, (JsonNode?)p.Value)));
        }
        return document;
    }

    /// <summary>The schema of a file's root, which may name its own schema.</summary>
    public static JsonObject RootOf(Shape shape)
    {
        JsonObject schema = shape.ToSchema();
        schema["properties"]!["$schema"] = new JsonObject { ["type"] = "string" };
        return schema;
    }

    public static IEnumerable<KeyValuePair<string, JsonObject>> PartsOf(IEnumerable<Shape> shapes) =>
        shapes.Select(s => KeyValuePair.Create(s.Name, s.ToSchema()));

    public static KeyValuePair<string, JsonObject> ValuePart() => KeyValuePair.Create(Kind.ValueName, Kind.ValueSchema());

    /// <summary>Allowed words, each with what it means; editors show both.</summary>
    public static JsonObject Words(IEnumerable<(string Word, string Meaning)> words)
    {
        List<(string Word, string Meaning)> all = [.. words];
        return new JsonObject
        {
            ["enum"] = new JsonArray([.. all.Select(w => (JsonNode)w.Word)]),
            ["enumDescriptions"] = new JsonArray([.. all.Select(w => (JsonNode)w.Meaning)]),
        };
    }
}
