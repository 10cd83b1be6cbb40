using System.Text.Json;

namespace Aria.Pipelines.Schemas.Keywords;

/// <summary><c>anyOf</c>.</summary>
internal sealed class AnyOfKeyword(string location, SchemaNode[] nodes) : SchemaKeyword(location)
{
    public override bool Check(JsonElement instance, Evaluation run, Coverage? coverage)
    {
        bool fits = false;
        foreach (SchemaNode node in nodes)
        {
            fits |= run.CheckQuietly(node, instance, coverage);
            if (fits && coverage is null)
            {
                return true;
            }
        }
        return fits || (run.Reports && ClosestBranch.Report(nodes, instance, run, coverage, Location));
    }
}
