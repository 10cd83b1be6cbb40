using System.Text.Json.Nodes;
using Aria.Pipelines.Abstractions;
using Aria.Pipelines.Authoring.Shapes;

namespace Aria.Pipelines.Authoring.SchemaFiles;

/// <summary><c>connector.schema.json</c>: what a <c>connector.json</c> may hold.</summary>
internal static class ConnectorDefinitionSchema
{
    public const string File = "connector.schema.json";

    // Written with what one member means for others.
    private static readonly Shape[] SpecialOfEvents = [EventShapes.Webhook, EventShapes.Event, EventShapes.Signature, EventShapes.Timestamp, EventShapes.Jwt, EventShapes.Token];

    public static JsonObject Make()
    {
        JsonObject root = SchemaDocument.RootOf(ConnectorShapes.Root);
        root["properties"]!["contract"]!["const"] = ConnectorContract.Version;
        JsonObject auth = AuthShapes.Auth.ToSchema();
        auth["minProperties"] = 1;
        auth["maxProperties"] = 1;
        IEnumerable<Shape> plain = ConnectorShapes.Parts.Where(s => s != AuthShapes.Auth && s != ConnectorShapes.Error && s != ConnectorShapes.Paging);
        return SchemaDocument.Of("Connector", root,
        [
            .. SchemaDocument.PartsOf(plain),
            KeyValuePair.Create(AuthShapes.Auth.Name, auth),
            KeyValuePair.Create(ConnectorShapes.Error.Name, ConnectorShapes.Error.ToSchemaWithAny("is", "message")),
            KeyValuePair.Create(ConnectorShapes.Paging.Name, ConnectorShapes.Paging.ToSchemaWithAny("link", "next")),
            KeyValuePair.Create(EventShapes.Webhook.Name, EventShapes.Webhook.ToSchemaWithAny("signature", "jwt", "token")),
            KeyValuePair.Create(EventShapes.Event.Name, Event()),
            KeyValuePair.Create(EventShapes.Signature.Name, EventShapes.Signature.ToSchemaWithAny("header", "json")),
            KeyValuePair.Create(EventShapes.Timestamp.Name, EventShapes.Timestamp.ToSchemaWithAny("header", "json", "prefix")),
            KeyValuePair.Create(EventShapes.Jwt.Name, EventShapes.Jwt.ToSchemaWithAny("header", "query")),
            KeyValuePair.Create(EventShapes.Token.Name, EventShapes.Token.ToSchema("header", "query", "json", "basic")),
            .. SchemaDocument.PartsOf(EventShapes.Parts.Where(s => !SpecialOfEvents.Contains(s))),
            .. SchemaDocument.PartsOf(OperationShapes.Parts.Where(s => s != OperationShapes.Operation)),
            KeyValuePair.Create(OperationShapes.Operation.Name, Operation()),
            SchemaDocument.ValuePart(),
        ]);
    }

    /// <summary>An event has the vendor's word for it, unless a feed of its own yields it.</summary>
    private static JsonObject Event()
    {
        JsonObject schema = EventShapes.Event.ToSchemaWithAny("wireType");
        schema["anyOf"]!.AsArray().Add((JsonNode)new JsonObject
        {
            ["properties"] = new JsonObject { ["poll"] = new JsonObject { ["type"] = "object" } },
            ["required"] = new JsonArray("poll"),
        });
        return schema;
    }

    /// <summary>An operation says how its answer is read, unless code prepares the request, and its effect class, unless its parts have theirs.</summary>
    private static JsonObject Operation()
    {
        JsonObject schema = OperationShapes.Operation.ToSchema();
        schema["if"] = new JsonObject { ["properties"] = new JsonObject { ["request"] = new JsonObject { ["const"] = "code" } }, ["required"] = new JsonArray("request") };
        schema["else"] = new JsonObject { ["required"] = new JsonArray("output") };
        schema["anyOf"] = new JsonArray(new JsonObject { ["required"] = new JsonArray("effect") }, new JsonObject { ["required"] = new JsonArray("parts") });
        return schema;
    }
}
