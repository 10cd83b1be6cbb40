using System.Text.Json;

namespace Aria.Pipelines.Authoring.Behaviour;

/// <summary>Texts that come from a value that was not there.</summary>
internal static class Suspicious
{
    private static readonly string[] Words = ["undefined", "null", "NaN", "[object Object]"];

    /// <summary>True when a text is one, or has one where an id belongs.</summary>
    public static bool In(string text) => text.Length == 0 || Words.Any(w => text == w || text.EndsWith($":{w}", StringComparison.Ordinal) || text.EndsWith($"/{w}", StringComparison.Ordinal));

    /// <summary>The first member, as a path, whose text is one; an empty text is none here.</summary>
    public static string? Member(JsonElement value, string path = "") => value.ValueKind switch
    {
        JsonValueKind.Object => value.EnumerateObject().Select(m => Member(m.Value, path.Length == 0 ? m.Name : $"{path}.{m.Name}")).FirstOrDefault(m => m is not null),
        JsonValueKind.Array => value.EnumerateArray().Select(m => Member(m, path)).FirstOrDefault(m => m is not null),
        JsonValueKind.String when value.GetString() is { Length: > 0 } text && In(text) => path,
        _ => null,
    };
}
