using System.Text.Json.Nodes;

namespace Aria.Pipelines.Sandbox.ICims.Records;

/// <summary>A collection field: groups of values, each with its id.</summary>
internal sealed class Collection(IReadOnlyList<FieldDefinition> fields)
{
    private readonly SortedDictionary<long, JsonObject> _entries = [];

    public IReadOnlyDictionary<long, JsonObject> Entries => _entries;

    /// <summary>The values of a group as they are kept; unknown members are refused.</summary>
    public JsonObject Accept(JsonObject given)
    {
        var values = new JsonObject();
        foreach ((string name, JsonNode? value) in given)
        {
            FieldDefinition field = fields.FirstOrDefault(f => f.Id == name) ?? throw Api.ICimsError.Field(name, $"The field {name} is not valid.");
            values[name] = field.Accept(value);
        }

        return values;
    }

    /// <summary>The group with exactly these values; null when there is none.</summary>
    public long? Find(JsonObject values) =>
        _entries.Where(e => JsonNode.DeepEquals(WithoutNulls(e.Value), WithoutNulls(values))).Select(e => (long?)e.Key).FirstOrDefault();

    public void Put(long id, JsonObject values)
    {
        JsonObject kept = _entries.TryGetValue(id, out JsonObject? known) ? (JsonObject)known.DeepClone() : [];
        foreach ((string name, JsonNode? value) in values)
        {
            kept[name] = value?.DeepClone();
        }

        _entries[id] = WithoutNulls(kept);
    }

    public bool Remove(long id) => _entries.Remove(id);

    public JsonArray ToJson() => new([.. _entries.Select(e => Shown(e.Key, e.Value))]);

    /// <summary>A group as reads show it: its values and <c>entry</c>, as public clients read it.</summary>
    public static JsonObject Shown(long id, JsonObject values)
    {
        var shown = (JsonObject)values.DeepClone();
        shown["entry"] = id;
        return shown;
    }

    private static JsonObject WithoutNulls(JsonObject values) =>
        new([.. values.Where(v => v.Value is not null).OrderBy(v => v.Key, StringComparer.Ordinal).Select(v => KeyValuePair.Create(v.Key, v.Value?.DeepClone()))]);
}
