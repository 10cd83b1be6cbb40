using System.Text.Json;
using System.Text.Json.Nodes;
using Aria.Pipelines.Abstractions;

namespace Aria.Pipelines.Connectors;

/// <summary>
/// The payload of a source that says in headers what its body does not: <c>{ "headers": { … }, "body": … }</c>, with the declared headers in lower
/// case, null where one is absent or ambiguous. It is stored in this form, so that a replay knows what the delivery knew.
/// </summary>
internal static class DeliveryEnvelope
{
    private const string Headers = "headers";
    private const string Body = "body";

    /// <summary>Wraps the body; one that is not JSON stays as it came, and is quarantined as that.</summary>
    public static ReadOnlyMemory<byte> Wrap(Delivery delivery, IReadOnlyList<string> names)
    {
        if (StrictJson.Read(delivery.Body).Code is not null)
        {
            return delivery.Body;
        }
        var headers = new JsonObject();
        foreach (string name in names)
        {
            headers[name.ToLowerInvariant()] = DeliveryHeaders.Of(delivery, name) is [{ } value] ? value : null;
        }
        return JsonScratch.ToBytes((Headers: headers, delivery.Body), static (writer, payload) =>
        {
            writer.WriteStartObject();
            writer.WritePropertyName(Headers);
            payload.Headers.WriteTo(writer);
            writer.WritePropertyName(Body);
            // Copied as it came: it was checked above.
            writer.WriteRawValue(payload.Body.Span, skipInputValidation: true);
            writer.WriteEndObject();
        });
    }

    /// <summary>Wraps a body that may be wrapped already: a sample, or what is stored.</summary>
    public static ReadOnlyMemory<byte> WrapUnlessWrapped(Delivery delivery, IReadOnlyList<string> names) =>
        IsWrapped(delivery.Body) ? delivery.Body : Wrap(delivery, names);

    /// <summary>The bytes of the body in a wrapped payload; of any other payload its own.</summary>
    public static byte[] BodyOf(JsonElement payload, byte[] bytes) =>
        payload.TryGetProperty(Body, out JsonElement body) ? ConnectorJson.RawBytes(body) : bytes;

    private static bool IsWrapped(ReadOnlyMemory<byte> bytes)
    {
        StrictJson json = StrictJson.Read(bytes);
        return json.Code is null && json.Root.ValueKind == JsonValueKind.Object
            && json.Root.EnumerateObject().Select(m => m.Name).Order(StringComparer.Ordinal).SequenceEqual([Body, Headers])
            && json.Root.GetProperty(Headers).ValueKind == JsonValueKind.Object;
    }
}
