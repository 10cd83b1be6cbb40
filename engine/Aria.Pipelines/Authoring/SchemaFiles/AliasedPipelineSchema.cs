using System.Text.Json;
using System.Text.Json.Nodes;
using Aria.Pipelines.Authoring.Shapes;
using Aria.Pipelines.Connectors;

namespace Aria.Pipelines.Authoring.SchemaFiles;

/// <summary>
/// <c>pipelines/&lt;id&gt;.schema.json</c>: the schema of one pipeline, in which its own aliases are known, so that an editor offers the events,
/// operations and <c>with</c> members that they have. JSON Schema alone cannot follow an alias that is chosen in the file itself.
/// </summary>
internal static class AliasedPipelineSchema
{
    public const string Folder = "pipelines";

    public static string FileOf(string pipeline) => $"{Folder}/{pipeline}.schema.json";

    /// <param name="pipeline">The pipeline's id.</param>
    /// <param name="aliases">What each alias of the file stands for.</param>
    /// <param name="connections">Ids of all connections with their connectors.</param>
    public static JsonObject Make(string pipeline, IReadOnlyDictionary<string, Connector> aliases, IReadOnlyDictionary<string, Connector> connections)
    {
        string known = string.Join(", ", aliases.Select(a => $"{a.Key} = {a.Value.Title} {a.Value.Version}"));
        var root = new JsonObject
        {
            ["description"] = $"Known here: {known}. Written by 'aria schema'; write it again after a change of 'connections'.",
            ["allOf"] = new JsonArray(new JsonObject { ["$ref"] = $"../{PipelineSchema.File}" }),
            ["properties"] = new JsonObject
            {
                ["connections"] = new JsonObject { ["additionalProperties"] = SchemaDocument.Words(connections.OrderBy(c => c.Key, StringComparer.Ordinal).Select(c => (c.Key, c.Value.Title))) },
                ["triggers"] = new JsonObject { ["items"] = Kind.Ref("trigger") },
                ["steps"] = new JsonObject { ["items"] = Kind.Ref("step") },
                ["onFailure"] = new JsonObject { ["items"] = Kind.Ref("step") },
            },
        };
        return SchemaDocument.Of($"Pipeline {pipeline}", root,
        [
            KeyValuePair.Create("event", SchemaDocument.Words(aliases.SelectMany(a => a.Value.Events.Values.Select(e => ($"{a.Key}.{e.Type}", e.Description))))),
            KeyValuePair.Create("subject", SchemaDocument.Words(Subjects(aliases))),
            KeyValuePair.Create("operation", SchemaDocument.Words(aliases.SelectMany(a => a.Value.Operations.Values.Select(o => ($"{a.Key}.{o.Name}", o.Description))))),
            KeyValuePair.Create("trigger", Trigger()),
            KeyValuePair.Create("step", Step(aliases)),
        ]);
    }

    private static JsonObject Trigger() => new()
    {
        ["properties"] = new JsonObject
        {
            ["on"] = Kind.Ref("event"),
            ["manual"] = new JsonObject { ["properties"] = new JsonObject { ["subject"] = Kind.Ref("subject") } },
        },
    };

    private static JsonObject Step(IReadOnlyDictionary<string, Connector> aliases) => new()
    {
        ["properties"] = new JsonObject
        {
            ["action"] = Kind.Ref("operation"),
            ["await"] = new JsonObject
            {
                ["properties"] = new JsonObject
                {
                    ["on"] = new JsonObject { ["items"] = Kind.Ref("event") },
                    ["match"] = new JsonObject { ["properties"] = CorrelationKeys(aliases), ["additionalProperties"] = false },
                },
            },
            ["onFailure"] = new JsonObject { ["items"] = Kind.Ref("step") },
        },
        ["allOf"] = new JsonArray([.. aliases.SelectMany(a => a.Value.Operations.Values.Select(o => (JsonNode)With(a.Key, a.Value, o)))]),
    };

    private static JsonObject With(string alias, Connector connector, ConnectorOperation operation)
    {
        var then = new JsonObject
        {
            ["properties"] = new JsonObject { ["with"] = new JsonObject { ["$ref"] = $"../{ConnectorSchema.FileOf(connector)}#/$defs/{ConnectorSchema.WithOf(operation.Name)}" } },
        };
        if (operation.InputSchema.ValueKind == JsonValueKind.Object && operation.InputSchema.TryGetProperty("required", out JsonElement required) && required.GetArrayLength() > 0)
        {
            then["required"] = new JsonArray("with");
        }
        return new JsonObject
        {
            ["if"] = new JsonObject { ["properties"] = new JsonObject { ["action"] = new JsonObject { ["const"] = $"{alias}.{operation.Name}" } }, ["required"] = new JsonArray("action") },
            ["then"] = then,
        };
    }

    private static JsonObject CorrelationKeys(IReadOnlyDictionary<string, Connector> aliases)
    {
        var keys = new JsonObject();
        foreach ((string alias, Connector connector) in aliases)
        {
            foreach (IGrouping<string, string> key in connector.Events.Values.SelectMany(e => e.Correlation.Keys.Select(k => (Key: k, e.Type))).GroupBy(k => k.Key, k => $"{alias}.{k.Type}"))
            {
                string declared = string.Join(", ", key);
                keys[key.Key] = new JsonObject { ["description"] = keys[key.Key]?["description"] is { } before ? $"{before}, {declared}" : $"Declared by {declared}" };
            }
        }
        return keys;
    }

    /// <summary>The nouns that a person may give an id of: those with a <c>get</c>.</summary>
    private static IEnumerable<(string Word, string Meaning)> Subjects(IReadOnlyDictionary<string, Connector> aliases) =>
        from alias in aliases
        from operation in alias.Value.Operations.Values
        where operation.Name.EndsWith(".get", StringComparison.Ordinal)
        select ($"{alias.Key}.{operation.Name[..^".get".Length]}", operation.Description);
}
