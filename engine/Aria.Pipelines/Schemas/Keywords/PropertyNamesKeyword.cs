using System.Text.Json;

namespace Aria.Pipelines.Schemas.Keywords;

/// <summary><c>propertyNames</c>.</summary>
internal sealed class PropertyNamesKeyword(string location, SchemaNode node) : SchemaKeyword(location)
{
    public override bool Check(JsonElement instance, Evaluation run, Coverage? coverage)
    {
        if (instance.ValueKind != JsonValueKind.Object)
        {
            return true;
        }
        bool fits = true;
        foreach (JsonProperty property in instance.EnumerateObject())
        {
            JsonElement name = JsonSerializer.SerializeToElement(property.Name);
            if (run.CheckQuietly(node, name, null))
            {
                continue;
            }
            if (!run.Reports)
            {
                return false;
            }
            IEnumerable<string> problems = run.Collect(node, name, null).Select(f => f.Message);
            fits = run.FailAt(property.Name, Location, $"the property's name is not allowed: {string.Join("; ", problems)}");
        }
        return fits;
    }
}
