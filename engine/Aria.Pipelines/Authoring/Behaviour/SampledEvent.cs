using System.Text.Json;
using System.Text.Json.Nodes;
using Aria.Pipelines.Abstractions;
using Aria.Pipelines.Connectors;
using Aria.Pipelines.Mapping;

namespace Aria.Pipelines.Authoring.Behaviour;

/// <summary>A sample and what it decodes to.</summary>
/// <param name="Event">What it is a sample of.</param>
/// <param name="Sample">The sample.</param>
/// <param name="Decoded">The event; null when there is a problem.</param>
/// <param name="Problem">Why it is not that event, to be said after the sample's name; null when it is.</param>
internal sealed record SampledEvent(ConnectorEvent Event, EventSample Sample, DecodedEvent? Decoded, string? Problem)
{
    private const string EventId = "evt_behaviour";
    private static readonly Dictionary<string, IReadOnlyList<string>> Nothing = [];

    /// <summary>All samples of a connector.</summary>
    public static IEnumerable<SampledEvent> All(TestedConnector tested) =>
        tested.Connector.Events.Values.SelectMany(e => e.Samples.Select(s => Of(tested, e, s)));

    /// <summary>Those that are what they should be.</summary>
    public static IEnumerable<SampledEvent> Good(TestedConnector tested) => All(tested).Where(s => s.Decoded is not null);

    /// <summary>Decodes one, without looking at a signature.</summary>
    public static SampledEvent Of(TestedConnector tested, ConnectorEvent found, EventSample sample)
    {
        IReadOnlyList<DecodedEvent> decoded = found.IsPolled
            ? PolledArrival.Of(tested.Account, found, sample.Body, 1) is { Event: { } one } arrival ? [one] : []
            : tested.Receiver.Decode(tested.Account, new Delivery("POST", Nothing, Nothing, sample.Body, DateTimeOffset.UnixEpoch)).Events;
        string? problem = decoded switch
        {
            [] => found.IsPolled ? $"is not yielded by its feed: {PolledArrival.Of(tested.Account, found, sample.Body, 1).Refusal}" : "holds no event",
            _ when decoded.FirstOrDefault(d => d.QuarantineCode is not null) is { } bad => $"cannot be decoded ({bad.QuarantineCode})",
            _ when decoded.All(d => d.Type != found.Type) => $"decodes to '{decoded[0].Type}'",
            _ => null,
        };
        return new SampledEvent(found, sample, problem is null ? decoded.First(d => d.Type == found.Type) : null, problem);
    }

    /// <summary>The canonical form of this event with another payload.</summary>
    /// <exception cref="MappingException">The connector's mapping failed.</exception>
    public JsonElement Canonical(TestedConnector tested, JsonNode? payload = null, JsonElement? reads = null) => tested.Receiver.Canonical(
        tested.Account, Event.Type, EventId, payload is null ? Decoded!.Body : ConnectorJson.ToBytes(payload), reads ?? Event.Enrich?.Sample);

    /// <summary>What of the canonical form is not as the profile, or the event's own schema, has it.</summary>
    public IEnumerable<string> Misfits(TestedConnector tested, JsonNode? payload = null, JsonElement? reads = null)
    {
        JsonElement canonical;
        try
        {
            canonical = Canonical(tested, payload, reads);
        }
        catch (MappingException e)
        {
            return [$"the mapping fails: {e.Diagnostic}"];
        }
        string[] misfits = [.. (Event.Schema?.Validate(canonical) ?? []).Concat(RecruitingProfile.Misfits(Event.Type, canonical)).Select(f => $"'{f.InstancePointer}': {f.Message}").Distinct()];
        return Suspicious.Member(WithoutRaw(canonical)) is { } member ? [.. misfits, $"'{member}' is the text of a value that is not there."] : misfits;
    }

    /// <summary>Subject and correlation of another payload of this event, as one text; null when it is not decoded.</summary>
    public string? Identity(TestedConnector tested, JsonNode payload)
    {
        byte[] body = ConnectorJson.ToBytes(payload);
        DecodedEvent? decoded = Event.IsPolled ? PolledArrival.Of(tested.Account, Event, body, 1).Event : EventDecoder.DecodeStored(tested.Account, body) is [{ } one, ..] ? one : null;
        return decoded is { QuarantineCode: null } && decoded.Type == Event.Type
            ? string.Join('\n', decoded.Correlation.Select(c => $"{c.Key}={c.Value}").Prepend(decoded.Subject))
            : null;
    }

    /// <summary>The event without the vendor's own payload.</summary>
    public static JsonElement WithoutRaw(JsonElement canonical) =>
        ConnectorJson.ToElement(new JsonObject(canonical.EnumerateObject().Where(m => m.Name != "raw").Select(m => KeyValuePair.Create(m.Name, ConnectorJson.ToNode(m.Value)))));
}
