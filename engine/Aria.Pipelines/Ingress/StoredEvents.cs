using System.Security.Cryptography;
using System.Text.Json;
using Aria.Pipelines.Abstractions;
using Aria.Pipelines.Catalog;
using Aria.Pipelines.Connectors;
using Aria.Pipelines.Store;

namespace Aria.Pipelines.Ingress;

/// <summary>Offers stored events to what is in force now: quarantined ones to their connector, unmatched ones and those of a loop to the triggers.</summary>
internal sealed class StoredEvents(IStore store, PipelineCatalog catalog, IWebhookReceiver receiver, DueSignal due)
{
    // Beginning of the type of an event that its connector does not describe.
    private const string Undescribed = "raw.";

    /// <summary>
    /// Decodes a quarantined event again, and accepts what it turns out to be in one commit that also closes it. One of a loop is decoded
    /// already: its runs start, and what they cause counts anew.
    /// </summary>
    /// <returns>The events it became; none, with the reason, when it still cannot be decoded and stays as it is.</returns>
    /// <exception cref="OperatorRefusedException">The event is not quarantined.</exception>
    public async Task<Offer> DecodeAsync(string eventId, OperatorAct act, CancellationToken cancellationToken)
    {
        (EventDetail stored, Connection? connection, IReadOnlyList<DecodedEvent> decoded) = await ReadAsync(eventId, cancellationToken).ConfigureAwait(false);
        if (stored.Event is { State: EventStates.Quarantined, Code: EventStates.LoopDetected })
        {
            return await MatchAsync(stored.Event, act, cancellationToken).ConfigureAwait(false);
        }
        if (connection is null)
        {
            return Offer.Refused($"connection '{stored.Event.Connection}' is not configured any more");
        }
        return decoded.FirstOrDefault(e => e.QuarantineCode is not null) is { } bad
            ? Offer.Refused($"connector '{connection.Connector.Name}' still cannot decode it ({bad.QuarantineCode})")
            : await AcceptAsync(stored, decoded, act, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>
    /// Matches an unmatched event, or one of a loop, against the triggers in force, and starts the runs of those that take it. One of a type that its connector
    /// did not describe then is decoded again when it does now.
    /// </summary>
    /// <exception cref="OperatorRefusedException">The event is neither unmatched nor quarantined.</exception>
    public async Task<Offer> MatchAsync(EventSummary unmatched, OperatorAct act, CancellationToken cancellationToken)
    {
        IReadOnlyList<RunPlan> runs = EventIntake.Runs(catalog.Current.StartedBy(unmatched.Connection, unmatched.Type));
        if (runs.Count > 0)
        {
            IReadOnlyList<string> started = await store.Acts.StartAsync(unmatched.Id, runs, act, cancellationToken).ConfigureAwait(false);
            due.Raise();
            return new Offer([unmatched.Id], started, null);
        }
        if (unmatched.Type.StartsWith(Undescribed, StringComparison.Ordinal))
        {
            (EventDetail stored, _, IReadOnlyList<DecodedEvent> decoded) = await ReadAsync(unmatched.Id, cancellationToken).ConfigureAwait(false);
            if (decoded.Count > 0 && decoded.All(e => e.QuarantineCode is null && !e.Type.StartsWith(Undescribed, StringComparison.Ordinal)))
            {
                return await AcceptAsync(stored, decoded, act, cancellationToken).ConfigureAwait(false);
            }
        }
        return Offer.Refused($"no enabled pipeline is started by '{unmatched.Type}' of '{unmatched.Connection}'");
    }

    private async Task<(EventDetail Stored, Connection? Connection, IReadOnlyList<DecodedEvent> Decoded)> ReadAsync(string eventId, CancellationToken cancellationToken)
    {
        EventDetail stored = await store.Views.FindEventAsync(eventId, cancellationToken).ConfigureAwait(false)
            ?? throw new OperatorRefusedException($"There is no event '{eventId}'.");
        if (!catalog.Current.Connections.TryGetValue(stored.Event.Connection, out Connection? connection))
        {
            return (stored, null, []);
        }
        var delivery = new Delivery("POST", Headers(stored.Headers), new Dictionary<string, IReadOnlyList<string>>(), stored.Body, stored.Event.ReceivedUtc);
        return (stored, connection, receiver.DecodeAgain(connection, delivery));
    }

    private async Task<Offer> AcceptAsync(EventDetail stored, IReadOnlyList<DecodedEvent> decoded, OperatorAct act, CancellationToken cancellationToken)
    {
        IEnumerable<DecodedEvent> released = stored.Event.Code == EventStates.IdConflict ? decoded.Select(Distinguish) : decoded;
        var acceptance = new Acceptance(
            stored.Event.Connection,
            stored.Event.Kind,
            stored.Event.ReceivedUtc,
            stored.Headers,
            EventIntake.Match(catalog.Current, stored.Event.Connection, released));
        IReadOnlyList<AcceptedEvent> accepted = await store.Acts.ReplaceQuarantinedAsync(stored.Event.Id, acceptance, act, cancellationToken).ConfigureAwait(false);
        due.Raise();
        return new Offer([.. accepted.Select(e => e.Id)], [.. accepted.SelectMany(e => e.RunIds)], null);
    }

    /// <summary>A body that came under the id of another one is released under a key of its own.</summary>
    private static DecodedEvent Distinguish(DecodedEvent e) => e with { DedupeKey = [.. e.DedupeKey, .. SHA256.HashData(e.Body)], KeyIsId = false };

    private static Dictionary<string, IReadOnlyList<string>> Headers(byte[] stored)
    {
        using var json = JsonDocument.Parse(stored);
        return json.RootElement.EnumerateObject().ToDictionary(
            h => h.Name, h => (IReadOnlyList<string>)[.. h.Value.EnumerateArray().Select(v => v.GetString() ?? "")], StringComparer.OrdinalIgnoreCase);
    }
}
