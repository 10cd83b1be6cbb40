using System.Text.Json;
using System.Text.Json.Nodes;
using Aria.Pipelines.Authoring.Shapes;
using Aria.Pipelines.Connectors;

namespace Aria.Pipelines.Authoring.SchemaFiles;

/// <summary>
/// <c>connectors/&lt;name&gt;.schema.json</c>: a connection of the connector at its root; its settings and the <c>with</c> of each operation
/// under <c>$defs</c>, from where the schemas of connections, environments and pipelines take them.
/// </summary>
internal static class ConnectorSchema
{
    public const string Folder = "connectors";
    public const string Settings = "settings";

    public static string FileOf(Connector connector) => $"{Folder}/{connector.Name}.schema.json";

    /// <summary>Name under <c>$defs</c> of what may be given to an operation.</summary>
    public static string WithOf(string operation) => $"with.{operation}";

    public static JsonObject Make(Connector connector)
    {
        var root = new JsonObject
        {
            ["description"] = connector.Description,
            ["type"] = "object",
            ["properties"] = new JsonObject { ["connector"] = new JsonObject { ["const"] = connector.Name }, ["settings"] = Kind.Ref(Settings) },
        };
        IEnumerable<KeyValuePair<string, JsonObject>> inputs = connector.Operations.Values
            .Select(o => KeyValuePair.Create(WithOf(o.Name), WithSchema.Make(o)));
        return SchemaDocument.Of($"{connector.Title} {connector.Version}", root,
            [KeyValuePair.Create(Settings, MakeSettings(connector)), .. SecretShapes.Parts, .. inputs]);
    }

    private static JsonObject MakeSettings(Connector connector) => new()
    {
        ["description"] = $"Settings of {connector.Title}.",
        ["type"] = "object",
        ["properties"] = new JsonObject(connector.Settings.Values.Select(s => KeyValuePair.Create(s.Name, (JsonNode?)MakeSetting(s)))),
        ["additionalProperties"] = false,
    };

    private static JsonObject MakeSetting(SettingDefinition setting)
    {
        JsonObject kind = setting.Type switch
        {
            "secret" => SecretShapes.Names(),
            "object" => Object(setting),
            _ => new JsonObject { ["type"] = setting.Type },
        };
        // A required setting may also come from an environment, so its absence is for lint, which knows both.
        kind["description"] = setting switch
        {
            { Required: true } => $"Required. {setting.Help}".TrimEnd(),
            { RequiredWhen: { } need } => $"Required when {need.Written}. {setting.Help}".TrimEnd(),
            _ => setting.Help,
        };
        if (setting.Pattern is { } pattern)
        {
            kind["pattern"] = pattern;
        }
        if (setting.Allowed.Count > 0)
        {
            kind["enum"] = new JsonArray([.. setting.Allowed.Select(a => (JsonNode)a)]);
        }
        if (setting.Default is { } otherwise)
        {
            kind["default"] = ConnectorJson.ToNode(otherwise);
        }
        return kind;
    }

    private static JsonObject Object(SettingDefinition setting)
    {
        var kind = new JsonObject { ["type"] = "object" };
        if (setting.Default is { ValueKind: JsonValueKind.Object } members)
        {
            kind["properties"] = new JsonObject(members.EnumerateObject().Select(
                m => KeyValuePair.Create(m.Name, (JsonNode?)new JsonObject { ["default"] = ConnectorJson.ToNode(m.Value) })));
        }
        return kind;
    }
}
