using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Aria.Pipelines.Sandbox.Serving;
using Microsoft.AspNetCore.Http;

namespace Aria.Pipelines.Sandbox.SmartRecruiters.Api;

/// <summary>Reads bodies and query parameters strictly; refuses with 400 and the member's name.</summary>
internal static partial class Form
{
    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false };

    public static JsonObject Object(SandboxRequest request, params string[] known) =>
        Json(request) is JsonObject body ? Only(body, known) : throw ApiError.Invalid("The body is not a JSON object.");

    public static JsonArray Array(SandboxRequest request) =>
        Json(request) as JsonArray ?? throw ApiError.Invalid("The body is not a JSON array.");

    public static JsonObject Only(JsonObject body, params string[] known) =>
        body.FirstOrDefault(m => !known.Contains(m.Key)).Key is { } unknown ? throw ApiError.Invalid($"'{unknown}' is not known here.") : body;

    public static string Text(JsonObject body, string name) =>
        OptionalText(body, name) ?? throw ApiError.Invalid($"'{name}' is missing.");

    public static string? OptionalText(JsonObject body, string name) =>
        !body.TryGetPropertyValue(name, out JsonNode? node) ? null
        : SandboxJson.Text(node) is { Length: > 0 } text ? text : throw ApiError.Invalid($"'{name}' must be a string that is not empty.");

    public static bool Flag(JsonObject body, string name) =>
        !body.TryGetPropertyValue(name, out JsonNode? node) ? false : SandboxJson.Bool(node) ?? throw ApiError.Invalid($"'{name}' must be true or false.");

    public static IReadOnlyList<string> Texts(JsonObject body, string name) =>
        !body.TryGetPropertyValue(name, out JsonNode? node) ? []
        : node is JsonArray items ? [.. items.Select(i => SandboxJson.Text(i) is { Length: > 0 } text ? text : throw ApiError.Invalid($"'{name}' must hold strings."))]
        : throw ApiError.Invalid($"'{name}' must be an array of strings.");

    /// <summary>The documented form <c>yyyy-MM-ddTHH:mm:ss.SSSZZ</c>: with milliseconds and a zone.</summary>
    public static DateTimeOffset Time(string name, string text) =>
        TimePattern().IsMatch(text) && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.None, out DateTimeOffset at)
            ? at : throw ApiError.Invalid($"'{name}' must be an ISO 8601 time with milliseconds and a zone, for example 2026-01-31T09:00:00.000Z.");

    /// <summary>Refuses parameters that are not known, and repeated ones that must not be.</summary>
    public static void Query(IQueryCollection query, string[] once, params string[] repeatable)
    {
        foreach ((string name, var values) in query)
        {
            if (!repeatable.Contains(name) && (!once.Contains(name) || values.Count > 1))
            {
                throw ApiError.Invalid(once.Contains(name) ? $"'{name}' is given more than once." : $"'{name}' is not known here.");
            }
        }
    }

    /// <summary><c>limit</c>, 1 to 100, 10 when absent.</summary>
    public static int Limit(IQueryCollection query) =>
        !query.TryGetValue("limit", out var text) ? 10
        : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int limit) && limit is >= 1 and <= 100
            ? limit : throw ApiError.Invalid("'limit' must be between 1 and 100.");

    private static JsonNode? Json(SandboxRequest request)
    {
        if (request.MediaType != "application/json")
        {
            throw ApiError.Refuse(415, "UNSUPPORTED_MEDIA_TYPE", "Content-Type must be application/json.");
        }

        try
        {
            return JsonNode.Parse(request.Body, null, Strict);
        }
        catch (JsonException)
        {
            throw ApiError.Invalid("The body is not JSON, or a member appears twice.");
        }
    }

    [GeneratedRegex(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}(Z|[+-]\d\d:?\d\d)$", RegexOptions.ExplicitCapture, 10_000)]
    private static partial Regex TimePattern();
}
