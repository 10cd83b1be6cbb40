using System.Text.Json.Nodes;

namespace Aria.Pipelines.Sandbox.Greenhouse.Records;

/// <summary>The custom-field values of one application or candidate: a value is a string, a decimal, a bool or an option.</summary>
internal sealed class FieldValues(IReadOnlyList<CustomField> fields)
{
    private readonly Dictionary<long, object> _values = [];

    public void Set(CustomField field, object value) => _values[field.Id] = value;

    /// <summary>True when a value is one of the options with this id.</summary>
    public bool HoldsOption(long optionId) => _values.Values.Any(v => v is CustomFieldOption option && option.Id == optionId);

    /// <summary>By name_key; options as their names, absent values as null.</summary>
    public IReadOnlyDictionary<string, object?> View() => fields.ToDictionary(f => f.NameKey, Shown);

    /// <summary><c>{name_key:{name,type,value}}</c>, the form of v3 reads and of webhooks; selects show option names.</summary>
    public JsonObject ToJson()
    {
        var json = new JsonObject();
        foreach (CustomField field in fields)
        {
            json[field.NameKey] = new JsonObject
            {
                ["name"] = field.Name,
                ["type"] = field.ReportedType,
                ["value"] = Shown(field) switch
                {
                    null => null,
                    decimal number => JsonValue.Create(number),
                    bool flag => JsonValue.Create(flag),
                    object text => JsonValue.Create((string)text),
                },
            };
        }

        return json;
    }

    private object? Shown(CustomField field) =>
        _values.GetValueOrDefault(field.Id) is CustomFieldOption option ? option.Name : _values.GetValueOrDefault(field.Id);
}
