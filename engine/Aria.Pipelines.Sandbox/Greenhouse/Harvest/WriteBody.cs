using System.Text.Json.Nodes;
using Aria.Pipelines.Sandbox.Serving;

namespace Aria.Pipelines.Sandbox.Greenhouse.Harvest;

/// <summary>Reads the body of a v3 write: 400 for what is not one JSON object, 422 naming a member that is unknown, missing or of the wrong kind.</summary>
internal static class WriteBody
{
    public static JsonObject Read(SandboxRequest request, params string[] known)
    {
        if (request.MediaType != "application/json")
        {
            throw new RefusedException(Answer.Message(400, "Content-Type must be application/json."));
        }

        JsonObject body = SandboxJson.TryReadObject(request.Body)
            ?? throw new RefusedException(Answer.Message(400, "The body is not a JSON object, or a member appears twice."));
        return body.FirstOrDefault(m => !known.Contains(m.Key)).Key is { } unknown
            ? throw ListFilters.Refuse($"{unknown} is not a permitted parameter.") : body;
    }

    public static long Id(JsonObject body, string name) =>
        OptionalId(body, name) ?? throw ListFilters.Refuse($"{name} is required.");

    public static long? OptionalId(JsonObject body, string name) =>
        body[name] is not { } node ? null : SandboxJson.Whole(node) ?? throw ListFilters.Refuse($"{name} must be an integer.");

    public static string Text(JsonObject body, string name) =>
        body[name] is not { } node ? throw ListFilters.Refuse($"{name} is required.")
        : SandboxJson.Text(node) is { } text && !string.IsNullOrWhiteSpace(text) ? text
        : throw ListFilters.Refuse($"{name} must be a string that is not blank.");
}
