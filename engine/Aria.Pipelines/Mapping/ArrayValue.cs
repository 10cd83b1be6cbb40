using System.Text.Json.Nodes;

namespace Aria.Pipelines.Mapping;

/// <summary>A JSON array whose items are mapped one by one.</summary>
internal sealed class ArrayValue(IReadOnlyList<MappedValue> items) : MappedValue
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
}
