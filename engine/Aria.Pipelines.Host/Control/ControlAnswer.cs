using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace Aria.Pipelines.Host.Control;

/// <summary>Answers of the control routes: JSON, and refusals as <c>{"error"}</c>.</summary>
internal static class ControlAnswer
{
    public static IResult Good(JsonNode node) => Text(node, StatusCodes.Status200OK);

    /// <summary>Why something was not done.</summary>
    /// <param name="error">The reason, for people.</param>
    /// <param name="status">Status of the answer.</param>
    /// <param name="command">What to write instead; null when there is nothing.</param>
    public static IResult Refused(string error, int status = StatusCodes.Status409Conflict, string? command = null)
    {
        var refusal = new JsonObject { ["error"] = error };
        if (command is not null)
        {
            refusal["command"] = command;
        }
        return Text(refusal, status);
    }

    /// <summary>A time as all answers write it: ISO 8601, UTC, milliseconds.</summary>
    public static string Time(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);

    public static JsonArray Array(IEnumerable<string> texts) => new([.. texts.Select(t => (JsonNode)JsonValue.Create(t))]);

    private static IResult Text(JsonNode node, int status) => Results.Text(Output.HostJson.OneLine(node), "application/json", statusCode: status);
}
