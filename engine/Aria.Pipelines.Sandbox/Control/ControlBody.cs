using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Aria.Pipelines.Sandbox.Serving;

namespace Aria.Pipelines.Sandbox.Control;

/// <summary>Reads the JSON body of a control request; refuses with 422 and the member's name.</summary>
internal static class ControlBody
{
    public static string Text(JsonObject body, string name) =>
        OptionalText(body, name) ?? throw Refuse($"'{name}' is missing. It must be a string.");

    public static string? OptionalText(JsonObject body, string name) =>
        body[name] is not { } node ? null : SandboxJson.Text(node) ?? throw Refuse($"'{name}' must be a string.");

    public static long? OptionalWhole(JsonObject body, string name) =>
        body[name] is not { } node ? null : SandboxJson.Whole(node) ?? throw Refuse($"'{name}' must be a whole number.");

    public static bool OptionalBool(JsonObject body, string name, bool otherwise) =>
        body[name] is not { } node ? otherwise : SandboxJson.Bool(node) ?? throw Refuse($"'{name}' must be true or false.");

    public static decimal? OptionalNumber(JsonObject body, string name) =>
        body[name] is not { } node ? null
        : node.GetValueKind() == JsonValueKind.Number
            && decimal.TryParse(node.ToJsonString(), NumberStyles.Float, CultureInfo.InvariantCulture, out decimal number)
            ? number : throw Refuse($"'{name}' must be a number.");

    public static IReadOnlyList<string> Texts(JsonObject body, string name)
    {
        if (body[name] is not { } node)
        {
            return [];
        }

        return node is JsonArray array
            ? [.. array.Select(item => SandboxJson.Text(item) ?? throw Refuse($"'{name}' must hold strings only."))]
            : throw Refuse($"'{name}' must be an array of strings.");
    }

    public static Uri LoopbackUrl(JsonObject body, string name) =>
        Uri.TryCreate(Text(body, name), UriKind.Absolute, out Uri? url) && Loopback.Holds(url)
            ? url : throw Refuse($"'{name}' must be an http or https URL on a loopback address.");

    public static void Only(JsonObject body, params string[] names)
    {
        if (body.FirstOrDefault(member => !names.Contains(member.Key)).Key is { } unknown)
        {
            throw Refuse($"'{unknown}' is not known here. Known: {string.Join(", ", names)}.");
        }
    }

    public static RefusedException Refuse(string error) => new(Answer.Errors(422, error));
}
