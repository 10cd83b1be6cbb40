namespace Aria.Pipelines.Definitions;

/// <summary>Words "did you mean" for a name that is not known.</summary>
internal static class Suggestion
{
    public static string For(string wrong, params ReadOnlySpan<string> known)
    {
        if (known.IsEmpty)
        {
            return "";
        }
        string? nearest = null;
        int best = Math.Max(2, wrong.Length / 3) + 1;
        foreach (string candidate in known)
        {
            int distance = Distance(wrong, candidate);
            if (distance < best)
            {
                (nearest, best) = (candidate, distance);
            }
        }
        string list = $"Known: {string.Join(", ", known!)}.";
        return nearest is null ? list : $"Did you mean '{nearest}'? {list}";
    }

    private static int Distance(string a, string b)
    {
        int[] previous = [.. Enumerable.Range(0, b.Length + 1)];
        int[] current = new int[b.Length + 1];
        for (int i = 1; i <= a.Length; i++)
        {
            current[0] = i;
            for (int j = 1; j <= b.Length; j++)
            {
                int cost = char.ToUpperInvariant(a[i - 1]) == char.ToUpperInvariant(b[j - 1]) ? 0 : 1;
                current[j] = Math.Min(Math.Min(current[j - 1], previous[j]) + 1, previous[j - 1] + cost);
            }
            (previous, current) = (current, previous);
        }
        return previous[b.Length];
    }
}
