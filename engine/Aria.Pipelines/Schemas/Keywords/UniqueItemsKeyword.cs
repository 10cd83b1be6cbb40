using System.Text.Json;

namespace Aria.Pipelines.Schemas.Keywords;

/// <summary><c>uniqueItems</c>.</summary>
internal sealed class UniqueItemsKeyword(string location) : SchemaKeyword(location)
{
    public override bool Check(JsonElement instance, Evaluation run, Coverage? coverage)
    {
        if (instance.ValueKind != JsonValueKind.Array || instance.GetArrayLength() < 2)
        {
            return true;
        }
        Dictionary<JsonElement, int> seen = new(JsonEquality.Instance);
        int index = 0;
        foreach (JsonElement item in instance.EnumerateArray())
        {
            if (!seen.TryAdd(item, index))
            {
                return run.Fail(Location, $"items {seen[item]} and {index} are equal; every item must be different");
            }
            index++;
        }
        return true;
    }
}
