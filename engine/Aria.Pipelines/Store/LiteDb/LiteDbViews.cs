using Aria.Pipelines.Privacy;
using LiteDB;

namespace Aria.Pipelines.Store.LiteDb;

/// <summary>Lists for operators.</summary>
internal sealed class LiteDbViews(GroupWriter<LiteDbSession> writer, LiteDbContent content) : IOperatorViews
{
    private static readonly RunState[] Ended = [RunState.Succeeded, RunState.Skipped, RunState.Dead, RunState.Cancelled];

    public Task<IReadOnlyList<EventSummary>> ListEventsAsync(EventQuery query, CancellationToken cancellationToken)
    {
        var selection = new Selection(e => query.Connection is null || e.Text("connection") == query.Connection, query.Max, NewestFirst: true);
        return writer.RunAsync<IReadOnlyList<EventSummary>>(
            s => (query.State is null ? s.Range(Records.Event, "_id", 0L, long.MaxValue, selection) : s.Under(Records.Event, query.State + '|', "by_state", selection))
                .ConvertAll(e => Summary(s, e)),
            cancellationToken);
    }

    public Task<EventDetail?> FindEventAsync(string eventId, CancellationToken cancellationToken) =>
        writer.RunAsync(s => LiteDbEvents.Find(s, eventId) is BsonDocument e ? Detail(s, e) : null, cancellationToken);

    public Task<IReadOnlyList<FailureGroup>> ListFailuresAsync(int max, CancellationToken cancellationToken) =>
        writer.RunAsync<IReadOnlyList<FailureGroup>>(
            s =>
            [
                .. s.Under(Records.Run, StateNames.Of(RunState.Dead) + '|', "by_state", new Selection(run => run.TextOrNull("fingerprint") is not null))
                    .Where(run => IsLatest(s, run))
                    .GroupBy(run => run.Text("fingerprint"), StringComparer.Ordinal)
                    .Select(Group)
                    .OrderByDescending(group => group.LastUtc)
                    .ThenBy(group => group.Fingerprint, StringComparer.Ordinal)
                    .Take(max),
            ],
            cancellationToken);

    public Task<IReadOnlyList<RunSummary>> FindLatestRunsAsync(LatestRunQuery query, CancellationToken cancellationToken)
    {
        IReadOnlyList<RunState> states = query.States is { Count: > 0 } given ? given : Ended;
        return writer.RunAsync<IReadOnlyList<RunSummary>>(
            s =>
            [
                .. Candidates(s, query, states)
                    .Where(run => Fits(run, query) && IsLatest(s, run))
                    .Select(run => (Run: run, Event: LiteDbContent.EventOf(s, run.Number("event"))))
                    .Where(pair => Fits(pair.Event, pair.Event.Time("received"), query))
                    .OrderBy(pair => pair.Run.Number("event"))
                    .ThenBy(pair => pair.Run.Number("_id"))
                    .Select(pair => LiteDbQueries.Summary(pair.Run, pair.Event)),
            ],
            cancellationToken);
    }

    public Task<string?> FindRunOfEffectAsync(string effectId, CancellationToken cancellationToken) =>
        writer.RunAsync(
            s => LiteDbEffects.Find(s, effectId) is BsonDocument effect ? LiteDbRuns.Latest(s, effect.Number("event"), effect.Text("pipeline")).Text("id") : null,
            cancellationToken);

    private static IEnumerable<BsonDocument> Candidates(LiteDbSession session, LatestRunQuery query, IReadOnlyList<RunState> states)
    {
        if (query.EventId is null)
        {
            return states.SelectMany(state => session.Under(Records.Run, StateNames.Of(state) + '|', "by_state"));
        }
        return LiteDbEvents.Find(session, query.EventId) is BsonDocument e
            ? LiteDbRuns.OfEvent(session, e.Number("_id")).Where(run => states.Contains(run.State<RunState>()))
            : [];
    }

    private static bool Fits(BsonDocument run, LatestRunQuery query) =>
        (query.Pipeline is null || run.Text("pipeline") == query.Pipeline)
        && (query.Code is null || run.TextOrNull("code") == query.Code)
        && (query.Fingerprint is null || run.TextOrNull("fingerprint") == query.Fingerprint);

    private static bool Fits(BsonDocument e, DateTimeOffset received, LatestRunQuery query) =>
        (query.Connection is null || e.Text("connection") == query.Connection)
        && (query.Since is null || received >= query.Since)
        && (query.Until is null || received < query.Until);

    private static bool IsLatest(LiteDbSession session, BsonDocument run) =>
        LiteDbRuns.Latest(session, run.Number("event"), run.Text("pipeline")).Number("_id") == run.Number("_id");

    private static FailureGroup Group(IGrouping<string, BsonDocument> group)
    {
        BsonDocument last = group.OrderBy(run => run.Number("ended")).ThenBy(run => run.Number("_id")).Last();
        return new FailureGroup(
            group.Key,
            last.Text("pipeline"),
            last.Text("failed_step"),
            last.TextOrNull("code"),
            group.Count(),
            DateTimeOffset.FromUnixTimeMilliseconds(group.Min(run => run.Number("ended"))),
            last.Time("ended"),
            last.Text("id"));
    }

    private EventDetail Detail(LiteDbSession session, BsonDocument e)
    {
        long sequence = e.Number("_id");
        using DataKey key = content.KeyOf(session, sequence);
        StoredEvent stored = LiteDbContent.ReadEvent(session, e, key);
        return new EventDetail(
            Summary(session, e),
            stored.Subject,
            key.Open(session.Find(Records.Content, sequence)!.Bytes("headers"), "event", stored.Id, "headers_ct")!,
            stored.Body,
            session.Range(Records.Event, "decoded_from", sequence, sequence).OrderBy(other => other.Number("_id")).Select(other => other.Text("id")).ToList(),
            [.. LiteDbRuns.OfEvent(session, sequence).Select(run => LiteDbQueries.Summary(run, e))]);
    }

    private static EventSummary Summary(LiteDbSession session, BsonDocument e) =>
        new(
            e.Text("id"),
            e.Number("_id"),
            e.Text("connection"),
            session.Find(Records.Delivery, e["delivery"])?.Text("kind") ?? string.Empty,
            e.Text("type"),
            e.Text("state"),
            e.TextOrNull("code"),
            e.Time("received"),
            e.Number("duplicates"),
            e.NumberOrNull("decoded_from") is long from ? LiteDbContent.EventOf(session, from).Text("id") : null);
}
