using System.Runtime.InteropServices;
using System.Text.Json;
using Aria.Pipelines.Connectors;

namespace Aria.Pipelines.Runs;

/// <summary>A run's event as it is recorded: without the vendor's payload when that is the body of the stored event, which is kept already.</summary>
internal static class EventRecord
{
    private const string Raw = "raw";

    /// <param name="canonical">The event as pipelines see it.</param>
    public static byte[] Write(JsonElement canonical) => JsonScratch.ToBytes(canonical, static (writer, members) =>
    {
        writer.WriteStartObject();
        foreach (JsonProperty member in members.EnumerateObject())
        {
            if (!member.NameEquals(Raw))
            {
                Copy(writer, member.Name, JsonMarshal.GetRawUtf8Value(member.Value));
            }
        }
        writer.WriteEndObject();
    });

    /// <param name="recorded">What was recorded.</param>
    /// <param name="body">Body of the stored event.</param>
    public static JsonElement Read(byte[] recorded, byte[] body)
    {
        JsonElement members = JsonElement.Parse(recorded);
        if (members.TryGetProperty(Raw, out _))
        {
            return members;
        }
        return JsonScratch.ToElement((Members: members, Body: body), static (writer, made) =>
        {
            writer.WriteStartObject();
            foreach (JsonProperty member in made.Members.EnumerateObject())
            {
                Copy(writer, member.Name, JsonMarshal.GetRawUtf8Value(member.Value));
            }
            Copy(writer, Raw, StrictJson.WithoutBom(made.Body).Span);
            writer.WriteEndObject();
        });
    }

    private static void Copy(Utf8JsonWriter writer, string name, ReadOnlySpan<byte> value)
    {
        writer.WritePropertyName(name);
        writer.WriteRawValue(value, skipInputValidation: true);
    }
}
