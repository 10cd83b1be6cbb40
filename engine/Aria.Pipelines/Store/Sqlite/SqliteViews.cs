using Aria.Pipelines.Privacy;

namespace Aria.Pipelines.Store.Sqlite;

/// <summary>Lists for operators.</summary>
internal sealed class SqliteViews(SqliteReaders readers, SqliteContent content) : IOperatorViews
{
    private const string EventSql = """
        SELECT e.id, e.seq, e.connection, COALESCE(d.kind, ''), e.type, e.state, e.code, e.received_ms, e.duplicates, q.id
        FROM event e
        LEFT JOIN delivery d ON d.id = e.delivery_id
        LEFT JOIN event q ON q.seq = e.decoded_from
        WHERE e.tenant = @tenant AND e.env = @env
        """;

    private const string FindSql = $"{EventSql} AND e.id = @id";

    private const string HeadersSql = "SELECT headers_ct FROM event_content WHERE event_seq = @seq";

    private const string DecodedSql = "SELECT id FROM event WHERE tenant = @tenant AND env = @env AND decoded_from = @seq ORDER BY seq";

    internal const string RunsSql = $"{SqliteQueries.SummarySql} AND r.event_seq = @seq ORDER BY r.seq";

    private const string IsLatestSql = """
        NOT EXISTS (SELECT 1 FROM run l WHERE l.event_seq = r.event_seq AND l.pipeline = r.pipeline AND l.replay_no > r.replay_no)
        """;

    // With one MAX the other columns of a group come from the row that has it.
    private const string FailuresSql = $"""
        SELECT r.fingerprint, r.pipeline, r.failed_step, r.code, COUNT(*), MIN(r.ended_ms), MAX(r.ended_ms) AS last,
          (SELECT id FROM run x WHERE x.fingerprint = r.fingerprint AND x.state = 'dead' ORDER BY x.ended_ms DESC, x.seq DESC LIMIT 1)
        FROM run r WHERE r.tenant = @tenant AND r.env = @env AND r.fingerprint IS NOT NULL AND r.state = 'dead' AND {IsLatestSql}
        GROUP BY r.fingerprint ORDER BY last DESC, r.fingerprint LIMIT @max
        """;

    private const string LatestSql = $"{SqliteQueries.SummarySql} AND {IsLatestSql}";

    private const string EffectRunSql = """
        SELECT r.id FROM effect f JOIN run r ON r.event_seq = f.event_seq AND r.pipeline = f.pipeline
        WHERE f.tenant = @tenant AND f.env = @env AND f.id = @id ORDER BY r.replay_no DESC LIMIT 1
        """;

    private static readonly RunState[] Ended = [RunState.Succeeded, RunState.Skipped, RunState.Dead, RunState.Cancelled];

    public Task<IReadOnlyList<EventSummary>> ListEventsAsync(EventQuery query, CancellationToken cancellationToken)
    {
        string sql = EventSql
            + (query.State is null ? string.Empty : " AND e.state = @state")
            + (query.Connection is null ? string.Empty : " AND e.connection = @connection")
            + " ORDER BY e.seq DESC LIMIT @max";
        return readers.RunAsync<IReadOnlyList<EventSummary>>(
            s => s.List(sql, ReadEvent, ("@state", query.State), ("@connection", query.Connection), ("@max", query.Max)), cancellationToken);
    }

    public Task<EventDetail?> FindEventAsync(string eventId, CancellationToken cancellationToken) =>
        readers.RunAsync(s => FindEvent(s, eventId), cancellationToken);

    public Task<IReadOnlyList<FailureGroup>> ListFailuresAsync(int max, CancellationToken cancellationToken) =>
        readers.RunAsync<IReadOnlyList<FailureGroup>>(
            s => s.List(
                FailuresSql,
                row => new FailureGroup(
                    row.Text(0), row.Text(1), row.Text(2), row.TextOrNull(3), row.Number(4), row.Time(5), row.Time(6), row.Text(7)),
                ("@max", max)),
            cancellationToken);

    public Task<IReadOnlyList<RunSummary>> FindLatestRunsAsync(LatestRunQuery query, CancellationToken cancellationToken)
    {
        IReadOnlyList<RunState> states = query.States is { Count: > 0 } given ? given : Ended;
        (string Sql, string Name, object? Value)[] conditions =
        [
            (" AND e.id = @event", "@event", query.EventId),
            (" AND r.pipeline = @pipeline", "@pipeline", query.Pipeline),
            (" AND e.connection = @connection", "@connection", query.Connection),
            (" AND r.code = @code", "@code", query.Code),
            (" AND r.fingerprint = @fingerprint", "@fingerprint", query.Fingerprint),
            (" AND e.received_ms >= @since", "@since", query.Since?.ToUnixTimeMilliseconds()),
            (" AND e.received_ms < @until", "@until", query.Until?.ToUnixTimeMilliseconds()),
        ];
        var restrictions = conditions.Where(c => c.Value is not null).ToArray();
        string sql = LatestSql
            + $" AND r.state IN ({string.Join(", ", states.Select(state => $"'{StateNames.Of(state)}'"))})"
            + string.Concat(restrictions.Select(c => c.Sql))
            + " ORDER BY r.event_seq, r.seq";
        return readers.RunAsync<IReadOnlyList<RunSummary>>(
            s => s.List(sql, SqliteQueries.ReadSummary, [.. restrictions.Select(c => (c.Name, c.Value))]), cancellationToken);
    }

    public Task<string?> FindRunOfEffectAsync(string effectId, CancellationToken cancellationToken) =>
        readers.RunAsync(s => s.Find(EffectRunSql, row => row.Text(0), ("@id", effectId)), cancellationToken);

    private EventDetail? FindEvent(SqliteSession session, string eventId)
    {
        EventSummary? found = session.Find(FindSql, ReadEvent, ("@id", eventId));
        if (found is null)
        {
            return null;
        }
        long sequence = found.Sequence;
        using DataKey key = content.KeyOf(session, sequence);
        StoredEvent stored = SqliteContent.ReadEvent(session, sequence, key);
        return new EventDetail(
            found,
            stored.Subject,
            key.Open(session.Bytes(HeadersSql, ("@seq", sequence))!, "event", eventId, "headers_ct")!,
            stored.Body,
            session.List(DecodedSql, row => row.Text(0), ("@seq", sequence)),
            session.List(RunsSql, SqliteQueries.ReadSummary, ("@seq", sequence)));
    }

    private static EventSummary ReadEvent(SqliteRow row) =>
        new(
            row.Text(0),
            row.Number(1),
            row.Text(2),
            row.Text(3),
            row.Text(4),
            row.Text(5),
            row.TextOrNull(6),
            row.Time(7),
            row.Number(8),
            row.TextOrNull(9));
}
