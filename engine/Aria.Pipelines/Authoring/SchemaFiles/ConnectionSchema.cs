using System.Text.Json.Nodes;
using Aria.Pipelines.Authoring.Shapes;
using Aria.Pipelines.Connectors;

namespace Aria.Pipelines.Authoring.SchemaFiles;

/// <summary><c>connection.schema.json</c> and <c>environment.schema.json</c>, for the connectors that are installed and the connections that exist.</summary>
internal static class ConnectionSchema
{
    public const string File = "connection.schema.json";
    public const string EnvironmentFile = "environment.schema.json";

    public static JsonObject Make(IReadOnlyCollection<Connector> connectors)
    {
        JsonObject root = SchemaDocument.RootOf(ConnectionShapes.Connection);
        JsonNode connector = root["properties"]!["connector"]!;
        foreach ((string keyword, JsonNode? value) in SchemaDocument.Words(connectors.Select(c => (c.Name, c.Description))))
        {
            connector[keyword] = value?.DeepClone();
        }
        root["allOf"] = new JsonArray([.. connectors.Select(c => (JsonNode)new JsonObject
        {
            ["if"] = new JsonObject { ["properties"] = new JsonObject { ["connector"] = new JsonObject { ["const"] = c.Name } }, ["required"] = new JsonArray("connector") },
            ["then"] = new JsonObject { ["$ref"] = ConnectorSchema.FileOf(c) },
        })]);
        return SchemaDocument.Of("Connection", root, [.. SchemaDocument.PartsOf([ConnectionShapes.Breaker, ConnectorShapes.Window]), LimitPart(), .. SecretShapes.Parts]);
    }

    /// <param name="connections">The connector of each connection, by the connection's id.</param>
    public static JsonObject MakeEnvironment(IReadOnlyDictionary<string, Connector> connections)
    {
        JsonObject root = SchemaDocument.RootOf(ConnectionShapes.Environment);
        JsonNode overlays = root["properties"]!["connections"]!;
        overlays["properties"] = new JsonObject(connections.OrderBy(c => c.Key, StringComparer.Ordinal).Select(c => KeyValuePair.Create(c.Key, (JsonNode?)Overlay(c.Value))));
        return SchemaDocument.Of("Environment", root, [.. SchemaDocument.PartsOf([ConnectionShapes.Overlay, ConnectionShapes.Breaker, ConnectorShapes.Window]), LimitPart(), .. SecretShapes.Parts]);
    }

    private static JsonObject Overlay(Connector connector)
    {
        JsonObject overlay = ConnectionShapes.Overlay.ToSchema();
        overlay["properties"]!["settings"] = new JsonObject { ["$ref"] = $"{ConnectorSchema.FileOf(connector)}#/$defs/{ConnectorSchema.Settings}" };
        return overlay;
    }

    private static KeyValuePair<string, JsonObject> LimitPart() => KeyValuePair.Create(ConnectionShapes.Limit.Name, ConnectionShapes.LimitSchema());
}
