using System.Text.Json;

namespace Aria.Pipelines.Schemas.Keywords;

/// <summary>Explains why no branch of <c>anyOf</c> or <c>oneOf</c> fits by the one that was most likely meant.</summary>
internal static class ClosestBranch
{
    /// <summary>Adds a leading finding and those of the closest branch.</summary>
    /// <returns>False, for the keyword to return.</returns>
    public static bool Report(SchemaNode[] branches, JsonElement instance, Evaluation run, Coverage? coverage, string location)
    {
        int closest = 0;
        List<SchemaFinding> best = [];
        Coverage? covered = null;
        for (int i = 0; i < branches.Length; i++)
        {
            Coverage? own = coverage is null ? null : new Coverage();
            List<SchemaFinding> found = run.Collect(branches[i], instance, own);
            if (i == 0 || Distance(found, run.PathLength).CompareTo(Distance(best, run.PathLength)) < 0)
            {
                (closest, best, covered) = (i, found, own);
            }
        }
        if (covered is not null)
        {
            coverage!.Merge(covered);
        }
        if (branches.Length > 1)
        {
            run.Fail(location, $"fits none of the {branches.Length} alternatives; closest is {Name(branches, closest)}");
        }
        run.Fail(best);
        return false;
    }

    /// <summary>The branch's title, else its place.</summary>
    public static string Name(SchemaNode[] branches, int index) =>
        branches[index].Place.Has("title", out JsonElement title) ? $"'{title.GetString()}'" : $"alternative {index + 1}";

    /// <summary>
    /// Smaller is closer. A value of another kind, or with another value in a property that tells branches apart, was not meant
    /// for the branch; then the branch with the fewest findings counts, then the one that was followed deepest.
    /// </summary>
    private static (int OtherKind, int OtherTag, int Count, int Shallow) Distance(List<SchemaFinding> findings, int depth)
    {
        int kinds = findings.Count(f => Depth(f) == depth && f.SchemaPointer.EndsWith("/type", StringComparison.Ordinal));
        int tags = findings.Count(f => Depth(f) <= depth + 1 && f.SchemaPointer.EndsWith("/const", StringComparison.Ordinal));
        return (kinds, tags, findings.Count, -findings.Select(Depth).DefaultIfEmpty(depth).Max());
    }

    private static int Depth(SchemaFinding finding) => finding.InstancePointer.Count(c => c == '/');
}
