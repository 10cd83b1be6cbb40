using System.Text.Json.Nodes;

namespace Aria.Pipelines.Authoring.Shapes;

/// <summary>An object of a definition file, as its reader takes it; a test holds the two together.</summary>
/// <param name="Name">Its name under <c>$defs</c>.</param>
/// <param name="Description">One sentence for people.</param>
/// <param name="Members">All it may have.</param>
internal sealed record Shape(string Name, string Description, IReadOnlyList<Member> Members)
{
    /// <summary>The object as JSON Schema: its members and no others.</summary>
    public JsonObject ToSchema()
    {
        var properties = new JsonObject();
        foreach (Member member in Members)
        {
            properties[member.Name] = member.Kind.DeepClone();
        }
        var schema = new JsonObject { ["description"] = Description, ["type"] = "object", ["properties"] = properties };
        if (Members.Any(m => m.IsRequired))
        {
            schema["required"] = new JsonArray([.. Members.Where(m => m.IsRequired).Select(m => (JsonNode)m.Name)]);
        }
        schema["additionalProperties"] = false;
        return schema;
    }

    /// <summary>The members, of which exactly one of the given ones must be there.</summary>
    public JsonObject ToSchema(params ReadOnlySpan<string> oneOf)
    {
        JsonObject schema = ToSchema();
        schema["oneOf"] = new JsonArray([.. oneOf.ToArray().Select(name => (JsonNode)new JsonObject { ["required"] = new JsonArray(name) })]);
        return schema;
    }

    /// <summary>The members, of which at least one of the given ones must be there.</summary>
    public JsonObject ToSchemaWithAny(params ReadOnlySpan<string> anyOf)
    {
        JsonObject schema = ToSchema();
        schema["anyOf"] = new JsonArray([.. anyOf.ToArray().Select(name => (JsonNode)new JsonObject { ["required"] = new JsonArray(name) })]);
        return schema;
    }
}
