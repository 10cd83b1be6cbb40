using System.Collections;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Aria.Pipelines.Connectors;

/// <summary>Values of which every text is escaped as one segment of a path; a root is escaped when it is asked for.</summary>
internal sealed class EscapedValues(IReadOnlyDictionary<string, JsonElement> values) : IReadOnlyDictionary<string, JsonElement>
{
    // Settings come from the operator, and answers to a login from the system itself: both may hold whole URLs.
    private static readonly string[] Unescaped = ["settings", "login"];

    public IEnumerable<string> Keys => values.Keys;

    public IEnumerable<JsonElement> Values => values.Keys.Select(key => this[key]);

    public int Count => values.Count;

    public JsonElement this[string key] => Of(key, values[key]);

    public bool ContainsKey(string key) => values.ContainsKey(key);

    public bool TryGetValue(string key, out JsonElement value)
    {
        bool found = values.TryGetValue(key, out JsonElement plain);
        value = found ? Of(key, plain) : default;
        return found;
    }

    public IEnumerator<KeyValuePair<string, JsonElement>> GetEnumerator() => values.Keys.Select(key => KeyValuePair.Create(key, this[key])).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    private static JsonElement Of(string key, JsonElement value) => Unescaped.Contains(key) ? value : ConnectorJson.ToElement(Escape(value));

    private static JsonNode? Escape(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => JsonValue.Create(Uri.EscapeDataString(value.GetString()!)),
        JsonValueKind.Object => new JsonObject(value.EnumerateObject().Select(p => KeyValuePair.Create(p.Name, Escape(p.Value)))),
        JsonValueKind.Array => new JsonArray([.. value.EnumerateArray().Select(Escape)]),
        JsonValueKind.Null => null,
        _ => JsonValue.Create(value),
    };
}
