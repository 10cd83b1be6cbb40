using System.Diagnostics;
using System.Text;
using System.Text.Json.Nodes;
using Aria.Pipelines.Abstractions;
using Aria.Pipelines.Catalog;
using Aria.Pipelines.Connectors;
using Aria.Pipelines.Pipelines;
using Aria.Pipelines.Store;
using Aria.Pipelines.Telemetry;
using Microsoft.Extensions.Logging;

namespace Aria.Pipelines.Ingress;

/// <summary>Stores what came in, with the runs it starts, in one durable commit. Nothing is evaluated here but the static match on connection and type.</summary>
internal sealed partial class EventIntake(
    IStore store, PipelineCatalog catalog, ReadCache cache, LoopGuard loops, DueSignal due, TimeProvider time, ILogger<EventIntake> log)
{
    private static readonly HashSet<string> NotKept = new(StringComparer.OrdinalIgnoreCase) { "Authorization", "Proxy-Authorization", "Cookie" };

    /// <summary>Stores a verified delivery.</summary>
    /// <exception cref="StoreUnavailableException">Nothing was stored.</exception>
    public async Task<IReadOnlyList<AcceptedEvent>> AcceptAsync(Connection connection, Delivery delivery, IReadOnlyList<DecodedEvent> events, CancellationToken cancellationToken)
    {
        using Activity? span = EngineTraces.Accept(connection.Id);
        IReadOnlyList<IncomingEvent> incoming = Match(catalog.Current, connection.Id, events);
        IReadOnlyList<AcceptedEvent> accepted = await KeepAsync(
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
        IReadOnlyList<IncomingEvent> incoming = Match(catalog.Current, connection, events);
        IReadOnlyList<AcceptedEvent> accepted = await KeepAsync(
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

    /// <summary>Stores events, those without runs that would only go on with a loop of pipelines.</summary>
    private async Task<IReadOnlyList<AcceptedEvent>> KeepAsync(Acceptance acceptance, CancellationToken cancellationToken)
    {
        string connection = acceptance.Connection;
        int[] hops = [.. acceptance.Events.Select(e => loops.HopsTo(connection, e.Type, e.Subject))];
        if (hops.Any(h => h > LoopGuard.MostHops))
        {
            acceptance = acceptance with { Events = [.. acceptance.Events.Select((e, i) => hops[i] > LoopGuard.MostHops ? e with { Runs = [], QuarantineCode = EventStates.LoopDetected } : e)] };
        }
        IReadOnlyList<AcceptedEvent> accepted = await store.AcceptAsync(acceptance, cancellationToken).ConfigureAwait(false);
        for (int i = 0; i < hops.Length; i++)
        {
            if (hops[i] == 0 || accepted[i].IsDuplicate)
            {
                continue;
            }
            IncomingEvent e = acceptance.Events[i];
            loops.Keep(connection, e.Type, e.Subject, accepted[i].Id, hops[i]);
            if (e.QuarantineCode == EventStates.LoopDetected)
            {
                LogLoop(log, accepted[i].Id, e.Type, connection, hops[i]);
            }
        }
        return accepted;
    }

    private static void Note(Activity? span, string connection, IReadOnlyList<AcceptedEvent> accepted)
    {
        foreach (AcceptedEvent one in accepted)
        {
            string outcome = one.IsDuplicate ? "duplicate" : one.State == EventStates.Quarantined ? "quarantined" : "accepted";
            EngineMetrics.EventReceived(connection, outcome);
            span?.Accepted(one.Id, outcome);
        }
    }

    private static byte[] Headers(Delivery delivery) => JsonScratch.ToBytes(delivery, static (writer, delivery) =>
    {
        writer.WriteStartObject();
        foreach ((string name, IReadOnlyList<string> values) in delivery.Headers)
        {
            if (!NotKept.Contains(name))
            {
                writer.WriteStartArray(name);
                foreach (string value in values)
                {
                    writer.WriteStringValue(value);
                }
                writer.WriteEndArray();
            }
        }
        writer.WriteEndObject();
    });

    [LoggerMessage(EventId = 1005, Level = LogLevel.Warning, Message = "Event {EventId} ({Type}) of {Connection} was stored as quarantined: loop_detected. {Hops} changes of pipelines, each caused by the one before, led to it; end the circle, then 'aria replay {EventId}' goes on with it")]
    private static partial void LogLoop(ILogger log, string eventId, string type, string connection, int hops);
}
