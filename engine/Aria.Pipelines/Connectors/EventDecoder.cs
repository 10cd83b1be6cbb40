using System.Buffers.Binary;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Aria.Pipelines.Mapping;

namespace Aria.Pipelines.Connectors;

/// <summary>Turns a JSON body into events: splits it, names their types, and evaluates subject, dedupe key and correlation keys.</summary>
internal static partial class EventDecoder
{
    /// <summary>Type of an event that says nothing usable about its own type.</summary>
    public const string UnknownType = "raw.unknown";

    /// <summary>Type of a delivery that only tests the connection.</summary>
    public const string PingType = "raw.ping";

    public static IReadOnlyList<DecodedEvent> Decode(Connection connection, ReadOnlyMemory<byte> body)
    {
        StrictJson json = StrictJson.Read(body);
        if (json.Code is { } code)
        {
            return [Quarantined(body, code)];
        }
        if (connection.Connector.Webhook!.Split is not { } split)
        {
            return [DecodeOne(connection, json.Root, Whole(body))];
        }
        return JsonPointer.Find(json.Root, split) is { ValueKind: JsonValueKind.Array } list
            ? [.. list.EnumerateArray().Select(item => DecodeOne(connection, item, ConnectorJson.RawBytes(item)))]
            : [Quarantined(body, "not_array")];
    }

    /// <summary>The same for stored bytes, which may be one item of a body that was split.</summary>
    public static IReadOnlyList<DecodedEvent> DecodeStored(Connection connection, ReadOnlyMemory<byte> body)
    {
        StrictJson json = StrictJson.Read(body);
        bool isItem = json.Code is null && connection.Connector.Webhook!.Split is { } split && JsonPointer.Find(json.Root, split) is not { ValueKind: JsonValueKind.Array };
        return isItem ? [DecodeOne(connection, json.Root, Whole(body))] : Decode(connection, body);
    }

    /// <summary>A body that cannot be decoded; it is kept as it came.</summary>
    public static DecodedEvent Quarantined(ReadOnlyMemory<byte> body, string code) => new("", OwnSubject(body.Span), body.ToArray(), [], body.ToArray(), code);

    /// <summary>The array itself where the memory is one: bodies do not change once they are read.</summary>
    private static byte[] Whole(ReadOnlyMemory<byte> body) =>
        MemoryMarshal.TryGetArray(body, out ArraySegment<byte> segment) && segment.Array is { } array && segment.Count == array.Length ? array : body.ToArray();

    private static DecodedEvent DecodeOne(Connection connection, JsonElement payload, byte[] body)
    {
        if (payload.ValueKind != JsonValueKind.Object)
        {
            return Quarantined(body, "not_object");
        }
        byte[] sent = connection.Connector.Webhook!.Headers.Count > 0 ? DeliveryEnvelope.BodyOf(payload, body) : body;
        byte[] dedupe = DedupeKey(connection.Connector.Webhook!.Dedupe, payload, sent);
        if (connection.Connector.Webhook!.PingWhen is { } ping && IsTrue(ping, payload))
        {
            return new DecodedEvent(PingType, OwnSubject(body), dedupe, [], body, null);
        }
        string? wireType = JsonPointer.Text(payload, connection.Connector.Webhook!.TypePointer);
        return Describe(connection.Connector.Events.Values.FirstOrDefault(e => e.WireType == wireType && e.IsPushedTo(connection)), wireType, payload, dedupe, body, IsId(connection.Connector.Webhook!));
    }

    /// <summary>Makes an event of a record that a feed yielded.</summary>
    /// <param name="connector">The connector.</param>
    /// <param name="feed">The event that the feed belongs to.</param>
    /// <param name="poll">How it was read.</param>
    /// <param name="item">The record, which holds its type and what tells it from others.</param>
    /// <param name="payload">The record, completed.</param>
    /// <param name="pass">Tells apart records with the same content: the pass of a feed that remembers what it saw; null for none.</param>
    public static DecodedEvent DecodePolled(Connector connector, ConnectorEvent feed, PollDefinition poll, JsonElement item, JsonElement payload, long? pass)
    {
        byte[] body = ConnectorJson.RawBytes(payload);
        if (payload.ValueKind != JsonValueKind.Object)
        {
            return Quarantined(body, "not_object");
        }
        byte[] dedupe = PolledKey(feed, poll.Dedupe, item, pass);
        string? wireType = poll.TypePointer is { } pointer ? JsonPointer.Text(item, pointer) : feed.WireType;
        ConnectorEvent? definition = poll.TypePointer is null ? feed : connector.Events.Values.FirstOrDefault(e => e.WireType == wireType && (e == feed || e.PolledWith == feed.Type));
        return Describe(definition, wireType, payload, dedupe, body, keyIsId: false);
    }

