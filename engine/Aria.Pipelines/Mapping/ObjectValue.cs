using System.Text.Json.Nodes;

namespace Aria.Pipelines.Mapping;

/// <summary>A JSON object whose members are mapped one by one.</summary>
internal sealed class ObjectValue(IReadOnlyList<(string Name, MappedValue Value)> members) : MappedValue
{
    public override JsonNode? Evaluate(Evaluation evaluation)
    {
        var made = new JsonObject();
        foreach ((string name, MappedValue value) in members)
        {
            evaluation.Spend(name.Length);
            made[name] = value.Evaluate(evaluation);
        }
        return made;
    }
}
