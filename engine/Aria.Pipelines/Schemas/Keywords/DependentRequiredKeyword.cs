using System.Text.Json;

namespace Aria.Pipelines.Schemas.Keywords;

/// <summary><c>dependentRequired</c>.</summary>
internal sealed class DependentRequiredKeyword(string location, (string Given, string[] Needed)[] dependencies) : SchemaKeyword(location)
{
    public override bool Check(JsonElement instance, Evaluation run, Coverage? coverage)
    {
        if (instance.ValueKind != JsonValueKind.Object)
        {
            return true;
        }
        bool fits = true;
        foreach ((string given, string[] needed) in dependencies)
        {
            if (!instance.TryGetProperty(given, out _))
            {
                continue;
            }
            foreach (string name in needed)
            {
                fits &= instance.TryGetProperty(name, out _) || run.Fail(Location, $"'{name}' is missing; it is needed because '{given}' is given");
            }
        }
        return fits;
    }
}
