using System.Text.Json;

namespace Aria.Pipelines.Schemas.Keywords;

/// <summary><c>unevaluatedProperties</c>.</summary>
internal sealed class UnevaluatedPropertiesKeyword(string location, SchemaNode node) : SchemaKeyword(location)
{
    public override bool LooksAtRest => true;

    public override bool Check(JsonElement instance, Evaluation run, Coverage? coverage)
    {
        if (instance.ValueKind != JsonValueKind.Object)
        {
            return true;
        }
        bool fits = true;
        int index = -1;
        foreach (JsonProperty property in instance.EnumerateObject())
        {
            index++;
            if (coverage!.Has(index))
            {
                continue;
            }
            fits &= node.AllowsNothing ? Unknown(property, run) : run.CheckProperty(node, property);
            if (!fits && !run.Reports)
            {
                return false;
            }
        }
        coverage!.MarkAll();
        return fits;
    }

    private bool Unknown(JsonProperty property, Evaluation run) =>
        run.Reports && run.FailAt(property.Name, Location, $"'{PropertiesKeyword.Shorten(property.Name)}' is not known");
}
