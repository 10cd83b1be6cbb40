using System.Text.Json;

namespace Aria.Pipelines.Schemas.Keywords;

/// <summary><c>enum</c> and <c>const</c>.</summary>
internal sealed class EnumKeyword(string location, IReadOnlyList<JsonElement> candidates) : SchemaKeyword(location)
{
    private const int MostNamed = 12;

    private readonly string _message = Describe(candidates);

    public override bool Check(JsonElement instance, Evaluation run, Coverage? coverage)
    {
        foreach (JsonElement candidate in candidates)
        {
            if (JsonEquality.Instance.Equals(candidate, instance))
            {
                return true;
            }
        }
        return run.Fail(Location, _message);
    }

    private static string Describe(IReadOnlyList<JsonElement> candidates)
    {
        IEnumerable<string> named = candidates.Take(MostNamed).Select(c => c.ValueKind == JsonValueKind.String ? c.GetString()! : c.GetRawText());
        string more = candidates.Count > MostNamed ? $" and {candidates.Count - MostNamed} more" : "";
        return candidates.Count switch
        {
            0 => "nothing is allowed here",
            1 => $"expected: {named.First()}",
            _ => $"expected one of: {string.Join(", ", named)}{more}",
        };
    }
}
