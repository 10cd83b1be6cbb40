using Aria.Pipelines.Privacy;

namespace Aria.Pipelines.Store.Sqlite;

/// <summary>Acceptance: deliveries, events and their first runs.</summary>
internal sealed class SqliteEvents(ContentKeys keys, TimeProvider time)
{
    private const string InsertEventSql = """
        INSERT INTO event (tenant, env, id, delivery_id, connection, type, subject_hash, dedupe_hash, subject_ct, headers_ct, body_ct, received_ms, state, code)
        VALUES (@tenant, @env, @id, @delivery, @connection, @type, @subjectHash, @dedupe, @subject, @headers, @body, @received, @state, @code)
        ON CONFLICT (tenant, env, connection, dedupe_hash) DO NOTHING
        RETURNING seq
        """;

    private const string FindDuplicateSql = """
        SELECT seq, id, state, received_ms FROM event
        WHERE tenant = @tenant AND env = @env AND connection = @connection AND dedupe_hash = @dedupe
        """;

    private const string InsertDeliverySql = """
        INSERT INTO delivery (tenant, env, id, connection, kind, received_ms, events)
        VALUES (@tenant, @env, @id, @connection, @kind, @received, @events)
        """;

    private const string InsertKeySql = """
        INSERT INTO data_key (tenant, env, event_seq, wrapped, kek_version) VALUES (@tenant, @env, @seq, @wrapped, @version)
        """;

    private const string InsertCorrelationSql = """
        INSERT INTO correlation (tenant, env, connection, key_hash, event_seq) VALUES (@tenant, @env, @connection, @hash, @seq)
        ON CONFLICT (tenant, env, connection, key_hash, event_seq) DO NOTHING
        """;

    private const string InsertRunSql = """
        INSERT INTO run (tenant, env, id, event_seq, pipeline, def_hash, state, order_key, turn)
        VALUES (@tenant, @env, @id, @seq, @pipeline, @hash, 'ready', @order,
          CASE WHEN EXISTS (SELECT 1 FROM run WHERE tenant = @tenant AND env = @env AND order_key = @order AND turn = 1) THEN 0 ELSE 1 END)
        """;

    /// <summary>Stores a sealed delivery; one part of the writer's commit.</summary>
    public IReadOnlyList<AcceptedEvent> Accept(SqliteSession session, SealedDelivery delivery)
    {
        AcceptedEvent[] accepted = [.. delivery.Events.Select(e => Accept(session, delivery, e))];
        int stored = accepted.Count(e => !e.IsDuplicate);
        if (stored > 0 || accepted.Length == 0)
        {
            Acceptance source = delivery.Acceptance;
            session.Execute(
                InsertDeliverySql,
                ("@id", delivery.Id),
                ("@connection", source.Connection),
                ("@kind", source.Kind),
                ("@received", source.ReceivedUtc.ToUnixTimeMilliseconds()),
                ("@events", stored));
        }
        return accepted;
    }

    private AcceptedEvent Accept(SqliteSession session, SealedDelivery delivery, SealedEvent e)
    {
        string state = e.FirstState;
        long? inserted = Insert(session, delivery, e, state);
        if (inserted is null)
        {
            DuplicateRow first = FindDuplicate(session, delivery, e);
            if (first.Received >= delivery.Acceptance.ReceivedUtc - DeliverySealer.DedupeWindow)
            {
                session.Execute("UPDATE event SET duplicates = duplicates + 1 WHERE seq = @seq", ("@seq", first.Sequence));
                return new AcceptedEvent(first.Id, first.Sequence, IsDuplicate: true, first.State, []);
            }
            session.Execute("UPDATE event SET dedupe_hash = NULL WHERE seq = @seq", ("@seq", first.Sequence));
            inserted = Insert(session, delivery, e, state);
        }
        long sequence = inserted!.Value;
        session.Execute(InsertKeySql, ("@seq", sequence), ("@wrapped", e.WrappedKey), ("@version", keys.MasterKeyVersion));
        foreach (byte[] hash in e.KeyHashes)
        {
            session.Execute(InsertCorrelationSql, ("@connection", delivery.Acceptance.Connection), ("@hash", hash), ("@seq", sequence));
        }
        string[] runs = [.. e.Source.Runs.Select(plan => InsertRun(session, e, sequence, plan))];
        if (e.Source.QuarantineCode is null && SqliteWaits.Offer(session, sequence, delivery.Acceptance.Connection, e.Source.Type, e.KeyHashes) && runs.Length == 0)
        {
            state = EventStates.Closed;
            session.Execute("UPDATE event SET state = 'closed' WHERE seq = @seq", ("@seq", sequence));
        }
        return new AcceptedEvent(e.Id, sequence, IsDuplicate: false, state, runs);
    }

    private static long? Insert(SqliteSession session, SealedDelivery delivery, SealedEvent e, string state) =>
        session.Number(
            InsertEventSql,
            ("@id", e.Id),
            ("@delivery", delivery.Id),
            ("@connection", delivery.Acceptance.Connection),
            ("@type", e.Source.Type),
            ("@subjectHash", e.SubjectHash),
            ("@dedupe", e.DedupeHash),
            ("@subject", e.Subject),
            ("@headers", e.Headers),
            ("@body", e.Body),
            ("@received", delivery.Acceptance.ReceivedUtc.ToUnixTimeMilliseconds()),
            ("@state", state),
            ("@code", e.Source.QuarantineCode));

    private static DuplicateRow FindDuplicate(SqliteSession session, SealedDelivery delivery, SealedEvent e) =>
        session.Find(
            FindDuplicateSql,
            row => new DuplicateRow(row.GetInt64(0), row.GetString(1), row.GetString(2), row.Time(3)),
            ("@connection", delivery.Acceptance.Connection),
            ("@dedupe", e.DedupeHash))!;

    private string InsertRun(SqliteSession session, SealedEvent e, long sequence, RunPlan plan)
    {
        string id = RecordId.New(time.GetUtcNow());
        session.Execute(
            InsertRunSql, ("@id", id), ("@seq", sequence), ("@pipeline", plan.Pipeline), ("@hash", plan.DefinitionHash), ("@order", e.OrderKey));
        return id;
    }

    private sealed record DuplicateRow(long Sequence, string Id, string State, DateTimeOffset Received);
}
