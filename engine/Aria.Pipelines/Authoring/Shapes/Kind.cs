using System.Text.Json.Nodes;

namespace Aria.Pipelines.Authoring.Shapes;

/// <summary>The kinds of values that definition files hold, as JSON Schemas with the words an editor shows.</summary>
internal static class Kind
{
    public const string DurationPattern = "^[0-9]{1,9}(ms|s|m|h|d)$";
    public const string IdentifierPattern = "^[A-Za-z][A-Za-z0-9_]{0,59}$";
    public const string PointerPattern = "^(/.*)?$";

    /// <summary>Name under <c>$defs</c> of a mapping: any value whose strings may be templates.</summary>
    public const string ValueName = "value";

    public static JsonObject Text(string description) => new() { ["description"] = description, ["type"] = "string" };

    public static JsonObject Text(string description, string pattern) => new() { ["description"] = description, ["type"] = "string", ["pattern"] = pattern };

    public static JsonObject Texts(string description) => List(description, new JsonObject { ["type"] = "string" });

    public static JsonObject Flag(string description) => new() { ["description"] = description, ["type"] = "boolean" };

    public static JsonObject Count(string description) => new() { ["description"] = description, ["type"] = "integer", ["minimum"] = 0 };

    /// <summary>A whole number within bounds, both allowed.</summary>
    public static JsonObject Between(this JsonObject count, int least, int greatest)
    {
        count["minimum"] = least;
        if (greatest < int.MaxValue)
        {
            count["maximum"] = greatest;
        }
        return count;
    }

    public static JsonObject Duration(string description) => Text($"{description} A whole number and a unit: 500ms, 30s, 5m, 2h or 14d.", DurationPattern);

    public static JsonObject Pointer(string description) => Text($"{description} A JSON pointer: empty, or beginning with a slash.", PointerPattern);

    public static JsonObject OneOf(string description, params ReadOnlySpan<string> allowed) => new()
    {
        ["description"] = description,
        ["enum"] = new JsonArray([.. allowed.ToArray().Select(a => (JsonNode)a)]),
    };

    /// <summary>A mapping, compiled by the engine.</summary>
    public static JsonObject Value(string description) => new() { ["description"] = description, ["$ref"] = $"#/$defs/{ValueName}" };

    public static JsonObject Of(string shape, string description) => new() { ["description"] = description, ["$ref"] = $"#/$defs/{shape}" };

    public static JsonObject Anything(string description) => new() { ["description"] = description };

    /// <summary>A JSON Schema in place, or the name of a file that holds one.</summary>
    public static JsonObject Schema(string description) => new() { ["description"] = description, ["type"] = new JsonArray("object", "boolean", "string") };

    public static JsonObject Object(string description) => new() { ["description"] = description, ["type"] = "object" };

    public static JsonObject List(string description, JsonObject item) => new() { ["description"] = description, ["type"] = "array", ["items"] = item };

    public static JsonObject Map(string description, JsonObject value) => new() { ["description"] = description, ["type"] = "object", ["additionalProperties"] = value };

    public static JsonObject Map(string description, string names, JsonObject value)
    {
        JsonObject map = Map(description, value);
        map["propertyNames"] = new JsonObject { ["pattern"] = names };
        return map;
    }

    public static JsonObject Ref(string shape) => new() { ["$ref"] = $"#/$defs/{shape}" };

    public static JsonObject Default(this JsonObject kind, JsonNode value)
    {
        kind["default"] = value;
        return kind;
    }

    public static JsonObject Example(this JsonObject kind, JsonNode value)
    {
        kind["examples"] = new JsonArray(value);
        return kind;
    }

    /// <summary>The schema of a mapping: <c>$js</c>, <c>$file</c> and <c>$literal</c> stand alone, everything else is JSON whose strings are templates.</summary>
    public static JsonObject ValueSchema()
    {
        JsonObject alone = new() { ["maxProperties"] = 1 };
        return new JsonObject
        {
            ["description"] = "JSON whose strings may hold {{ templates }}; a string that is exactly one {{ expression }} keeps the JSON type.",
            ["properties"] = new JsonObject
            {
                ["$js"] = Text("A JavaScript expression that gives the value.").Example("event.application.stage?.name ?? null"),
                ["$file"] = Text("A file of this folder: .json (JSON with templates), .js (a script that returns the value) or .scriban (a template that makes one text).", "^[a-z0-9][a-z0-9._/-]*\\.(json|js|scriban)$").Example("invitation.json"),
                ["$literal"] = Anything("Taken as it is, even where it looks like a template."),
            },
            ["patternProperties"] = new JsonObject { ["^\\$(?!(js|file|literal)$)"] = false },
            ["additionalProperties"] = Ref(ValueName),
            ["dependentSchemas"] = new JsonObject { ["$js"] = alone, ["$file"] = alone.DeepClone(), ["$literal"] = alone.DeepClone() },
            ["items"] = Ref(ValueName),
        };
    }
}
