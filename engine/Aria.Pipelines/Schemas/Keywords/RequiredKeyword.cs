using System.Text.Json;

namespace Aria.Pipelines.Schemas.Keywords;

/// <summary><c>required</c>.</summary>
internal sealed class RequiredKeyword(string location, string[] names) : SchemaKeyword(location)
{
    public override bool Check(JsonElement instance, Evaluation run, Coverage? coverage)
    {
        if (instance.ValueKind != JsonValueKind.Object)
        {
            return true;
        }
        bool fits = true;
        foreach (string name in names)
        {
            if (!instance.TryGetProperty(name, out _))
            {
                fits = run.Fail(Location, $"'{name}' is missing");
                if (!run.Reports)
                {
                    return false;
                }
            }
        }
        return fits;
    }
}
