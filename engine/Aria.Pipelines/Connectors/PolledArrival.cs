using System.Text.Json;
using Aria.Pipelines.Mapping;

namespace Aria.Pipelines.Connectors;

/// <summary>One record of a feed that somebody gives instead of its source, as plans and cases do: completed already, and of a known event.</summary>
/// <param name="Feed">The event whose <c>poll</c> finds it.</param>
/// <param name="Poll">That <c>poll</c>, as the connection chooses it.</param>
/// <param name="Event">What it decodes to; null when it is refused.</param>
/// <param name="Item">The record as the feed lists it; null when the feed completes what it lists.</param>
/// <param name="Refusal">Why the feed would not yield it; null when it would.</param>
internal sealed record PolledArrival(ConnectorEvent Feed, PollDefinition Poll, DecodedEvent? Event, JsonElement? Item, string? Refusal)
{
    /// <summary>Decodes a record.</summary>
    /// <param name="connection">The account.</param>
    /// <param name="polled">The event it is of.</param>
    /// <param name="body">The record, completed when the feed completes its records.</param>
    /// <param name="pass">Tells apart records with the same content, where the feed does so.</param>
    public static PolledArrival Of(Connection connection, ConnectorEvent polled, byte[] body, long pass)
    {
        ConnectorEvent feed = polled.PolledWith is { } with ? connection.Connector.Events[with] : polled;
        PollDefinition poll = feed.PollFor(connection)!;
        StrictJson json = StrictJson.Read(body);
        if (json.Code is not null || json.Root.ValueKind != JsonValueKind.Object)
        {
            return new PolledArrival(feed, poll, null, null, "it is not a JSON object.");
        }
        // A completed record need not hold what the feed's list says of it.
        bool isItem = poll.Detail is null;
        if (isItem && !IsWanted(poll, connection, json.Root))
        {
            return new PolledArrival(feed, poll, null, null, "the feed's 'when' leaves it out.");
        }
        if (isItem && poll.TypePointer is { } pointer && JsonPointer.Text(json.Root, pointer) is var type && type != polled.WireType)
        {
            return new PolledArrival(feed, poll, null, null, $"its '{pointer}' says '{type ?? "nothing"}', not '{polled.WireType}'.");
        }
        DecodedEvent decoded = EventDecoder.DecodeCompleted(feed, polled, json.Root, isItem ? poll.Dedupe : [], poll.Cursor.IsCompared ? pass : null);
        return new PolledArrival(feed, poll, decoded, isItem ? json.Root : null, null);
    }

    private static bool IsWanted(PollDefinition poll, Connection connection, JsonElement item)
    {
        try
        {
            return poll.When is not { } condition
                || (condition.Evaluate(new Dictionary<string, JsonElement> { ["settings"] = connection.Settings, ["item"] = item }) is { } value && value.ToJsonString() == "true");
        }
        catch (MappingException)
        {
            // The feed fails on such a record, so it yields none.
            return false;
        }
    }
}
