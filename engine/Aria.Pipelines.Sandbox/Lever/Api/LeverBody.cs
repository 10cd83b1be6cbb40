using System.Text.Json.Nodes;
using Aria.Pipelines.Sandbox.Serving;

namespace Aria.Pipelines.Sandbox.Lever.Api;

/// <summary>Reads the JSON body of a write; refuses with 400 what the vendor cannot take.</summary>
internal static class LeverBody
{
    public static JsonObject Read(SandboxRequest request, params string[] known)
    {
        if (request.MediaType != "application/json")
        {
            throw LeverAnswer.BadRequest("Content-Type must be application/json");
        }

        JsonObject body = SandboxJson.TryReadObject(request.Body) ?? throw LeverAnswer.BadRequest("Invalid JSON in request body");
        return body.FirstOrDefault(m => !known.Contains(m.Key)).Key is { } unknown ? throw LeverAnswer.BadRequest($"Unknown parameter: {unknown}") : body;
    }

    public static string Text(JsonObject body, string name) =>
        body[name] is null ? throw LeverAnswer.BadRequest($"Missing required parameter: {name}")
        : SandboxJson.Text(body[name]) is { Length: > 0 } text ? text : throw LeverAnswer.BadRequest($"Invalid parameter: {name} must be a string");

    public static bool Flag(JsonObject body, string name) =>
        body[name] is not null && (SandboxJson.Bool(body[name]) ?? throw LeverAnswer.BadRequest($"Invalid parameter: {name} must be a boolean"));

    public static long? Whole(JsonObject body, string name) =>
        body[name] is null ? null : SandboxJson.Whole(body[name]) ?? throw LeverAnswer.BadRequest($"Invalid parameter: {name} must be a number");

    public static IReadOnlyList<string> Texts(JsonObject body, string name) =>
        body[name] is JsonArray { Count: > 0 } items
            ? [.. items.Select(i => SandboxJson.Text(i) is { Length: > 0 } text ? text : throw LeverAnswer.BadRequest($"Invalid parameter: {name} must hold strings"))]
            : throw LeverAnswer.BadRequest($"Missing required parameter: {name}");
}
