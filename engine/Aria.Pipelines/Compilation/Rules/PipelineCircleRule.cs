using System.Text;
using Aria.Pipelines.Compilation.Facts;
using Aria.Pipelines.Definitions;

namespace Aria.Pipelines.Compilation.Rules;

/// <summary>
/// Pipelines of a workspace do not start one another in a circle, unless a condition or a claim ends it. Of circles that share pipelines, the
/// shortest through each pipeline are reported, because there may be more of them than anybody can read.
/// </summary>
internal static class PipelineCircleRule
{
    /// <summary>Looks at all pipelines of a workspace.</summary>
    /// <param name="pipelines">The pipelines, in the order of their ids.</param>
    /// <param name="bag">Takes the findings.</param>
    public static void Check(IReadOnlyList<PipelineFacts> pipelines, DiagnosticBag bag)
    {
        Dictionary<int, TriggeringAction>[] starts = [.. pipelines.Select((from, i) => Starts(pipelines, from, i))];
        var reported = new HashSet<string>();
        for (int first = 0; first < pipelines.Count; first++)
        {
            int[] circle = Shortest(starts, first);
            if (circle.Length > 0 && reported.Add(string.Join(' ', circle.Order())))
            {
                Report([.. Turned(circle)], pipelines, starts, bag);
            }
        }
    }

    /// <summary>The other pipelines that one starts, each with the first action that does.</summary>
    private static Dictionary<int, TriggeringAction> Starts(IReadOnlyList<PipelineFacts> pipelines, PipelineFacts from, int own)
    {
        var starts = new Dictionary<int, TriggeringAction>();
        for (int to = 0; to < pipelines.Count; to++)
        {
            if (to != own && TriggeringAction.Between(from, pipelines[to]).FirstOrDefault() is { } action)
            {
                starts[to] = action;
            }
        }
        return starts;
    }

    /// <summary>The shortest way from a pipeline back to it; empty for none.</summary>
    private static int[] Shortest(Dictionary<int, TriggeringAction>[] starts, int first)
    {
        var cameFrom = new Dictionary<int, int>();
        var open = new Queue<int>([first]);
        while (open.TryDequeue(out int at))
        {
            foreach (int next in starts[at].Keys.Where(n => cameFrom.TryAdd(n, at)))
            {
                if (next == first)
                {
                    return Back(cameFrom, first);
                }
                open.Enqueue(next);
            }
        }
        return [];
    }

    private static int[] Back(Dictionary<int, int> cameFrom, int first)
    {
        var circle = new List<int> { first };
        for (int at = cameFrom[first]; at != first; at = cameFrom[at])
        {
            circle.Insert(1, at);
        }
        return [.. circle];
    }

    /// <summary>The same circle from the first of its pipelines on.</summary>
    private static IEnumerable<int> Turned(int[] circle)
    {
        int begin = Array.IndexOf(circle, circle.Min());
        return circle.Skip(begin).Concat(circle.Take(begin));
    }

    private static void Report(int[] circle, IReadOnlyList<PipelineFacts> pipelines, Dictionary<int, TriggeringAction>[] starts, DiagnosticBag bag)
    {
        var way = new StringBuilder();
        for (int i = 0; i < circle.Length; i++)
        {
            int next = circle[(i + 1) % circle.Length];
            TriggeringAction action = starts[circle[i]][next];
            way.Append(i == 0 ? "Action '" : ", whose action '").Append(action.Action.Name)
                .Append("' causes the event '").Append(action.Event.Name)
                .Append(i + 1 < circle.Length ? $"', which starts pipeline '{pipelines[next].Pipeline.Id}'" : "', which starts this pipeline again.");
        }
        bag.Warning(RuleCodes.TriggersItself, starts[circle[0]][circle[1]].Action.Position, way.ToString(),
            "Give one of these triggers a 'when' that leaves such events out, or claim the subject with 'once' in one of these pipelines.");
    }
}
