using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Aria.Pipelines.Abstractions;
using Aria.Pipelines.Connectors;
using Aria.Pipelines.Definitions;
using Aria.Pipelines.Ingress;
using Aria.Pipelines.Pipelines;
using Aria.Pipelines.Store;
using Microsoft.Extensions.DependencyInjection;

namespace Aria.Pipelines.Testing;

/// <summary>
/// The events of a case, taken in as the host takes them: a delivery, a record of a source that is asked, a person's request, or a time
/// that has come. What cannot come is a problem of the case.
/// </summary>
internal sealed class CaseArrivals(Pipeline pipeline, ServiceProvider services, List<string> problems)
{
    private static readonly Dictionary<string, IReadOnlyList<string>> Nothing = [];
    // A feed that compares makes no second event of the same: to a case it ends as a delivery that comes twice.
    private static readonly AcceptedEvent NoNews = new("no-news", 0, IsDuplicate: true, "duplicate", []);
    private readonly EventIntake _intake = services.GetRequiredService<EventIntake>();
    private readonly CaseClock _clock = services.GetRequiredService<CaseClock>();
    private long _passes;

    /// <summary>Takes in a delivery, a record or a person's request.</summary>
    /// <returns>The event that started a run, or the first one; null when nothing came.</returns>
    public async Task<AcceptedEvent?> AcceptAsync(CaseEvent source, CancellationToken cancellationToken)
    {
        if (source.Manual is { } subject)
        {
            if (pipeline.Manual is { } manual)
            {
                return await _intake.SendAsync(pipeline, manual, subject, cancellationToken).ConfigureAwait(false);
            }
            problems.Add($"Pipeline '{pipeline.Id}' has no manual trigger.");
            return null;
        }
        if (!pipeline.Connections.TryGetValue(source.Alias, out Connection? connection))
        {
            problems.Add(CaseProblem.UnknownAlias(pipeline, source.Alias, source.AliasPosition));
            return null;
        }
        if (Body(source, connection) is not { } body || !TryFindPolled(source, connection, out ConnectorEvent? polled))
        {
            return null;
        }
        return polled is null
            ? await DeliverAsync(source, connection, body, cancellationToken).ConfigureAwait(false)
            : await FindAsync(source, connection, polled, body, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>When the schedule of an event comes next, from now on; null, and a problem, when the pipeline does not have it.</summary>
    public (ScheduleTrigger Schedule, DateTimeOffset Due)? Due(CaseEvent source)
    {
        string words = source.Schedule!.Name;
        if (pipeline.Schedules.FirstOrDefault(s => s.IsCalled(words, JsonCursor.ParseDuration(words))) is not { } schedule)
        {
            problems.Add(pipeline.Schedules.Count == 0
                ? $"Pipeline '{pipeline.Id}' has no schedule."
                : $"Pipeline '{pipeline.Id}' has no schedule '{words}'. {Suggestion.For(words, [.. pipeline.Schedules.Select(s => s.Name)])}");
            return null;
        }
        // A time that is now has come.
        return schedule.Next(_clock.GetUtcNow().AddTicks(-1)) is { } due ? (schedule, due) : null;
    }

    /// <summary>Starts the pipeline because its time has come.</summary>
    public Task<AcceptedEvent> FireAsync(ScheduleTrigger schedule, DateTimeOffset due, int missed, CancellationToken cancellationToken) =>
        _intake.FireAsync(pipeline, ScheduledEvent.Of(pipeline, schedule, due, missed), ScheduledEvent.Move(pipeline, schedule, due), cancellationToken);

    private async Task<AcceptedEvent?> DeliverAsync(CaseEvent source, Connection connection, byte[] body, CancellationToken cancellationToken)
    {
        var delivery = new Delivery("POST", Nothing, Nothing, body, _clock.GetUtcNow());
        IReadOnlyList<DecodedEvent> events = services.GetRequiredService<IWebhookReceiver>().Decode(connection, delivery).Events;
        if (events.Count == 0)
        {
            problems.Add($"The delivery from '{source.Alias}' holds no event.");
            return null;
        }
        IReadOnlyList<AcceptedEvent> accepted = await _intake.AcceptAsync(connection, delivery, events, cancellationToken).ConfigureAwait(false);
        return accepted.FirstOrDefault(a => a.RunIds.Count > 0) ?? accepted[0];
    }

    /// <summary>Takes in a record as a pass of its feed does, completed already: what is the same as before is no news.</summary>
    private async Task<AcceptedEvent?> FindAsync(CaseEvent source, Connection connection, ConnectorEvent polled, byte[] body, CancellationToken cancellationToken)
    {
        PolledArrival arrival = PolledArrival.Of(connection, polled, body, ++_passes);
        if (arrival.Refusal is { } refusal)
        {
            problems.Add($"The record at line {Line(source)} is no event '{polled.Type}' of '{source.Alias}': {refusal}");
            return null;
        }
        string cursor = arrival.Feed.Type;
        PollDefinition poll = arrival.Poll;
        IReadOnlyList<PolledRecord> records = arrival.Item is { } item && poll.Cursor is PollCursor.Diff ? PollProgress.Remembered(poll, [item])! : [];
        IReadOnlyList<RecordChange> changes = records.Count == 0
            ? [RecordChange.New]
            : await services.GetRequiredService<IStore>().Cursors.CompareAsync(connection.Id, cursor, records, cancellationToken).ConfigureAwait(false);
        // A record that no moment of the case brought before is taken as the feed needs it: it may be new or have changed.
        bool isNews = changes[0] != RecordChange.Same && (changes[0] == RecordChange.New || poll.Cursor is not PollCursor.Diff { Emit: DiffEmit.New });
        var move = new CursorMove(cursor, new PollPosition { Pass = _passes }.ToBytes(), records);
        IReadOnlyList<AcceptedEvent> accepted = await _intake.AcceptAsync(connection.Id, "poll", isNews ? [arrival.Event!] : [], move, cancellationToken).ConfigureAwait(false);
        return accepted.Count > 0 ? accepted[0] : NoNews;
    }

    /// <summary>The event that a record is of; null for a delivery.</summary>
    private bool TryFindPolled(CaseEvent source, Connection connection, out ConnectorEvent? polled)
    {
        IReadOnlyDictionary<string, ConnectorEvent> events = connection.Connector.Events;
        polled = null;
        if ((source.Polled ?? source.Sample) is { } named)
        {
            polled = events.TryGetValue(named.Name, out ConnectorEvent? found) && !found.IsPushedTo(connection) ? found : null;
            if (polled is null && source.Polled is not null)
            {
                problems.Add($"'{named.Name}' is no event for which '{source.Alias}' is asked. {Suggestion.For(named.Name, [.. events.Values.Where(e => !e.IsPushedTo(connection)).Select(e => e.Type)])}");
                return false;
            }
        }
        else if (connection.Connector.Webhook is null || (events.Count > 0 && !events.Values.Any(e => e.IsPushedTo(connection))))
        {
            ConnectorEvent[] all = [.. events.Values.Where(e => !e.IsPushedTo(connection))];
            if (all.Length != 1)
            {
                problems.Add($"'{source.Alias}' sends nothing, it is asked. Say which event the record at line {Line(source)} is of: \"polled\": one of {string.Join(", ", all.Select(e => e.Type).Order(StringComparer.Ordinal))}.");
                return false;
            }
            polled = all[0];
        }
        return true;
    }

    private byte[]? Body(CaseEvent source, Connection connection)
    {
        byte[]? body = source.Body;
        if (source.Sample is { } type)
        {
            IReadOnlyDictionary<string, ConnectorEvent> events = connection.Connector.Events;
            body = events.TryGetValue(type.Name, out ConnectorEvent? sampled) && sampled.Samples.Count > 0 ? sampled.Samples[0].Body : null;
            if (body is null)
            {
                problems.Add($"{CaseProblem.Place(type.Position)}Connector '{connection.Connector.Name}' has no sample of an event '{type.Name}'. {Suggestion.For(type.Name, [.. events.Where(e => e.Value.Samples.Count > 0).Select(e => e.Key)])}");
                return null;
            }
        }
        return source.Merge is { } merge ? Merged(body!, merge, source) : body;
    }

    private byte[]? Merged(byte[] body, JsonElement merge, CaseEvent source)
    {
        try
        {
            return ConnectorJson.ToBytes(MergePatch.Apply(JsonNode.Parse(body), merge));
        }
        catch (JsonException e)
        {
            problems.Add($"The event at line {Line(source)} is not JSON, so nothing can be merged into it: {e.Message}");
            return null;
        }
    }

    private static string Line(CaseEvent source) => source.Position.Line?.ToString(CultureInfo.InvariantCulture) ?? "?";
}
