namespace Aria.Pipelines.Store.Sqlite;

/// <summary>Runs that are made later for events that are stored already.</summary>
internal sealed class SqliteReplays(SqliteContent content, SqliteEvents events, DeliverySealer sealer)
{
    private const string FormerSql = """
        SELECT r.state, r.event_seq, r.pipeline, r.order_key, r.replay_no,
          (SELECT MAX(replay_no) FROM run l WHERE l.event_seq = r.event_seq AND l.pipeline = r.pipeline)
        FROM run r WHERE r.tenant = @tenant AND r.env = @env AND r.id = @run
        """;

    // Refused and planned effects were certainly not processed, and reads change nothing: the new run decides about them anew.
    private const string SupersedeSql = """
        UPDATE effect SET state = 'superseded', code = state
        WHERE event_seq = @seq AND pipeline = @pipeline AND state <> 'superseded'
          AND (state IN ('rejected', 'planned') OR class = 'read' OR (@force = 1 AND state = 'confirmed'))
        """;

    private const string InsertSql = """
        INSERT INTO run (tenant, env, id, event_seq, pipeline, def_hash, replay_no, state, order_key)
        VALUES (@tenant, @env, @id, @seq, @pipeline, @hash, @replay, 'ready', @order)
        """;

    private const string EventSql = "SELECT seq, state, connection FROM event WHERE tenant = @tenant AND env = @env AND id = @id";

    // A contradicting body keeps its key: it must be known when it comes again.
    private const string CloseSql = """
        UPDATE event SET state = 'closed', dedupe_hash = CASE WHEN code = 'id_conflict' THEN dedupe_hash ELSE NULL END WHERE seq = @seq
        """;

    /// <inheritdoc cref="IOperatorActs.ReplayAsync"/>
    public ReplayedRun Replay(SqliteSession session, ReplayOrder order)
    {
        FormerRun? former = session.Find(
            FormerSql,
            row => new FormerRun(row.State<RunState>(0), row.Number(1), row.Text(2), row.Bytes(3), row.Count(4), row.Count(5)),
            ("@run", order.RunId));
        if (OperatorRules.ReplayRefusal(order.RunId, former?.State, former?.Replay == former?.LatestReplay) is { } refusal)
        {
            return new ReplayedRun(order.RunId, null, refusal);
        }
        session.Execute(SupersedeSql, ("@seq", former!.EventSequence), ("@pipeline", former.Pipeline), ("@force", order.Force ? 1 : 0));
        string id = sealer.NewId();
        session.Execute(
            InsertSql,
            ("@id", id),
            ("@seq", former.EventSequence),
            ("@pipeline", former.Pipeline),
            ("@hash", order.DefinitionHash),
            ("@replay", former.Replay + 1),
            ("@order", former.OrderKey));
        SqliteTurns.Settle(session, former.OrderKey);
        Open(session, former.EventSequence);
        return new ReplayedRun(order.RunId, id, null);
    }

    /// <inheritdoc cref="IOperatorActs.StartAsync"/>
    public IReadOnlyList<string> Start(SqliteSession session, string eventId, IReadOnlyList<RunPlan> runs)
    {
        EventRow row = Require(session, eventId, EventStates.Unmatched, EventStates.Quarantined);
        byte[] order = sealer.OrderKey(row.Connection, content.ReadEvent(session, row.Sequence).Subject, eventId);
        Open(session, row.Sequence);
        string[] started = [.. runs.Select(plan => events.InsertRun(session, order, row.Sequence, plan))];
        SqliteTurns.Settle(session, order);
        return started;
    }

    /// <inheritdoc cref="IOperatorActs.ReplaceQuarantinedAsync"/>
    public IReadOnlyList<AcceptedEvent> ReplaceQuarantined(SqliteSession session, string eventId, SealedDelivery decoded)
    {
        EventRow row = Require(session, eventId, EventStates.Quarantined, EventStates.Unmatched);
        session.Execute(CloseSql, ("@seq", row.Sequence));
        return events.Accept(session, decoded with { DecodedFrom = row.Sequence });
    }

    private static void Open(SqliteSession session, long sequence) => session.Execute("UPDATE event SET state = 'open' WHERE seq = @seq", ("@seq", sequence));

    private static EventRow Require(SqliteSession session, string eventId, params ReadOnlySpan<string> states)
    {
        EventRow row = session.Find(EventSql, r => new EventRow(r.Number(0), r.Text(1), r.Text(2)), ("@id", eventId))
            ?? throw OperatorRules.NoEvent(eventId);
        OperatorRules.RequireState(eventId, row.State, states);
        return row;
    }

    private sealed record FormerRun(RunState State, long EventSequence, string Pipeline, byte[] OrderKey, int Replay, int LatestReplay);

    private sealed record EventRow(long Sequence, string State, string Connection);
}
