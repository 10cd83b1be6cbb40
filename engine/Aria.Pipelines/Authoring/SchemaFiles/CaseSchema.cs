using System.Text.Json.Nodes;
using Aria.Pipelines.Authoring.Shapes;
using Aria.Pipelines.Connectors;
using Aria.Pipelines.Testing;

namespace Aria.Pipelines.Authoring.SchemaFiles;

/// <summary><c>case.schema.json</c>: what a case of any pipeline may hold.</summary>
internal static class CaseSchema
{
    public const string File = "case.schema.json";

    /// <param name="connectors">The installed connectors, whose samples an editor proposes.</param>
    public static JsonObject Make(IEnumerable<Connector> connectors)
    {
        JsonObject delivery = CaseShapes.Event.ToSchema("sample", "file", "body", "manual", "schedule");
        delivery["properties"]!["sample"]!["examples"] = new JsonArray(
            [.. connectors.SelectMany(c => c.Events.Values).Where(e => e.Samples.Count > 0).Select(e => e.Type).Distinct().Order(StringComparer.Ordinal).Select(t => (JsonNode)t)]);
        delivery["dependentSchemas"] = new JsonObject { ["sample"] = new JsonObject { ["not"] = new JsonObject { ["required"] = new JsonArray("polled") } } };
        delivery["if"] = new JsonObject { ["required"] = new JsonArray("manual") };
        delivery["then"] = new JsonObject { ["maxProperties"] = 1 };
        delivery["else"] = new JsonObject
        {
            ["if"] = new JsonObject { ["required"] = new JsonArray("schedule") },
            ["then"] = new JsonObject { ["propertyNames"] = new JsonObject { ["enum"] = new JsonArray("schedule", "missed") } },
            ["else"] = new JsonObject { ["required"] = new JsonArray("from"), ["not"] = new JsonObject { ["required"] = new JsonArray("missed") } },
        };
        JsonObject answer = CaseShapes.Answer.ToSchema();
        answer["not"] = new JsonObject
        {
            ["anyOf"] = new JsonArray(
            [
                new JsonObject { ["required"] = new JsonArray("lost", "unreachable") },
                .. CaseReader.AnswerParts.Select(part => (JsonNode)new JsonObject { ["required"] = new JsonArray("value", part) }),
            ]),
        };
        answer["dependentRequired"] = new JsonObject { ["read"] = new JsonArray("value") };
        return SchemaDocument.Of("Case", SchemaDocument.RootOf(CaseShapes.Root),
        [
            KeyValuePair.Create(CaseShapes.Moment.Name, CaseShapes.Moment.ToSchema("after", "event")),
            KeyValuePair.Create(CaseShapes.Event.Name, delivery),
            KeyValuePair.Create(CaseShapes.Answer.Name, answer),
            .. SchemaDocument.PartsOf(CaseShapes.Parts.Where(p => p != CaseShapes.Moment && p != CaseShapes.Event && p != CaseShapes.Answer)),
        ]);
    }
}
