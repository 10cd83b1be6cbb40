using System.Text.Json;

namespace Aria.Pipelines.Schemas.Keywords;

/// <summary><c>dependentSchemas</c>.</summary>
internal sealed class DependentSchemasKeyword(string location, (string Given, SchemaNode Node)[] dependencies) : SchemaKeyword(location)
{
    public override bool Check(JsonElement instance, Evaluation run, Coverage? coverage)
    {
        if (instance.ValueKind != JsonValueKind.Object)
        {
            return true;
        }
        bool fits = true;
        foreach ((string given, SchemaNode node) in dependencies)
        {
            fits &= !instance.TryGetProperty(given, out _) || node.Check(instance, run, coverage);
        }
        return fits;
    }
}
