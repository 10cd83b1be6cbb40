using System.Globalization;
using System.Text.Json;

namespace Aria.Pipelines.Connectors;

/// <summary>Finds a value by a JSON pointer (RFC 6901).</summary>
internal static class JsonPointer
{
    /// <summary>The value, or null when there is none.</summary>
    public static JsonElement? Find(JsonElement root, string pointer)
    {
        JsonElement at = root;
        foreach (string part in pointer.Split('/').Skip(1))
        {
            string name = part.Replace("~1", "/", StringComparison.Ordinal).Replace("~0", "~", StringComparison.Ordinal);
            if (at.ValueKind == JsonValueKind.Object && at.TryGetProperty(name, out JsonElement member))
            {
                at = member;
            }
            else if (at.ValueKind == JsonValueKind.Array && int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out int index) && index < at.GetArrayLength())
            {
                at = at[index];
            }
            else
            {
                return null;
            }
        }
        return at;
    }

    /// <summary>The string at a pointer, or null when there is none.</summary>
    public static string? Text(JsonElement root, string pointer) =>
        Find(root, pointer) is { ValueKind: JsonValueKind.String } found ? found.GetString() : null;
}
