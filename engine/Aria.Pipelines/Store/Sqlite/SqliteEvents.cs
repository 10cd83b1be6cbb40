using Aria.Pipelines.Privacy;

namespace Aria.Pipelines.Store.Sqlite;

/// <summary>Acceptance: deliveries, events and their first runs.</summary>
internal sealed class SqliteEvents(ContentKeys keys, DeliverySealer sealer)
{
    private const string InsertEventSql = """
        INSERT INTO event (tenant, env, id, delivery_id, connection, type, subject_hash, dedupe_hash, received_ms, state, code, body_hash, decoded_from)
        VALUES (@tenant, @env, @id, @delivery, @connection, @type, @subjectHash, @dedupe, @received, @state, @code, @bodyHash, @decodedFrom)
        ON CONFLICT (dedupe_hash) DO NOTHING
        RETURNING seq
        """;

    private const string InsertContentSql = """
        INSERT INTO event_content (event_seq, subject_ct, headers_ct, body_ct) VALUES (@seq, @subject, @headers, @body)
        """;

    private const string FindDuplicateSql = """
        SELECT seq, id, state, received_ms, body_hash FROM event
        WHERE tenant = @tenant AND env = @env AND dedupe_hash = @dedupe
        """;

    private const string InsertDeliverySql = """
        INSERT INTO delivery (id, tenant, env, connection, kind, received_ms, events)
        VALUES (@id, @tenant, @env, @connection, @kind, @received, @events)
        """;

    private const string InsertKeySql = """
        INSERT INTO data_key (event_seq, wrapped, kek_version) VALUES (@seq, @wrapped, @version)
        """;

    private const string InsertCorrelationSql = """
        INSERT INTO correlation (key_hash, event_seq) VALUES (@hash, @seq) ON CONFLICT (key_hash, event_seq) DO NOTHING
        """;

    private const string InsertRunSql = """
        INSERT INTO run (tenant, env, id, event_seq, pipeline, def_hash, state, order_key, turn)
        VALUES (@tenant, @env, @id, @seq, @pipeline, @hash, 'ready', @order,
          CASE WHEN EXISTS (SELECT 1 FROM run WHERE order_key = @order AND turn = 1) THEN 0 ELSE 1 END)
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

    /// <summary>Makes the first run of a pipeline for a stored event.</summary>
    public string InsertRun(SqliteSession session, byte[] orderKey, long sequence, RunPlan plan)
    {
        string id = sealer.NewId();
        session.Execute(
            InsertRunSql, ("@id", id), ("@seq", sequence), ("@pipeline", plan.Pipeline), ("@hash", plan.DefinitionHash), ("@order", orderKey));
        return id;
    }

    private AcceptedEvent Accept(SqliteSession session, SealedDelivery delivery, SealedEvent e)
    {
        var row = new EventRow(e.FirstState, e.Source.QuarantineCode, e.DedupeHash);
        if (Insert(session, delivery, e, row) is long fresh)
        {
            return Complete(session, delivery, e, fresh, row);
        }
        DuplicateRow first = FindDuplicate(session, row);
        if (first.Received < delivery.Acceptance.ReceivedUtc - DeliverySealer.DedupeWindow)
        {
            session.Execute("UPDATE event SET dedupe_hash = NULL WHERE seq = @seq", ("@seq", first.Sequence));
            row = row with { Code = row.Code ?? EventStates.LateReplay };
            return Complete(session, delivery, e, Insert(session, delivery, e, row)!.Value, row);
        }
        if (e.Source.KeyIsId && first.BodyHash is { } known && !known.AsSpan().SequenceEqual(e.BodyHash))
        {
            return Contradict(session, delivery, e);
        }
        return Again(session, first);
    }

    /// <summary>Keeps a body that came under the id of another one; the same body again is a duplicate of it.</summary>
    private AcceptedEvent Contradict(SqliteSession session, SealedDelivery delivery, SealedEvent e)
    {
        var row = new EventRow(EventStates.Quarantined, EventStates.IdConflict, sealer.ContradictionKey(delivery, e));
        return Insert(session, delivery, e, row) is long fresh
            ? Complete(session, delivery, e, fresh, row)
            : Again(session, FindDuplicate(session, row));
    }

    private static AcceptedEvent Again(SqliteSession session, DuplicateRow first)
    {
        session.Execute("UPDATE event SET duplicates = duplicates + 1 WHERE seq = @seq", ("@seq", first.Sequence));
        return new AcceptedEvent(first.Id, first.Sequence, IsDuplicate: true, first.State, []);
    }

    private AcceptedEvent Complete(SqliteSession session, SealedDelivery delivery, SealedEvent e, long sequence, EventRow row)
    {
        session.Execute(InsertContentSql, ("@seq", sequence), ("@subject", e.Subject), ("@headers", e.Headers), ("@body", e.Body));
        session.Execute(InsertKeySql, ("@seq", sequence), ("@wrapped", e.WrappedKey), ("@version", keys.MasterKeyVersion));
        if (row.State == EventStates.Quarantined)
        {
            return new AcceptedEvent(e.Id, sequence, IsDuplicate: false, row.State, [], row.Code);
        }
        foreach (byte[] hash in e.KeyHashes)
        {
            session.Execute(InsertCorrelationSql, ("@hash", hash), ("@seq", sequence));
        }
        string[] runs = [.. e.Source.Runs.Select(plan => InsertRun(session, e.OrderKey, sequence, plan))];
        if (SqliteWaits.Offer(session, sequence, delivery.Acceptance.Connection, e.Source.Type, e.KeyHashes) && runs.Length == 0)
        {
            session.Execute("UPDATE event SET state = 'closed' WHERE seq = @seq", ("@seq", sequence));
            return new AcceptedEvent(e.Id, sequence, IsDuplicate: false, EventStates.Closed, runs);
        }
        return new AcceptedEvent(e.Id, sequence, IsDuplicate: false, row.State, runs);
    }

    private static long? Insert(SqliteSession session, SealedDelivery delivery, SealedEvent e, EventRow row) =>
        session.Number(
            InsertEventSql,
            ("@id", e.Id),
            ("@delivery", delivery.Id),
            ("@connection", delivery.Acceptance.Connection),
            ("@type", row.Code == EventStates.IdConflict ? string.Empty : e.Source.Type),
            ("@subjectHash", e.SubjectHash),
            ("@dedupe", row.DedupeHash),
            ("@received", delivery.Acceptance.ReceivedUtc.ToUnixTimeMilliseconds()),
            ("@state", row.State),
            ("@code", row.Code),
            ("@bodyHash", e.BodyHash),
            ("@decodedFrom", delivery.DecodedFrom));

    private static DuplicateRow FindDuplicate(SqliteSession session, EventRow row) =>
        session.Find(
            FindDuplicateSql,
            found => new DuplicateRow(found.Number(0), found.Text(1), found.Text(2), found.Time(3), found.BytesOrNull(4)),
            ("@dedupe", row.DedupeHash))!;

    /// <summary>What depends on what was stored before.</summary>
    private sealed record EventRow(string State, string? Code, byte[] DedupeHash);

    private sealed record DuplicateRow(long Sequence, string Id, string State, DateTimeOffset Received, byte[]? BodyHash);
}
