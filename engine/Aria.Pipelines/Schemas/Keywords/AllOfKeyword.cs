using System.Text.Json;

namespace Aria.Pipelines.Schemas.Keywords;

/// <summary><c>allOf</c>.</summary>
internal sealed class AllOfKeyword(string location, SchemaNode[] nodes) : SchemaKeyword(location)
{
    public override bool Check(JsonElement instance, Evaluation run, Coverage? coverage)
    {
        bool fits = true;
        foreach (SchemaNode node in nodes)
        {
            fits &= node.Check(instance, run, coverage);
            if (!fits && !run.Reports)
            {
                return false;
            }
        }
        return fits;
    }
}
