using System.Text.Json;

namespace Aria.Pipelines.Schemas.Keywords;

/// <summary><c>oneOf</c>.</summary>
internal sealed class OneOfKeyword(string location, SchemaNode[] nodes) : SchemaKeyword(location)
{
    public override bool Check(JsonElement instance, Evaluation run, Coverage? coverage)
    {
        int first = -1;
        for (int i = 0; i < nodes.Length; i++)
        {
            if (!run.CheckQuietly(nodes[i], instance, coverage))
            {
                continue;
            }
            if (first >= 0)
            {
                return run.Reports && run.Fail(Location, $"fits both {ClosestBranch.Name(nodes, first)} and {ClosestBranch.Name(nodes, i)}; exactly one alternative must fit");
            }
            first = i;
        }
        return first >= 0 || (run.Reports && ClosestBranch.Report(nodes, instance, run, coverage, Location));
    }
}
