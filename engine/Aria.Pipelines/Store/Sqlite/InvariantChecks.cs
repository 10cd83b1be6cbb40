namespace Aria.Pipelines.Store.Sqlite;

/// <summary>The invariants as questions to the file: each gives one line of text for each contradiction.</summary>
internal static class InvariantChecks
{
    private const string OpenStates = "'ready', 'leased', 'waiting', 'needs_review'";

    /// <summary>I1 to I8. I9 is not a question to rows: see <see cref="SqliteAudit.Verify"/>.</summary>
    public static IReadOnlyList<InvariantCheck> All { get; } =
    [
        new("I1", InvariantFinding.PromiseOf("I1"), Recorded),
        new("I2", InvariantFinding.PromiseOf("I2"), Conserved),
        new("I3", InvariantFinding.PromiseOf("I3"), Reviewed),
        new("I4", InvariantFinding.PromiseOf("I4"), OneAttempt),
        new("I5", InvariantFinding.PromiseOf("I5"), SameRequest),
        new("I6", InvariantFinding.PromiseOf("I6"), InOrder),
        new("I7", InvariantFinding.PromiseOf("I7"), Defined),
        new("I8", InvariantFinding.PromiseOf("I8"), Keyed),
    ];

    private const string Recorded = """
        SELECT 'delivery ' || d.id || ': ' || d.events || ' events were accepted and ' || COALESCE(e.recorded, 0) || ' are recorded'
        FROM delivery d LEFT JOIN (SELECT delivery_id, COUNT(*) AS recorded FROM event WHERE tenant = @tenant AND env = @env GROUP BY delivery_id) e
          ON e.delivery_id = d.id
        WHERE d.tenant = @tenant AND d.env = @env AND COALESCE(e.recorded, 0) <> d.events
        UNION ALL SELECT 'event ' || e.id || ': its content is missing' FROM event e
        WHERE e.tenant = @tenant AND e.env = @env AND e.state <> 'erased' AND NOT EXISTS (SELECT 1 FROM event_content c WHERE c.event_seq = e.seq)
        UNION ALL SELECT 'run ' || id || ': its event is missing' FROM run
        WHERE tenant = @tenant AND env = @env AND event_seq NOT IN (SELECT seq FROM event)
        UNION ALL SELECT 'effect ' || id || ': its event is missing' FROM effect
        WHERE tenant = @tenant AND env = @env AND event_seq NOT IN (SELECT seq FROM event)
        """;

    private const string Conserved = $"""
        SELECT 'event ' || id || ': state ''' || state || ''' is unknown' FROM event
        WHERE tenant = @tenant AND env = @env AND state NOT IN ('open', 'closed', 'unmatched', 'quarantined', 'erased')
        UNION ALL SELECT 'run ' || id || ': state ''' || state || ''' is unknown' FROM run
        WHERE tenant = @tenant AND env = @env AND state NOT IN ({OpenStates}, 'succeeded', 'skipped', 'dead', 'cancelled', 'erased')
        UNION ALL SELECT 'event ' || id || ': open, but none of its runs is' FROM event e
        WHERE tenant = @tenant AND env = @env AND state = 'open'
          AND NOT EXISTS (SELECT 1 FROM run r WHERE r.event_seq = e.seq AND r.state IN ({OpenStates}))
        UNION ALL SELECT 'event ' || e.id || ': ' || e.state || ', but run ' || r.id || ' is ' || r.state
        FROM event e JOIN run r ON r.event_seq = e.seq AND r.state IN ({OpenStates})
        WHERE e.tenant = @tenant AND e.env = @env AND e.state <> 'open'
        """;

    private const string Reviewed = """
        SELECT 'effect ' || f.id || ': sent again (attempt ' || b.n || ') after attempt ' || a.n || ' ended unknown'
        FROM effect f
        JOIN attempt a ON a.effect_id = f.id AND a.phase = 'send' AND a.outcome = 'unknown'
        JOIN attempt b ON b.effect_id = f.id AND b.phase = 'send' AND b.n > a.n
        WHERE f.tenant = @tenant AND f.env = @env AND f.class = 'unsafe'
        UNION ALL SELECT 'effect ' || f.id || ': ' || f.state || ' after an unknown outcome, and no operator decided it'
        FROM effect f
        WHERE f.tenant = @tenant AND f.env = @env AND f.class = 'unsafe' AND f.state IN ('planned', 'confirmed', 'rejected', 'superseded')
          AND (SELECT a.outcome FROM attempt a WHERE a.effect_id = f.id AND a.phase = 'send' ORDER BY a.n DESC LIMIT 1) = 'unknown'
          AND NOT EXISTS (SELECT 1 FROM attempt o WHERE o.effect_id = f.id AND o.phase = 'operator')
        """;

