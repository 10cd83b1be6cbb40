using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Aria.Pipelines.Authoring.Behaviour;

/// <summary>Changes JSON in every place where a vendor might.</summary>
internal static class JsonSpots
{
    // A long list shows with its first elements what all of them do.
    private const int MostElements = 3;

    /// <summary>JSON pointers to all values that are neither objects nor lists.</summary>
    public static IEnumerable<string> Leaves(JsonNode? node, string pointer = "") => node switch
    {
        JsonObject members => members.SelectMany(m => Leaves(m.Value, $"{pointer}/{m.Key.Replace("~", "~0", StringComparison.Ordinal).Replace("/", "~1", StringComparison.Ordinal)}")),
        JsonArray items => items.Take(MostElements).SelectMany((item, i) => Leaves(item, $"{pointer}/{i.ToString(CultureInfo.InvariantCulture)}")),
        _ when pointer.Length > 0 => [pointer],
        _ => [],
    };

    /// <summary>False for an id, which is no optional member.</summary>
    public static bool IsNoId(string pointer)
    {
        string name = pointer[(pointer.LastIndexOf('/') + 1)..];
        return !name.Equals("id", StringComparison.OrdinalIgnoreCase) && !name.EndsWith("Id", StringComparison.Ordinal) && !name.EndsWith("_id", StringComparison.OrdinalIgnoreCase)
            && !name.EndsWith("ID", StringComparison.Ordinal);
    }

    /// <summary>A copy in which a value is null, or is not there; an element is taken out of its list either way.</summary>
    public static JsonNode Without(JsonNode whole, string pointer, bool absent)
    {
        JsonNode copy = whole.DeepClone();
        string[] parts = [.. pointer.Split('/').Skip(1).Select(p => p.Replace("~1", "/", StringComparison.Ordinal).Replace("~0", "~", StringComparison.Ordinal))];
        JsonNode owner = copy;
        foreach (string part in parts[..^1])
        {
            owner = owner is JsonArray list ? list[int.Parse(part, CultureInfo.InvariantCulture)]! : owner[part]!;
        }
        if (owner is JsonArray items)
        {
            items.RemoveAt(int.Parse(parts[^1], CultureInfo.InvariantCulture));
        }
        else if (absent)
        {
            owner.AsObject().Remove(parts[^1]);
        }
        else
        {
            owner[parts[^1]] = null;
        }
        return copy;
    }

    /// <summary>Adds a member to every object.</summary>
    public static void AddEverywhere(JsonNode? node, string name)
    {
        if (node is JsonArray items)
        {
            foreach (JsonNode? item in items)
            {
                AddEverywhere(item, name);
            }
        }
        else if (node is JsonObject members)
        {
            foreach (JsonNode? value in members.Select(m => m.Value).ToArray())
            {
                AddEverywhere(value, name);
            }
            members[name] = new JsonObject { ["list"] = new JsonArray(1, "two") };
        }
    }

    /// <summary>Replaces every text that is exactly this one.</summary>
    /// <returns>True when there was one.</returns>
    public static bool Replace(JsonNode node, string text, string by)
    {
        bool replaced = false;
        if (node is JsonArray items)
        {
            for (int i = 0; i < items.Count; i++)
            {
                replaced |= Is(items[i], text) ? Set(() => items[i] = by) : items[i] is { } item && Replace(item, text, by);
            }
        }
        else if (node is JsonObject members)
        {
            foreach ((string name, JsonNode? value) in members.ToArray())
            {
                replaced |= Is(value, text) ? Set(() => members[name] = by) : value is not null && Replace(value, text, by);
            }
        }
        return replaced;
    }

    private static bool Is(JsonNode? node, string text) => node is JsonValue value && value.GetValueKind() == JsonValueKind.String && value.GetValue<string>() == text;

    private static bool Set(Action set)
    {
        set();
        return true;
    }
}
