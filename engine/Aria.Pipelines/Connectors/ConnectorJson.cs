using System.Runtime.InteropServices;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Aria.Pipelines.Mapping;

namespace Aria.Pipelines.Connectors;

/// <summary>Small conversions between JSON forms, the same for requests, events and outputs.</summary>
internal static class ConnectorJson
{
    public static readonly JsonElement Null = JsonElement.Parse("null");

    // Names stay readable on the wire; the bytes never stand inside HTML.
    internal static readonly JsonWriterOptions Compact = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static JsonElement ToElement(JsonNode? node) => node is null ? Null : JsonScratch.ToElement(node, Write);

    /// <summary>A node over a value.</summary>
    public static JsonNode? ToNode(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Object => JsonObject.Create(element),
        JsonValueKind.Array => JsonArray.Create(element),
        JsonValueKind.Null or JsonValueKind.Undefined => null,
        _ => JsonValue.Create(element),
    };

    /// <summary>Compact UTF-8; the same node always gives the same bytes.</summary>
    public static byte[] ToBytes(JsonNode? node) => JsonScratch.ToBytes(node, Write);

    /// <summary>The bytes of a value exactly as they stood in its document.</summary>
    public static byte[] RawBytes(JsonElement element) => JsonMarshal.GetRawUtf8Value(element).ToArray();

    /// <summary>A scalar as text: strings as they are, numbers with their digits, true or false; null for anything else.</summary>
    public static string? Text(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.String => element.GetString(),
        JsonValueKind.Number => element.GetRawText(),
        JsonValueKind.True => "true",
        JsonValueKind.False => "false",
        _ => null,
    };

    /// <summary>Writes a node, which may be null.</summary>
    public static void Write(Utf8JsonWriter writer, JsonNode? node)
    {
        if (node is null)
        {
            writer.WriteNullValue();
        }
        else
        {
            node.WriteTo(writer);
        }
    }

    /// <summary>What a mapping gives, as text; null for anything but a scalar.</summary>
    public static string? Text(CompiledMapping mapping, IReadOnlyDictionary<string, JsonElement> values) =>
        mapping.Evaluate(values) is JsonValue value ? Text(ToElement(value)) : null;
}
