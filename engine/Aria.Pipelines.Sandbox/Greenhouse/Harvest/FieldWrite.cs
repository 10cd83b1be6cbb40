using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Aria.Pipelines.Sandbox.Greenhouse.Records;
using Aria.Pipelines.Sandbox.Serving;

namespace Aria.Pipelines.Sandbox.Greenhouse.Harvest;

/// <summary>
/// Writes <c>custom_fields: [{name_key|id, value}]</c> in the v3 value forms: strings for text, url and date, a JSON number,
/// a boolean for yes_no, the option id for single_select. Null and "" are refused; fields left out keep their value.
/// Everything is checked before anything is written.
/// </summary>
internal sealed class FieldWrite(Account account, string holder)
{
    public void Apply(JsonNode? customFields, FieldValues values)
    {
        if (customFields is not JsonArray items)
        {
            throw ListFilters.Refuse("custom_fields must be an array.");
        }

        var writes = items.Select(Read).ToList();
        writes.ForEach(w => values.Set(w.Field, w.Value));
    }

    private (CustomField Field, object Value) Read(JsonNode? node)
    {
        if (node is not JsonObject item)
        {
            throw ListFilters.Refuse("custom_fields must hold objects.");
        }

        if (item.FirstOrDefault(m => m.Key is not ("name_key" or "id" or "value")).Key is { } unknown)
        {
            throw ListFilters.Refuse($"custom_fields: {unknown} is not a permitted parameter.");
        }

        CustomField field = Find(item);
        return (field, ValueOf(field, item["value"]));
    }

    private CustomField Find(JsonObject item)
    {
        if (item.ContainsKey("name_key") == item.ContainsKey("id"))
        {
            throw ListFilters.Refuse("custom_fields: give either name_key or id.");
        }

        string shown = item["name_key"]?.ToJsonString() ?? item["id"]?.ToJsonString() ?? "null";
        CustomField field = (item.ContainsKey("id")
                ? account.Fields.Find(SandboxJson.Whole(item["id"]) ?? throw ListFilters.Refuse("custom_fields: id must be an integer."))
                : account.Fields.Rows.FirstOrDefault(f => f.NameKey == SandboxJson.Text(item["name_key"])))
            ?? throw ListFilters.Refuse($"custom_fields: there is no custom field {shown}.");
        return field.FieldType == holder
            ? field : throw ListFilters.Refuse($"custom_fields: {field.NameKey} is a custom field of {field.FieldType}, not of {holder}.");
    }

    private static object ValueOf(CustomField field, JsonNode? value)
    {
        if (value is null || SandboxJson.Text(value)?.Length == 0)
        {
            throw ListFilters.Refuse($"custom_fields: the value of {field.NameKey} must not be null or empty.");
        }

        return field.ValueType switch
        {
            "short_text" or "long_text" or "rich_text" => SandboxJson.Text(value) ?? throw Wrong(field, "a string"),
            "url" => Url(field, value),
            "date" => Date(field, value),
            "number" => Number(field, value),
            "yes_no" => SandboxJson.Bool(value) ?? throw Wrong(field, "true or false"),
            "single_select" => Option(field, value),
            _ => throw Wrong(field, $"written in Greenhouse itself: the sandbox does not take {field.ValueType} values"),
        };
    }

    private static string Url(CustomField field, JsonNode value) =>
        SandboxJson.Text(value) is { } text && Uri.TryCreate(text, UriKind.Absolute, out Uri? url)
            && (url.Scheme == Uri.UriSchemeHttp || url.Scheme == Uri.UriSchemeHttps)
            ? text : throw Wrong(field, "an http or https URL");

    private static string Date(CustomField field, JsonNode value) =>
        SandboxJson.Text(value) is { } text && DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out _)
            ? text : throw Wrong(field, "a date YYYY-MM-DD");

    private static decimal Number(CustomField field, JsonNode value) =>
        value.GetValueKind() == JsonValueKind.Number
            && decimal.TryParse(value.ToJsonString(), NumberStyles.Float, CultureInfo.InvariantCulture, out decimal number)
            ? number : throw Wrong(field, "a JSON number");

    private static CustomFieldOption Option(CustomField field, JsonNode value)
    {
        long id = SandboxJson.Whole(value) ?? throw Wrong(field, "the id of an option, as a JSON number");
        return field.Options.FirstOrDefault(o => o.Id == id)
            ?? throw ListFilters.Refuse($"custom_fields: {field.NameKey} has no option {id}.");
    }

    private static RefusedException Wrong(CustomField field, string wanted) =>
        ListFilters.Refuse($"custom_fields: the value of {field.NameKey} must be {wanted}.");
}
