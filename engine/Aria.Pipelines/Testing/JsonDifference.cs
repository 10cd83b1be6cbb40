using System.Text.Json.Nodes;

namespace Aria.Pipelines.Testing;

/// <summary>One place where two JSON values differ.</summary>
/// <param name="Path">Where, as in <c>requests[1].body.job_id</c>.</param>
/// <param name="Expected">As expected; null for nothing there.</param>
/// <param name="Actual">As it is; null for nothing there.</param>
internal sealed record JsonDifference(string Path, string? Expected, string? Actual)
{
    public override string ToString() => $"{Path}: expected {Expected ?? "nothing"}, actual {Actual ?? "nothing"}";

    /// <summary>All differences between what is expected and what is.</summary>
    /// <param name="path">Where both stand.</param>
    /// <param name="expected">Expected.</param>
    /// <param name="actual">Actual.</param>
    /// <param name="partial">True to compare only the members of objects that are expected.</param>
    public static IEnumerable<JsonDifference> Between(string path, JsonNode? expected, JsonNode? actual, bool partial) => (expected, actual) switch
    {
        (JsonObject e, JsonObject a) => Members(path, e, a, partial),
        (JsonArray e, JsonArray a) => Items(path, e, a, partial),
        _ => JsonNode.DeepEquals(expected, actual) ? [] : [new(path, Text(expected), Text(actual))],
    };

    private static IEnumerable<JsonDifference> Members(string path, JsonObject expected, JsonObject actual, bool partial)
    {
        foreach ((string name, JsonNode? value) in expected)
        {
            string at = path.Length == 0 ? name : $"{path}.{name}";
            if (!actual.TryGetPropertyValue(name, out JsonNode? found))
            {
                yield return new(at, Text(value), null);
                continue;
            }
            foreach (JsonDifference difference in Between(at, value, found, partial))
            {
                yield return difference;
            }
        }
        foreach ((string name, JsonNode? value) in partial ? [] : actual.Where(a => !expected.ContainsKey(a.Key)))
        {
            yield return new(path.Length == 0 ? name : $"{path}.{name}", null, Text(value));
        }
    }

    private static IEnumerable<JsonDifference> Items(string path, JsonArray expected, JsonArray actual, bool partial)
    {
        int e = 0;
        int a = 0;
        foreach ((int pairedExpected, int pairedActual) in Pairs(expected, actual).Append((expected.Count, actual.Count)))
        {
            // Between two pairs, what stands at the same place is compared; the rest is missing or too much.
            for (; e < pairedExpected && a < pairedActual; e++, a++)
            {
                foreach (JsonDifference difference in Between($"{path}[{e}]", expected[e], actual[a], partial))
                {
                    yield return difference;
                }
            }
            for (; e < pairedExpected; e++)
            {
                yield return new($"{path}[{e}]", Text(expected[e]), null);
            }
            for (; a < pairedActual; a++)
            {
                yield return new($"{path}[{a}]", null, Text(actual[a]));
            }
            if (e < expected.Count && a < actual.Count)
            {
                foreach (JsonDifference difference in Between($"{path}[{e}]", expected[e], actual[a], partial))
                {
                    yield return difference;
                }
                e++;
                a++;
            }
        }
    }

    /// <summary>The longest row of items that are alike in both, in order: so one request too many is one difference, and not one per request behind it.</summary>
    private static List<(int Expected, int Actual)> Pairs(JsonArray expected, JsonArray actual)
    {
        int[,] longest = new int[expected.Count + 1, actual.Count + 1];
        for (int e = expected.Count - 1; e >= 0; e--)
        {
            for (int a = actual.Count - 1; a >= 0; a--)
            {
                longest[e, a] = IsAlike(expected[e], actual[a]) ? longest[e + 1, a + 1] + 1 : Math.Max(longest[e + 1, a], longest[e, a + 1]);
            }
        }
        var pairs = new List<(int, int)>();
        for (int e = 0, a = 0; e < expected.Count && a < actual.Count;)
        {
            if (IsAlike(expected[e], actual[a]))
            {
                pairs.Add((e++, a++));
            }
            else if (longest[e + 1, a] >= longest[e, a + 1])
            {
                e++;
            }
            else
            {
                a++;
            }
        }
        return pairs;
    }

    private static bool IsAlike(JsonNode? expected, JsonNode? actual) =>
        expected is JsonObject e && actual is JsonObject a && e["to"] is { } to && a["to"] is { } same
            ? JsonNode.DeepEquals(to, same)
            : JsonNode.DeepEquals(expected, actual);

    private static string Text(JsonNode? node) => CaseLayout.OneLine(node);
}
