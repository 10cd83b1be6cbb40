using System.Text.Json;

namespace Aria.Pipelines.Schemas.Keywords;

/// <summary><c>prefixItems</c> and <c>items</c>.</summary>
/// <param name="location">Of <c>items</c>.</param>
/// <param name="prefix">The schemas of the first items.</param>
/// <param name="rest">The schema of the others, null when anything goes.</param>
internal sealed class ItemsKeyword(string location, SchemaNode[] prefix, SchemaNode? rest) : SchemaKeyword(location)
{
    public override bool Check(JsonElement instance, Evaluation run, Coverage? coverage)
    {
        if (instance.ValueKind != JsonValueKind.Array)
        {
            return true;
        }
        int length = instance.GetArrayLength();
        if (rest is { AllowsNothing: true } && length > prefix.Length)
        {
            return run.Reports && run.Fail(Location, $"expected at most {KindName.Count(prefix.Length, "item", "items")}, found {length}");
        }
        bool fits = true;
        int index = 0;
        foreach (JsonElement item in instance.EnumerateArray())
        {
            SchemaNode? node = index < prefix.Length ? prefix[index] : rest;
            if (node is null)
            {
                break;
            }
            fits &= run.CheckItem(node, item, index);
            if (!fits && !run.Reports)
            {
                return false;
            }
            coverage?.Mark(index);
            index++;
        }
        return fits;
    }
}