    /// <summary>Makes an event of a record whose type is known, as plans and cases give it.</summary>
    /// <param name="feed">The event that the feed belongs to.</param>
    /// <param name="definition">The event that it is of.</param>
    /// <param name="payload">The record, completed.</param>
    /// <param name="dedupe">Pointers to what tells it from others; empty for all of it.</param>
    /// <param name="pass">As in <see cref="DecodePolled"/>.</param>
    public static DecodedEvent DecodeCompleted(ConnectorEvent feed, ConnectorEvent definition, JsonElement payload, IReadOnlyList<string> dedupe, long? pass)
    {
        byte[] body = ConnectorJson.RawBytes(payload);
        return Describe(definition, definition.WireType, payload, PolledKey(feed, dedupe, payload, pass), body, keyIsId: false);
    }

    private static byte[] PolledKey(ConnectorEvent feed, IReadOnlyList<string> dedupe, JsonElement item, long? pass)
    {
        string[] parts = dedupe.Count == 0 ? ["body"] : [.. dedupe];
        byte[] content = DedupeKey(parts, item, ConnectorJson.RawBytes(item));
        return [.. Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"poll\n{feed.Type}\n{pass}\n")), .. content];
    }

    private static DecodedEvent Describe(ConnectorEvent? definition, string? wireType, JsonElement payload, byte[] dedupe, byte[] body, bool keyIsId)
    {
        if (definition is null)
        {
            string raw = wireType is not null && WirePattern().IsMatch(wireType) ? $"raw.{wireType}" : UnknownType;
            return new DecodedEvent(raw, OwnSubject(body), dedupe, [], body, null, keyIsId);
        }
        var values = new Dictionary<string, JsonElement> { ["payload"] = payload };
        if (TryText(definition.Subject, values) is not { Length: > 0 } subject || subject.EndsWith(':'))
        {
            return Quarantined(body, "subject_failed");
        }
        try
        {
            IReadOnlyList<KeyValuePair<string, string>> correlation = Correlation(definition, values);
            return new DecodedEvent(definition.Type, subject, dedupe, correlation, body, null, keyIsId);
        }
        catch (MappingException)
        {
            return Quarantined(body, "correlation_failed");
        }
    }

    private static List<KeyValuePair<string, string>> Correlation(ConnectorEvent definition, Dictionary<string, JsonElement> values)
    {
        var keys = new List<KeyValuePair<string, string>>();
        foreach ((string name, CompiledMapping mapping) in definition.Correlation)
        {
            if (Text(mapping.Evaluate(values)) is { Length: > 0 } value)
            {
                keys.Add(new(name, value));
            }
        }
        return keys;
    }

    private static bool IsTrue(CompiledMapping condition, JsonElement payload)
    {
        try
        {
            return condition.Evaluate(new Dictionary<string, JsonElement> { ["payload"] = payload }) is JsonValue value && value.TryGetValue(out bool flag) && flag;
        }
        catch (MappingException)
        {
            // Of another shape than a test of the connection.
            return false;
        }
    }

    private static string? TryText(CompiledMapping mapping, Dictionary<string, JsonElement> values)
    {
        try
        {
            return Text(mapping.Evaluate(values));
        }
        catch (MappingException)
        {
            // The event is kept as quarantined with its own code.
            return null;
        }
    }

    private static string? Text(JsonNode? node) => node is JsonValue value ? ConnectorJson.Text(ConnectorJson.ToElement(value)) : null;

    private static bool IsId(WebhookDefinition webhook) => webhook.Dedupe is [not "body"];

    private static byte[] DedupeKey(IReadOnlyList<string> parts, JsonElement payload, byte[] body)
    {
        if (parts is ["body"])
        {
            return body;
        }
        using var key = new MemoryStream();
        foreach (string part in parts)
        {
            byte[] bytes = part == "body" ? body : JsonPointer.Find(payload, part) is { } found ? ConnectorJson.RawBytes(found) : [];
            // Lengths keep "ab" + "c" apart from "a" + "bc".
            byte[] length = new byte[4];
            BinaryPrimitives.WriteInt32BigEndian(length, bytes.Length);
            key.Write(length);
            key.Write(bytes);
        }
        return key.ToArray();
    }

    /// <summary>An event that is about nothing known is about itself: it must not wait for others.</summary>
    private static string OwnSubject(ReadOnlySpan<byte> body) => $"event:{Convert.ToHexStringLower(SHA256.HashData(body))[..32]}";

    [GeneratedRegex("^[A-Za-z0-9][A-Za-z0-9_.-]{0,63}$", RegexOptions.ExplicitCapture, 10_000)]
    private static partial Regex WirePattern();
}
