using System.Text.Json;
using System.Text.Json.Nodes;
using Aria.Pipelines.Connectors;
using Aria.Pipelines.Mapping;

namespace Aria.Pipelines.Testing;

/// <summary>Goes back from what a read gave to an answer that gives it: the value itself, or it alone in a list; of a list with pages, its one page.</summary>
internal static class ReadBody
{
    /// <param name="read">The read.</param>
    /// <param name="values">What its mapping sees beside the response.</param>
    /// <param name="wanted">What it shall give.</param>
    public static JsonNode For(ConnectorRead read, IReadOnlyDictionary<string, JsonElement> values, JsonElement wanted)
    {
        JsonNode value = ConnectorJson.ToNode(wanted) ?? new JsonObject();
        var list = new JsonArray(value.DeepClone());
        JsonNode body = read.Value is { } mapping && !Gives(mapping, values, value, value) && Gives(mapping, values, list, value) ? list : value;
        return read.Items is { } items ? Page(items, body) : body;
    }

    private static JsonNode Page(string items, JsonNode records) =>
        items.Split('/').Skip(1).Reverse().Aggregate(records, (inner, name) => new JsonObject { [name.Replace("~1", "/", StringComparison.Ordinal).Replace("~0", "~", StringComparison.Ordinal)] = inner });

    private static bool Gives(CompiledMapping mapping, IReadOnlyDictionary<string, JsonElement> values, JsonNode body, JsonNode wanted)
    {
        var response = new JsonObject { ["status"] = 200, ["headers"] = new JsonObject(), ["body"] = body.DeepClone() };
        try
        {
            return JsonNode.DeepEquals(mapping.Evaluate(new Dictionary<string, JsonElement>(values) { ["response"] = ConnectorJson.ToElement(response) }), wanted);
        }
        catch (MappingException)
        {
            // Not the shape that the connector reads.
            return false;
        }
    }
}
