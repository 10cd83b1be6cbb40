using System.Text.Json;

namespace Aria.Pipelines.Schemas.Keywords;

/// <summary><c>unevaluatedItems</c>.</summary>
internal sealed class UnevaluatedItemsKeyword(string location, SchemaNode node) : SchemaKeyword(location)
{
    public override bool LooksAtRest => true;

    public override bool Check(JsonElement instance, Evaluation run, Coverage? coverage)
    {
        if (instance.ValueKind != JsonValueKind.Array)
        {
            return true;
        }
        bool fits = true;
        int index = -1;
        foreach (JsonElement item in instance.EnumerateArray())
        {
            index++;
            if (coverage!.Has(index))
            {
                continue;
            }
            fits &= run.CheckItem(node, item, index);
            if (!fits && !run.Reports)
            {
                return false;
            }
        }
        coverage!.MarkAll();
        return fits;
    }
}