    private const string OneAttempt = """
        SELECT 'effect ' || effect_id || ': ' || COUNT(*) || ' attempts are under way' FROM attempt
        WHERE tenant = @tenant AND env = @env AND outcome IS NULL GROUP BY effect_id HAVING COUNT(*) > 1
        UNION ALL SELECT 'effect ' || f.id || ': sending without an attempt under way' FROM effect f
        WHERE f.tenant = @tenant AND f.env = @env AND f.state = 'sending'
          AND NOT EXISTS (SELECT 1 FROM attempt a WHERE a.effect_id = f.id AND a.outcome IS NULL)
        UNION ALL SELECT 'effect ' || f.id || ': ' || f.state || ' while attempt ' || a.n || ' is under way'
        FROM effect f JOIN attempt a ON a.effect_id = f.id AND a.outcome IS NULL AND a.phase <> 'lookup'
        WHERE f.tenant = @tenant AND f.env = @env AND f.state <> 'sending'
        """;

    private const string SameRequest = """
        SELECT 'effect ' || effect_id || ': ' || COUNT(DISTINCT req_hash) || ' different requests were sent' FROM attempt
        WHERE tenant = @tenant AND env = @env AND req_hash IS NOT NULL GROUP BY effect_id HAVING COUNT(DISTINCT req_hash) > 1
        """;

    private const string InOrder = """
        SELECT 'runs ' || GROUP_CONCAT(id, ', ') || ': leased together for one subject' FROM run
        WHERE tenant = @tenant AND env = @env AND state = 'leased' GROUP BY order_key HAVING COUNT(*) > 1
        UNION ALL SELECT 'runs ' || GROUP_CONCAT(id, ', ') || ': have the turn of one subject together' FROM run
        WHERE tenant = @tenant AND env = @env AND turn = 1 GROUP BY order_key HAVING COUNT(*) > 1
        UNION ALL SELECT 'run ' || r.id || ': ready, but its subject has given nobody the turn' FROM run r
        WHERE r.tenant = @tenant AND r.env = @env AND r.state = 'ready'
          AND NOT EXISTS (SELECT 1 FROM run t WHERE t.order_key = r.order_key AND t.turn = 1)
        UNION ALL SELECT 'run ' || r.id || ': has the turn before run ' || f.id || ' of an earlier event of its subject'
        FROM run r JOIN run f ON f.order_key = r.order_key AND f.state = 'ready' AND f.turn = 0 AND f.event_seq < r.event_seq
        WHERE r.tenant = @tenant AND r.env = @env AND r.turn = 1 AND r.state = 'ready'
        UNION ALL SELECT 'run ' || id || ': leased without the turn of its subject' FROM run
        WHERE tenant = @tenant AND env = @env AND state = 'leased' AND turn = 0
        """;

    private const string Defined = """
        SELECT 'run ' || r.id || ': definition ' || r.def_hash || ' of pipeline ''' || r.pipeline || ''' is missing' FROM run r
        WHERE r.tenant = @tenant AND r.env = @env
          AND NOT EXISTS (SELECT 1 FROM definition d WHERE d.tenant = r.tenant AND d.env = r.env AND d.hash = r.def_hash)
        """;

    private const string Keyed = """
        SELECT 'event ' || e.id || ': erased, but its data key is there' FROM event e
        JOIN data_key k ON k.event_seq = e.seq
        WHERE e.tenant = @tenant AND e.env = @env AND e.state = 'erased'
        UNION ALL SELECT 'event ' || e.id || ': its data key is missing' FROM event e
        WHERE e.tenant = @tenant AND e.env = @env AND e.state <> 'erased'
          AND NOT EXISTS (SELECT 1 FROM data_key k WHERE k.event_seq = e.seq)
        UNION ALL SELECT 'data key of event ' || event_seq || ': its event is missing' FROM data_key WHERE event_seq NOT IN (SELECT seq FROM event)
        """;
}
