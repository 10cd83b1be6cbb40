using System.Text.Json.Nodes;
using Aria.Pipelines.Definitions;
using Aria.Pipelines.Mapping.Inference;

namespace Aria.Pipelines.Mapping;

/// <summary>A JSON object whose members are mapped one by one.</summary>
internal sealed class ObjectValue(IReadOnlyList<(string Name, JsonCursor At, MappedValue Value)> members, SourcePosition at) : MappedValue
{
    public override JsonNode? Evaluate(Evaluation evaluation)
    {
        var made = new JsonObject();
        foreach ((string name, _, MappedValue value) in members)
        {
            evaluation.Spend(name.Length);
            made[name] = value.Evaluate(evaluation);
        }
        return made;
    }

    public override Shape Infer(Reading reading)
    {
        var made = new Dictionary<string, Shape>();
        foreach ((string name, JsonCursor cursor, MappedValue value) in members)
        {
            Shape shape = value.Infer(reading);
            made[name] = shape with { At = shape.At.Line is null ? cursor.Position : shape.At, NameAt = cursor.NamePosition };
        }
        return Shape.Object(made) with { Sources = [.. made.Values.SelectMany(m => m.Sources).Distinct()], At = at };
    }
}
