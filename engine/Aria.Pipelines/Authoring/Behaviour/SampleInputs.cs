using System.Text.Json;
using System.Text.Json.Nodes;

namespace Aria.Pipelines.Authoring.Behaviour;

/// <summary>Inputs of the operations of the recruiting profile, with ids in the form of the system.</summary>
internal static class SampleInputs
{
    private static readonly KeyValuePair<string, string>[] Words =
    [
        new("status", "pending"), new("status", "completed"), new("status", "no_show"), new("recommendation", "advance"), new("recommendation", "maybe"), new("recommendation", "pass"),
    ];

    /// <summary>What an operation has to take; nothing for one that the profile does not know.</summary>
    public static IReadOnlyList<JsonObject> Of(ConnectorSubject subject, string operation) => operation switch
    {
        "application.get" => [new JsonObject { ["application_id"] = Id(subject, "application") }],
        "stage.move" => [new JsonObject { ["application_id"] = Id(subject, "application"), ["stage_id"] = Id(subject, "stage") }],
        "note.add" => [new JsonObject { ["application_id"] = Id(subject, "application"), ["text"] = "ARIA interview: needs attention" }],
        "interview.write" => [.. Words.Select(w => new JsonObject { ["application_id"] = Id(subject, "application"), [w.Key] = w.Value })],
        _ => [],
    };

    private static string Id(ConnectorSubject subject, string noun)
    {
        JsonElement? application = subject.Connector.Operations.GetValueOrDefault("application.get")?.Sample is { ValueKind: JsonValueKind.Object } read
            && read.TryGetProperty("application", out JsonElement found) ? found : null;
        string? id = noun == "application" ? Text(application) : application is { ValueKind: JsonValueKind.Object } owner && owner.TryGetProperty("stage", out JsonElement stage) ? Text(stage) : null;
        return id ?? (noun == "application"
            ? SampleEvents.Of(subject).SelectMany(s => s.Good).SelectMany(d => d.Correlation).FirstOrDefault(c => c.Key == "application_id").Value
            : null) ?? "1";
    }

    private static string? Text(JsonElement? owner) =>
        owner is { ValueKind: JsonValueKind.Object } value && value.TryGetProperty("id", out JsonElement id) && id.ValueKind == JsonValueKind.String ? id.GetString() : null;
}
