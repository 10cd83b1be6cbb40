using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Aria.Pipelines.Abstractions;
using Aria.Pipelines.Connectors;

namespace Aria.Pipelines.Authoring.Scaffolding;

/// <summary>
/// Changes a connector's sample so that its canonical event says something else. Where a vendor writes a stage or a job is not known
/// here: places that hold the old value are tried until the mapping gives the new one.
/// </summary>
/// <param name="connection">The account whose sample it is.</param>
/// <param name="receiver">Decodes and maps, as for a real delivery.</param>
/// <param name="type">The event.</param>
internal sealed partial class SampleChange(Connection connection, IWebhookReceiver receiver, string type)
{
    private static readonly Dictionary<string, IReadOnlyList<string>> Nothing = [];

    /// <summary>What the canonical event of a delivery holds at a path such as <c>job.id</c>; null when it is no such event or holds nothing there.</summary>
    public string? Find(byte[] body, string path)
    {
        if (Decoded(body) is not { } decoded)
        {
            return null;
        }
        JsonElement at = receiver.Canonical(connection, type, "sample", decoded.Body);
        foreach (string name in path.Split('.'))
        {
            if (at.ValueKind != JsonValueKind.Object || !at.TryGetProperty(name, out at))
            {
                return null;
            }
        }
        return at.ValueKind == JsonValueKind.String ? at.GetString() : null;
    }

    /// <summary>A delivery whose canonical event holds a value.</summary>
    /// <returns>Null when no place of the delivery gives it.</returns>
    public byte[]? With(byte[] body, string path, string wanted)
    {
        string? now = Find(body, path);
        if (now == wanted)
        {
            return body;
        }
        return now is null ? null : Candidates(body, now, wanted).FirstOrDefault(c => Find(c, path) == wanted);
    }

    /// <summary>The delivery as another event that says the same about the given paths, where both would be taken for one event delivered twice.</summary>
    /// <returns>Null when no word of it makes it another one.</returns>
    public byte[]? Anew(byte[] body, byte[] other, IReadOnlyList<string> paths)
    {
        if (IsAnother(body, other))
        {
            return body;
        }
        string text = Encoding.UTF8.GetString(body);
        return Word().Matches(text).Select(m => m.Value).Distinct()
            .Select(word => Encoding.UTF8.GetBytes(text.Replace(word, word + "2", StringComparison.Ordinal)))
            .FirstOrDefault(c => IsAnother(c, other) && paths.All(p => Find(c, p) == Find(body, p)));
    }

    /// <summary>Each place alone, then all at once.</summary>
    public static IEnumerable<byte[]> Candidates(byte[] body, string now, string wanted)
    {
        JsonNode? json;
        try
        {
            json = JsonNode.Parse(body);
        }
        catch (JsonException)
        {
            // Not JSON, so it is changed as the text it is.
            return [Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(body).Replace(now, wanted, StringComparison.Ordinal))];
        }
        int places = Places(json).Count(p => Text(p) == now);
        return Enumerable.Range(0, places).Select(only => Replaced(json!, now, wanted, only)).Append(Replaced(json!, now, wanted, null));
    }

    private bool IsAnother(byte[] body, byte[] other) =>
        Decoded(body) is { } one && Decoded(other) is { } two && !one.DedupeKey.AsSpan().SequenceEqual(two.DedupeKey);

    private DecodedEvent? Decoded(byte[] body) =>
        receiver.Decode(connection, new Delivery("POST", Nothing, Nothing, body, DateTimeOffset.UnixEpoch)).Events.FirstOrDefault(e => e.Type == type && e.QuarantineCode is null);

    private static byte[] Replaced(JsonNode json, string now, string wanted, int? only)
    {
        JsonNode copy = json.DeepClone();
        JsonNode[] places = [.. Places(copy).Where(p => Text(p) == now)];
        foreach (JsonNode place in only is { } one ? [places[one]] : places)
        {
            bool isNumber = place.GetValueKind() == JsonValueKind.Number && long.TryParse(wanted, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out _);
            place.ReplaceWith(isNumber ? JsonValue.Create(long.Parse(wanted, CultureInfo.InvariantCulture)) : JsonValue.Create(wanted));
        }
        return ConnectorJson.ToBytes(copy);
    }

    private static IEnumerable<JsonNode> Places(JsonNode? node) => node switch
    {
        JsonObject members => members.SelectMany(m => Places(m.Value)),
        JsonArray items => items.SelectMany(Places),
        null => [],
        _ => [node],
    };

    [GeneratedRegex("[A-Za-z0-9_-]{3,}", RegexOptions.None, 250)]
    private static partial Regex Word();

    private static string Text(JsonNode leaf) => leaf.GetValueKind() == JsonValueKind.String ? leaf.GetValue<string>() : leaf.ToJsonString();
}
