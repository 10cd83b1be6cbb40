using System.Text.Json.Nodes;
using Aria.Pipelines.Sandbox.Bullhorn.Records;
using Aria.Pipelines.Sandbox.Serving;

namespace Aria.Pipelines.Sandbox.Bullhorn.Api;

/// <summary>PUT creates and POST updates. Fields that are not there, read-only fields, texts that are too long and values of another kind are refused.</summary>
internal sealed class EntityWrites(BullhornOptions options, RecordBook book)
{
    private static readonly string[] Creatable = ["Note", "JobSubmission", "Candidate"];

    public Answer Create(string type, SandboxRequest request)
    {
        EntityType created = Creatable.Contains(type) ? EntityType.All[type] : throw Refusal.With(EntityType.All.ContainsKey(type) ? 403 : 404, $"'{type}' cannot be made here.");
        JsonObject values = Examined(created, request);
        if (created.Fields.Values.FirstOrDefault(f => f.IsNeeded && values[f.Name] is null) is { } missing)
        {
            throw Refusal.With(400, $"The mandatory field '{missing.Name}' of {type} is missing.");
        }
        if (created == EntityType.Note)
        {
            values["commentingPerson"] ??= new JsonObject { ["id"] = BullhornSeeds.ApiUserId };
        }
        return Changed(book.Add(created, values, BullhornSeeds.ApiUserId), "INSERT", values);
    }

    public Answer Update(Record record, SandboxRequest request)
    {
        JsonObject values = Examined(record.Type, request);
        book.Update(record, values, BullhornSeeds.ApiUserId);
        return Changed(record, "UPDATE", values);
    }

    private static Answer Changed(Record record, string change, JsonObject values) => Answer.Json(200, new JsonObject
    {
        ["changedEntityType"] = record.Type.Name,
        ["changedEntityId"] = record.Id,
        ["changeType"] = change,
        ["data"] = values.DeepClone(),
    });

    private JsonObject Examined(EntityType type, SandboxRequest request)
    {
        JsonObject values = request.MediaType == "application/json" ? SandboxJson.TryReadObject(request.Body) ?? throw Refusal.With(400, "The body is not one JSON object.")
            : throw Refusal.With(400, "The content type has to be application/json.");
        foreach ((string name, JsonNode? value) in values)
        {
            Field field = type.Fields.GetValueOrDefault(name) ?? throw Refusal.With(400, $"Unknown field '{name}' of {type.Name}.");
            if (field.IsReadOnly)
            {
                throw Refusal.With(400, $"The field '{name}' is read-only.");
            }
            if (value is not null && Mistake(field, value) is { } mistake)
            {
                throw Refusal.With(400, $"The field '{name}' {mistake}.");
            }
        }
        bool hasStatus = type == EntityType.JobSubmission && values.ContainsKey("status");
        return hasStatus && !options.Statuses.Contains(SandboxJson.Text(values["status"])) ? throw Refusal.With(400, "The status is none of jobResponseStatusList.") : values;
    }

    private string? Mistake(Field field, JsonNode value) => field.Kind switch
    {
        FieldKind.Text => SandboxJson.Text(value) is not { } text ? "is not a text" : text.Length > field.Length ? $"holds {field.Length} characters" : null,
        FieldKind.Whole or FieldKind.Time => SandboxJson.Whole(value) is null ? "is not a whole number" : null,
        FieldKind.Number => value.GetValueKind() == System.Text.Json.JsonValueKind.Number ? null : "is not a number",
        FieldKind.Flag => SandboxJson.Bool(value) is null ? "is not true or false" : null,
        FieldKind.ToOne => value is JsonObject { Count: 1 } target && SandboxJson.Whole(target["id"]) is { } id && book.Find(field.Of!, id) is not null ? null : $"is not the id of a {field.Of}",
        _ => "cannot be set",
    };
}
