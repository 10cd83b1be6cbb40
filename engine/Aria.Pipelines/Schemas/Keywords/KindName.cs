using System.Text.Json;

namespace Aria.Pipelines.Schemas.Keywords;

/// <summary>Kinds of JSON values as people say them.</summary>
internal static class KindName
{
    public static string Of(string type) => type switch
    {
        "null" => "null",
        "array" or "integer" or "object" => $"an {type}",
        _ => $"a {type}",
    };

    /// <param name="instance">The value.</param>
    /// <param name="asInteger">True to tell numbers with a fraction from integers.</param>
    public static string Of(JsonElement instance, bool asInteger = false) => instance.ValueKind switch
    {
        JsonValueKind.True or JsonValueKind.False => "a boolean",
        JsonValueKind.Number => asInteger ? "a number with a fraction" : "a number",
        JsonValueKind.String => "a string",
        JsonValueKind.Array => "an array",
        JsonValueKind.Object => "an object",
        _ => "null",
    };

    /// <summary>True for 3, 3.0 and 3e1.</summary>
    public static bool IsInteger(JsonElement instance) => instance.ValueKind == JsonValueKind.Number && new ExactNumber(instance).IsInteger;

    /// <summary>"1 item", "3 items".</summary>
    public static string Count(int count, string one, string many) => $"{count} {(count == 1 ? one : many)}";
}
