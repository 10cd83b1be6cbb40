using System.Diagnostics;
using System.Text;
using System.Text.Json.Nodes;
using Aria.Pipelines.Abstractions;
using Aria.Pipelines.Catalog;
using Aria.Pipelines.Connectors;
using Aria.Pipelines.Pipelines;
using Aria.Pipelines.Store;
using Aria.Pipelines.Telemetry;

namespace Aria.Pipelines.Ingress;

/// <summary>Stores what came in, with the runs it starts, in one durable commit. Nothing is evaluated here but the static match on connection and type.</summary>
internal sealed class EventIntake(IStore store, PipelineCatalog catalog, ReadCache cache, DueSignal due, TimeProvider time)
{
    private static readonly HashSet<string> NotKept = new(StringComparer.OrdinalIgnoreCase) { "Authorization", "Proxy-Authorization", "Cookie" };

    /// <summary>Stores a verified delivery.</summary>
    /// <exception cref="StoreUnavailableException">Nothing was stored.</exception>
    public async Task<IReadOnlyList<AcceptedEvent>> AcceptAsync(Connection connection, Delivery delivery, IReadOnlyList<DecodedEvent> events, CancellationToken cancellationToken)
    {
        using Activity? span = EngineTraces.Accept(connection.Id);
        IReadOnlyList<IncomingEvent> incoming = Match(catalog.Current, connection.Id, events);
        IReadOnlyList<AcceptedEvent> accepted = await store.AcceptAsync(
            new Acceptance(connection.Id, "webhook", delivery.ReceivedUtc, Headers(delivery), incoming), cancellationToken).ConfigureAwait(false);
        foreach (DecodedEvent decoded in events.Where(e => e.QuarantineCode is null))
        {
            cache.Drop(connection.Id, decoded.Subject);
        }
        due.Raise();
        Note(span, connection.Id, accepted);
        return accepted;
    }

    /// <summary>Stores what a feed yielded and moves its cursor, in one commit.</summary>
    /// <param name="connection">The account.</param>
    /// <param name="kind"><c>poll</c> or <c>schedule</c>.</param>
    /// <param name="events">Its events; empty when only the cursor moves.</param>
    /// <param name="cursor">Where reading stands then.</param>
    /// <param name="cancellationToken">Gives up before anything is stored.</param>
    /// <exception cref="StoreUnavailableException">Nothing was stored.</exception>
    public async Task<IReadOnlyList<AcceptedEvent>> AcceptAsync(
        string connection, string kind, IReadOnlyList<DecodedEvent> events, CursorMove cursor, CancellationToken cancellationToken)
    {
        CatalogSnapshot snapshot = catalog.Current;
        IncomingEvent[] incoming = [.. events.Select(e => new IncomingEvent(
            e.Type, e.Subject, e.DedupeKey, e.Body, e.Correlation, Runs(snapshot.StartedBy(connection, e.Type)), e.QuarantineCode))];
        IReadOnlyList<AcceptedEvent> accepted = await store.AcceptAsync(
            new Acceptance(connection, kind, time.GetUtcNow(), "{}"u8.ToArray(), incoming) { Cursor = cursor }, cancellationToken).ConfigureAwait(false);
        foreach (DecodedEvent decoded in events.Where(e => e.QuarantineCode is null))
        {
            cache.Drop(connection, decoded.Subject);
        }
        if (events.Count > 0)
        {
            due.Raise();
        }
        return accepted;
    }

    /// <summary>Starts one pipeline because its time has come, and keeps that in the same commit.</summary>
    /// <exception cref="StoreUnavailableException">Nothing was stored.</exception>
    public async Task<AcceptedEvent> FireAsync(Pipeline pipeline, DecodedEvent fired, CursorMove cursor, CancellationToken cancellationToken)
    {
        var incoming = new IncomingEvent(fired.Type, fired.Subject, fired.DedupeKey, fired.Body, [], Runs([pipeline]), null);
        IReadOnlyList<AcceptedEvent> accepted = await store.AcceptAsync(
            new Acceptance(ScheduleTrigger.ConnectionId, "schedule", time.GetUtcNow(), "{}"u8.ToArray(), [incoming]) { Cursor = cursor }, cancellationToken).ConfigureAwait(false);
        due.Raise();
        return accepted[0];
    }

    /// <summary>Starts one pipeline for one subject because a person asked for it. Asking again within the same minute is the same event.</summary>
    /// <exception cref="StoreUnavailableException">Nothing was stored.</exception>
    public async Task<AcceptedEvent> SendAsync(Pipeline pipeline, ManualTrigger manual, string subject, CancellationToken cancellationToken)
    {
        using Activity? span = EngineTraces.Accept(manual.Connection.Id);
        DateTimeOffset now = time.GetUtcNow();
        byte[] body = Encoding.UTF8.GetBytes(new JsonObject { ["subject"] = subject }.ToJsonString());
        string noun = manual.IdMember[..^"_id".Length];
        var sent = new IncomingEvent(
            ManualTrigger.EventType,
            $"{noun}:{subject}",
            Encoding.UTF8.GetBytes($"manual\n{pipeline.Id}\n{subject}\n{now:yyyy-MM-ddTHH:mm}"),
            body,
            [],
            Runs([pipeline]),
            null);
        IReadOnlyList<AcceptedEvent> accepted = await store.AcceptAsync(
            new Acceptance(manual.Connection.Id, "manual", now, "{}"u8.ToArray(), [sent]), cancellationToken).ConfigureAwait(false);
        due.Raise();
        Note(span, manual.Connection.Id, accepted);
        return accepted[0];
    }

    /// <summary>Decoded events with the runs they start now.</summary>
    internal static IReadOnlyList<IncomingEvent> Match(CatalogSnapshot snapshot, string connection, IEnumerable<DecodedEvent> events) =>
    [
        .. events.Select(e => new IncomingEvent(
            e.Type, e.Subject, e.DedupeKey, e.Body, e.Correlation, Runs(snapshot.StartedBy(connection, e.Type)), e.QuarantineCode, e.KeyIsId)),
    ];

    internal static IReadOnlyList<RunPlan> Runs(IEnumerable<Pipeline> pipelines) => [.. pipelines.Select(p => new RunPlan(p.Id, p.Hash))];

    private static void Note(Activity? span, string connection, IReadOnlyList<AcceptedEvent> accepted)
    {
        foreach (AcceptedEvent one in accepted)
        {
            string outcome = one.IsDuplicate ? "duplicate" : one.State == EventStates.Quarantined ? "quarantined" : "accepted";
            EngineMetrics.EventReceived(connection, outcome);
            span?.Accepted(one.Id, outcome);
        }
    }

    private static byte[] Headers(Delivery delivery)
    {
        var headers = new JsonObject();
        foreach ((string name, IReadOnlyList<string> values) in delivery.Headers.Where(h => !NotKept.Contains(h.Key)))
        {
            headers[name] = new JsonArray([.. values.Select(v => (JsonNode)JsonValue.Create(v))]);
        }
        return Encoding.UTF8.GetBytes(headers.ToJsonString());
    }
}
