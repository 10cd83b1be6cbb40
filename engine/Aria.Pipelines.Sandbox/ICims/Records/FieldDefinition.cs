using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Aria.Pipelines.Sandbox.ICims.Api;
using Aria.Pipelines.Sandbox.Serving;

namespace Aria.Pipelines.Sandbox.ICims.Records;

/// <summary>A field and the format in which it is set.</summary>
internal sealed record FieldDefinition(string Id, ICimsFieldKind Kind, int? MaxLength = null, params IReadOnlyList<ICimsListItem> Items)
{
    /// <summary>The value as it is kept and read back; null deletes.</summary>
    /// <exception cref="RefusedException">It has not the format of the field.</exception>
    public JsonNode? Accept(JsonNode? given)
    {
        if (given is null || SandboxJson.Text(given) is "")
        {
            return null;
        }

        return Kind switch
        {
            ICimsFieldKind.Text => Text(given),
            ICimsFieldKind.Whole => JsonValue.Create(SandboxJson.Whole(given) ?? throw Refuse("must be an integer.")),
            ICimsFieldKind.Number => Number(given),
            ICimsFieldKind.Date => Date(given, "yyyy-MM-dd"),
            ICimsFieldKind.DateTime => Date(given, ICimsDate.Format),
            _ => Node(given),
        };
    }

    private JsonValue Text(JsonNode given)
    {
        string text = SandboxJson.Text(given) ?? throw Refuse("must be a string.");
        return MaxLength is { } most && text.Length > most ? throw Refuse($"must not be longer than {most} characters.") : JsonValue.Create(text);
    }

    private JsonValue Number(JsonNode given) =>
        given.GetValueKind() == JsonValueKind.Number && decimal.TryParse(given.ToJsonString(), NumberStyles.Float, CultureInfo.InvariantCulture, out decimal number)
            ? JsonValue.Create(number) : throw Refuse("must be a decimal.");

    private JsonValue Date(JsonNode given, string format) =>
        SandboxJson.Text(given) is { } text && DateTime.TryParseExact(text, format, CultureInfo.InvariantCulture, DateTimeStyles.None, out _)
            ? JsonValue.Create(text) : throw Refuse($"must be a date of the form {format}.");

    private JsonObject Node(JsonNode given)
    {
        string? id = given is JsonObject node ? SandboxJson.Text(node["id"]) : null;
        string? value = given is JsonObject named ? SandboxJson.Text(named["value"]) : SandboxJson.Text(given);
        ICimsListItem found = Items.FirstOrDefault(i => id is not null ? i.Id == id : i.Value == value) ?? throw Refuse($"has no list node '{id ?? value}'.");
        return new JsonObject { ["id"] = found.Id, ["value"] = found.Value };
    }

    private RefusedException Refuse(string why) => ICimsError.Field(Id, $"The field {Id} {why}");
}
