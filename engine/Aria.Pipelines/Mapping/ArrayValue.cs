using System.Text.Json.Nodes;
using Aria.Pipelines.Definitions;
using Aria.Pipelines.Mapping.Inference;

namespace Aria.Pipelines.Mapping;

/// <summary>A JSON array whose items are mapped one by one.</summary>
internal sealed class ArrayValue(IReadOnlyList<MappedValue> items, SourcePosition at) : MappedValue
{
    public override JsonNode? Evaluate(Evaluation evaluation)
    {
        var made = new JsonArray();
        foreach (MappedValue item in items)
        {
            made.Add(item.Evaluate(evaluation));
        }
        return made;
    }

    public override Shape Infer(Reading reading) => Shape.OfItems([.. items.Select(i => i.Infer(reading))], at);
}
