using System.Runtime.InteropServices;
using System.Text.Json;

namespace Aria.Pipelines.Runs;

/// <summary>A run's event as it is recorded: without the vendor's payload when that is the body of the stored event, which is kept already.</summary>
internal static class EventRecord
{
    private const string Raw = "raw";

    /// <param name="canonical">The event as pipelines see it.</param>
    public static byte[] Write(JsonElement canonical)
    {
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer, Connectors.ConnectorJson.Compact))
        {
            writer.WriteStartObject();
            foreach (JsonProperty member in canonical.EnumerateObject().Where(m => !m.NameEquals(Raw)))
            {
                Copy(writer, member.Name, JsonMarshal.GetRawUtf8Value(member.Value));
            }
            writer.WriteEndObject();
        }
        return buffer.ToArray();
    }

    /// <param name="recorded">What was recorded.</param>
    /// <param name="body">Body of the stored event.</param>
    public static JsonElement Read(byte[] recorded, byte[] body)
    {
        JsonElement members = JsonElement.Parse(recorded);
        if (members.TryGetProperty(Raw, out _))
        {
            return members;
        }
        using var buffer = new MemoryStream(recorded.Length + body.Length);
        using (var writer = new Utf8JsonWriter(buffer, Connectors.ConnectorJson.Compact))
        {
            writer.WriteStartObject();
            foreach (JsonProperty member in members.EnumerateObject())
            {
                Copy(writer, member.Name, JsonMarshal.GetRawUtf8Value(member.Value));
            }
            Copy(writer, Raw, Connectors.StrictJson.WithoutBom(body).Span);
            writer.WriteEndObject();
        }
        return JsonElement.Parse(buffer.ToArray());
    }

    private static void Copy(Utf8JsonWriter writer, string name, ReadOnlySpan<byte> value)
    {
        writer.WritePropertyName(name);
        writer.WriteRawValue(value, skipInputValidation: true);
    }
}
