using System.Security.Cryptography;
using System.Text.Json;
using Aria.Pipelines.Abstractions;
using Aria.Pipelines.Catalog;
using Aria.Pipelines.Connectors;
using Aria.Pipelines.Store;

namespace Aria.Pipelines.Ingress;

/// <summary>Offers stored events to what is in force now: quarantined ones to their connector, unmatched ones to the triggers.</summary>
internal sealed class StoredEvents(IStore store, PipelineCatalog catalog, IWebhookReceiver receiver, DueSignal due)
{
    private const string IdConflict = "id_conflict";

    /// <summary>Decodes a quarantined event again, and accepts what it turns out to be in one commit that also closes it.</summary>
    /// <returns>The events it became; none, with the reason, when it still cannot be decoded and stays as it is.</returns>
    /// <exception cref="OperatorRefusedException">The event is not quarantined.</exception>
    public async Task<Offer> DecodeAsync(string eventId, OperatorAct act, CancellationToken cancellationToken)
    {
        if (await store.Views.FindEventAsync(eventId, cancellationToken).ConfigureAwait(false) is not { } stored)
        {
            throw new OperatorRefusedException($"There is no event '{eventId}'.");
        }
        if (!catalog.Current.Connections.TryGetValue(stored.Event.Connection, out Connection? connection))
        {
            return Offer.Refused($"connection '{stored.Event.Connection}' is not configured any more");
        }
        var delivery = new Delivery("POST", Headers(stored.Headers), new Dictionary<string, IReadOnlyList<string>>(), stored.Body, stored.Event.ReceivedUtc);
        IReadOnlyList<DecodedEvent> decoded = receiver.DecodeAgain(connection, delivery);
        if (decoded.FirstOrDefault(e => e.QuarantineCode is not null) is { } bad)
        {
            return Offer.Refused($"connector '{connection.Connector.Name}' still cannot decode it ({bad.QuarantineCode})");
        }
        IEnumerable<DecodedEvent> released = stored.Event.Code == IdConflict ? decoded.Select(Distinguish) : decoded;
        var acceptance = new Acceptance(
            connection.Id, stored.Event.Kind, stored.Event.ReceivedUtc, stored.Headers, EventIntake.Match(catalog.Current, connection.Id, released));
        IReadOnlyList<AcceptedEvent> accepted = await store.Acts.ReplaceQuarantinedAsync(eventId, acceptance, act, cancellationToken).ConfigureAwait(false);
        due.Raise();
        return new Offer([.. accepted.Select(e => e.Id)], [.. accepted.SelectMany(e => e.RunIds)], null);
    }

    /// <summary>Matches an unmatched event against the triggers in force, and starts the runs of those that take it.</summary>
    /// <exception cref="OperatorRefusedException">The event is not unmatched.</exception>
    public async Task<Offer> MatchAsync(EventSummary unmatched, OperatorAct act, CancellationToken cancellationToken)
    {
        IReadOnlyList<RunPlan> runs = EventIntake.Runs(catalog.Current.StartedBy(unmatched.Connection, unmatched.Type));
        if (runs.Count == 0)
        {
            return Offer.Refused($"no enabled pipeline is started by '{unmatched.Type}' of '{unmatched.Connection}'");
        }
        IReadOnlyList<string> started = await store.Acts.StartAsync(unmatched.Id, runs, act, cancellationToken).ConfigureAwait(false);
        due.Raise();
        return new Offer([unmatched.Id], started, null);
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
