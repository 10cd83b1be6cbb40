using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Aria.Pipelines.Abstractions;
using Aria.Pipelines.Connectors;

namespace Aria.Pipelines.Authoring.Scaffolding;

/// <summary>A delivery or a record, and what the reads that complete its event give.</summary>
/// <param name="Body">As the source sends it, or as its feed lists it.</param>
/// <param name="Reads">By id of the read; null for an event that is complete.</param>
internal sealed record SampleArrival(byte[] Body, JsonElement? Reads);

/// <summary>
/// Changes a connector's sample so that its canonical event says something else. Where a vendor writes a stage or a job is not known
/// here: places that hold the old value, in what arrives and in what is read about it, are tried until the mapping gives the new one.
/// </summary>
/// <param name="connection">The account whose sample it is.</param>
/// <param name="receiver">Decodes and maps, as for a real delivery.</param>
/// <param name="type">The event.</param>
internal sealed partial class SampleChange(Connection connection, IWebhookReceiver receiver, string type)
{
    private static readonly Dictionary<string, IReadOnlyList<string>> Nothing = [];

    private readonly ConnectorEvent _event = connection.Connector.Events[type];

    /// <summary>The first sample, as it is.</summary>
    public SampleArrival Sample()
    {
        byte[] body = _event.Samples[0].Body;
        return new SampleArrival(body, _event.Enrich is { } enrich && Values(body) is { } values ? PrerequisiteReads.Samples(enrich, values) : null);
    }

    /// <summary>What the reads that complete the event see; null for what is no such event.</summary>
    public Dictionary<string, JsonElement>? Values(byte[] body) => Decoded(body) is not { } decoded ? null : new()
    {
        ["input"] = JsonElement.Parse(decoded.Body),
        ["settings"] = connection.Settings,
        ["effect"] = ConnectorJson.ToElement(new JsonObject { ["key"] = "" }),
    };

    /// <summary>What the canonical event holds at a path such as <c>job.id</c>; null when it is no such event or holds nothing there.</summary>
    public string? Find(SampleArrival arrival, string path)
    {
        if (Decoded(arrival.Body) is not { } decoded)
        {
            return null;
        }
        JsonElement at = receiver.Canonical(connection, type, "sample", decoded.Body, arrival.Reads);
        foreach (string name in path.Split('.'))
        {
            if (at.ValueKind != JsonValueKind.Object || !at.TryGetProperty(name, out at))
            {
                return null;
            }
        }
        return at.ValueKind == JsonValueKind.String ? at.GetString() : null;
    }

    /// <summary>An arrival whose canonical event holds all the values.</summary>
    /// <returns>Null when no places give them.</returns>
    public SampleArrival? With(SampleArrival arrival, IReadOnlyList<(string Path, string Value)> wanted)
    {
        SampleArrival? changed = arrival;
        for (int i = 0; i < wanted.Count && changed is not null; i++)
        {
            changed = With(changed, [.. wanted.Take(i + 1)], wanted[i]);
        }
        return changed;
    }

    /// <summary>The arrival as another event that says the same about the given paths, where both would be taken for one event that came twice.</summary>
    /// <returns>Null when no value of it makes it another one.</returns>
    public SampleArrival? Anew(SampleArrival arrival, SampleArrival other, IReadOnlyList<string> paths)
    {
        if (IsAnother(arrival, other))
        {
            return arrival;
        }
        return Altered(arrival.Body).Select(b => arrival with { Body = b })
            .FirstOrDefault(c => IsAnother(c, other) && paths.All(p => Find(c, p) == Find(arrival, p)));
    }

    /// <summary>Each value changed alone; where it is not JSON, each word. A member with another name would be another one only because something is missing.</summary>
    private static IEnumerable<byte[]> Altered(byte[] body)
    {
        string text = Encoding.UTF8.GetString(body);
        try
        {
            JsonNode json = JsonNode.Parse(text)!;
            return [.. Places(json).Select(Text).Distinct().Where(v => v.Length >= 3).Select(v => Replaced(json, v, v + "2", null))];
        }
        catch (JsonException)
        {
            // Not JSON, so it is changed as the text it is.
            return [.. Word().Matches(text).Select(m => m.Value).Distinct().Select(word => Encoding.UTF8.GetBytes(text.Replace(word, word + "2", StringComparison.Ordinal)))];
        }
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

    private SampleArrival? With(SampleArrival arrival, IReadOnlyList<(string Path, string Value)> all, (string Path, string Value) wanted)
    {
        string? now = Find(arrival, wanted.Path);
        return now == wanted.Value ? arrival
            : now is null ? null
            : Candidates(arrival, now, wanted.Value, wanted.Path == "application.id").FirstOrDefault(c => all.All(w => Find(c, w.Path) == w.Value));
    }

    /// <summary>What arrives alone, what is read alone, then both. Of an id both are first: what arrives names what is read.</summary>
    private static IEnumerable<SampleArrival> Candidates(SampleArrival arrival, string now, string wanted, bool isId)
    {
        byte[][] bodies = [.. Candidates(arrival.Body, now, wanted)];
        JsonElement[] reads = arrival.Reads is { } given ? [.. Candidates(ConnectorJson.RawBytes(given), now, wanted).Select(r => JsonElement.Parse(r))] : [];
        SampleArrival[] both = [.. reads.TakeLast(1).Select(r => new SampleArrival(bodies[^1], r))];
        SampleArrival[] alone = [.. bodies.Select(b => arrival with { Body = b }), .. reads.Select(r => arrival with { Reads = r })];
        return isId ? both.Concat(alone) : alone.Concat(both);
    }

    private bool IsAnother(SampleArrival arrival, SampleArrival other) =>
        Decoded(arrival.Body) is { } one && Decoded(other.Body) is { } two && !one.DedupeKey.AsSpan().SequenceEqual(two.DedupeKey);

    private DecodedEvent? Decoded(byte[] body)
    {
        if (!_event.IsPushedTo(connection))
        {
            return PolledArrival.Of(connection, _event, body, pass: 1).Event;
        }
        return receiver.Decode(connection, new Delivery("POST", Nothing, Nothing, body, DateTimeOffset.UnixEpoch)).Events.FirstOrDefault(e => e.Type == type && e.QuarantineCode is null);
    }

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

    [GeneratedRegex("[A-Za-z0-9_-]{3,}", RegexOptions.None, 10_000)]
    private static partial Regex Word();

    private static string Text(JsonNode leaf) => leaf.GetValueKind() == JsonValueKind.String ? leaf.GetValue<string>() : leaf.ToJsonString();
}
