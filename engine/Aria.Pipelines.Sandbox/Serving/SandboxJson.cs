using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Aria.Pipelines.Sandbox.Serving;

/// <summary>The two JSON forms the simulated systems send, and the strict reading of what they receive.</summary>
internal static class SandboxJson
{
    private static readonly JsonSerializerOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false };

    /// <summary>UTF-8 without escapes beyond what JSON demands.</summary>
    public static byte[] Bytes(JsonNode node) => Encoding.UTF8.GetBytes(node.ToJsonString(Plain));

    /// <summary>
    /// ASCII only, with <c>&lt;</c>, <c>&gt;</c> and <c>&amp;</c> escaped in lower-case hex (<c>\u003cp\u003e</c>),
    /// as the Greenhouse webhook documentation shows it.
    /// </summary>
    public static byte[] EscapedBytes(JsonNode node)
    {
        var text = new StringBuilder();
        foreach (char c in node.ToJsonString(Plain))
        {
            if (c > '~' || c is '<' or '>' or '&')
            {
                text.Append(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}");
            }
            else
            {
                text.Append(c);
            }
        }

        return Encoding.ASCII.GetBytes(text.ToString());
    }

    /// <summary>Reads one JSON object; null when the bytes are not one (syntax error, duplicate member, another kind).</summary>
    public static JsonObject? TryReadObject(byte[] body)
    {
        try
        {
            return JsonNode.Parse(body, null, Strict) as JsonObject;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    public static string? Text(JsonNode? node) =>
        node is JsonValue value && value.GetValueKind() == JsonValueKind.String ? value.GetValue<string>() : null;

    /// <summary>A JSON integer as <see cref="long"/>; null for every other kind, also for a number inside a string.</summary>
    public static long? Whole(JsonNode? node) =>
        node is JsonValue value && value.GetValueKind() == JsonValueKind.Number
            && long.TryParse(value.ToJsonString(), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long whole)
            ? whole : null;

    public static bool? Bool(JsonNode? node) => node?.GetValueKind() switch
    {
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        _ => null,
    };

    /// <summary>ISO 8601 UTC in milliseconds.</summary>
    public static string Time(DateTimeOffset at) => at.ToUniversalTime().ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);

    /// <summary>ISO 8601 UTC in whole seconds, the form of the Greenhouse webhooks and of ARIA's guide.</summary>
    public static string Seconds(DateTimeOffset at) => at.ToUniversalTime().ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    /// <summary>Reads an ISO 8601 instant that carries <c>Z</c> or an offset; null for anything else.</summary>
    public static DateTimeOffset? TryReadTime(string text)
    {
        string[] forms = ["yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK", "yyyy-MM-dd'T'HH:mm:ssK"];
        bool zoned = text.EndsWith('Z') || (text.Length > 6 && text[^3] == ':' && text[^6] is '+' or '-');
        return zoned && DateTimeOffset.TryParseExact(text, forms, CultureInfo.InvariantCulture, DateTimeStyles.None, out DateTimeOffset at)
            ? at : null;
    }
}
