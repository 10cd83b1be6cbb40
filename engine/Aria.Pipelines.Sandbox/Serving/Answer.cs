using System.Text.Json.Nodes;

namespace Aria.Pipelines.Sandbox.Serving;

/// <summary>One HTTP answer as a value, so that a fault can keep, change or drop it after the work is done.</summary>
internal sealed record Answer(int Status, byte[] Body, string? ContentType)
{
    public IReadOnlyList<(string Name, string Value)> Headers { get; init; } = [];

    public static Answer Empty(int status) => new(status, [], null);

    public static Answer Json(int status, JsonNode body) => new(status, SandboxJson.Bytes(body), "application/json; charset=utf-8");

    /// <summary>The Greenhouse v3 refusal: <c>{"errors":["…"]}</c>.</summary>
    public static Answer Errors(int status, params string[] errors) =>
        Json(status, new JsonObject { ["errors"] = new JsonArray([.. errors.Select(e => JsonValue.Create(e))]) });

    public static Answer Message(int status, string message) => Json(status, new JsonObject { ["message"] = message });

    public Answer With(string name, string value) => this with { Headers = [.. Headers, (name, value)] };
}
