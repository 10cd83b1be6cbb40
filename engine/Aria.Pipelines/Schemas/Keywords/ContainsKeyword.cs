using System.Text.Json;

namespace Aria.Pipelines.Schemas.Keywords;

/// <summary><c>contains</c> with <c>minContains</c> and <c>maxContains</c>.</summary>
internal sealed class ContainsKeyword(string location, SchemaNode node, int least, int most) : SchemaKeyword(location)
{
    public override bool Check(JsonElement instance, Evaluation run, Coverage? coverage)
    {
        if (instance.ValueKind != JsonValueKind.Array)
        {
            return true;
        }
        int found = 0;
        int index = 0;
        foreach (JsonElement item in instance.EnumerateArray())
        {
            if (run.CheckQuietly(node, item, null))
            {
                found++;
                coverage?.Mark(index);
            }
            index++;
        }
        if (found >= least && found <= most)
        {
            return true;
        }
        string bound = found < least ? $"at least {KindName.Count(least, "item", "items")}" : $"at most {KindName.Count(most, "item", "items")}";
        return run.Fail(Location, $"expected {bound} that fit 'contains', found {found}");
    }
}
