using System.Text.Json.Nodes;
using Aria.Pipelines.Authoring.Shapes;

namespace Aria.Pipelines.Authoring.SchemaFiles;

/// <summary><c>pipeline.schema.json</c>: what holds for every pipeline, whatever its aliases stand for.</summary>
internal static class PipelineSchema
{
    public const string File = "pipeline.schema.json";

    public static JsonObject Make()
    {
        JsonObject root = SchemaDocument.RootOf(PipelineShapes.Root);
        root["properties"]!["triggers"]!["minItems"] = 1;
        root["properties"]!["steps"]!["minItems"] = 1;
        IEnumerable<KeyValuePair<string, JsonObject>> parts = SchemaDocument.PartsOf(PipelineShapes.Parts.Where(p => p != PipelineShapes.Trigger));
        return SchemaDocument.Of("Pipeline", root,
        [
            KeyValuePair.Create(PipelineShapes.Trigger.Name, PipelineShapes.Trigger.ToSchema("on", "manual", "schedule")),
            KeyValuePair.Create("step", Step()),
            .. parts,
            SchemaDocument.ValuePart(),
        ]);
    }

    /// <summary>One object for all kinds of steps, so that an editor offers every member: exactly one kind, and members of a kind only with it.</summary>
    private static JsonObject Step()
    {
        string[] kinds = [.. PipelineShapes.Steps.Select(s => s.Name)];
        string[] common = [.. PipelineShapes.Steps.Select(s => s.Members.Select(m => m.Name)).Aggregate((a, b) => a.Intersect(b))];
        List<Member> members = [.. PipelineShapes.Steps.SelectMany(s => s.Members).DistinctBy(m => m.Name)];
        JsonObject schema = new Shape("step", "A step: exactly one of 'action', 'map' and 'await'.", members).ToSchema(kinds);
        var dependent = new JsonObject();
        foreach (Shape kind in PipelineShapes.Steps)
        {
            foreach (Member member in kind.Members.Where(m => !common.Contains(m.Name) && m.Name != kind.Name))
            {
                dependent[member.Name] = new JsonArray(kind.Name);
            }
        }
        schema["dependentRequired"] = dependent;
        return schema;
    }
}
