using Aria.Pipelines.Privacy;

namespace Aria.Pipelines.Store.Sqlite;

/// <summary>
/// Awaits. A wait is found through the hash of the first of its keys (ordered by name) and then compared in full; an event is found the same
/// way by a run that parks. A wait that is no longer open has no row in <c>wait_event</c>.
/// </summary>
internal sealed class SqliteWaits(ContentKeys keys, SqliteContent content)
{
    private const int HashSize = 32;

    /// <summary>How many deadlines one commit turns into timeouts: after a long stop many are due at once, and ingress must not wait for all.</summary>
    private const int MaxTimeouts = 500;

    internal const string DueSql = """
        SELECT run_id, path, iter, keys FROM wait WHERE tenant = @tenant AND env = @env AND state = 'open' AND due_ms <= @now
        ORDER BY due_ms LIMIT @max
        """;

    internal const string OfferedSql = """
        SELECT w.run_id, w.path, w.iter, w.keys
        FROM wait_event o JOIN wait w ON w.tenant = o.tenant AND w.env = o.env AND w.run_id = o.run_id AND w.path = o.path AND w.iter = o.iter
        WHERE o.tenant = @tenant AND o.env = @env AND o.connection = @connection AND o.type = @type AND o.key_hash = @hash AND w.state = 'open'
        """;

    private const string EarlierSql = """
        SELECT c.event_seq FROM correlation c JOIN event e ON e.seq = c.event_seq
        WHERE c.key_hash = @hash AND c.event_seq > @after AND e.tenant = @tenant AND e.env = @env AND e.connection = @connection
          AND e.type = @type AND e.state IN ('open', 'closed', 'unmatched')
        ORDER BY c.event_seq
        """;

    private const string HasKeySql = """
        SELECT 1 FROM correlation WHERE key_hash = @hash AND event_seq = @seq
        """;

    private const string FindSql = """
        SELECT 1 FROM wait WHERE tenant = @tenant AND env = @env AND run_id = @run AND path = @path AND iter = @iter
        """;

    private const string RemoveEventsOfRunSql = "DELETE FROM wait_event WHERE tenant = @tenant AND env = @env AND run_id = @run";

    private const string RemoveOpenSql = "DELETE FROM wait WHERE tenant = @tenant AND env = @env AND run_id = @run AND state = 'open'";

    private const string InsertSql = """
        INSERT INTO wait (tenant, env, run_id, path, iter, keys, due_ms, state, event_seq)
        VALUES (@tenant, @env, @run, @path, @iter, @keys, @due, @state, @seq)
        """;

    private const string InsertEventSql = """
        INSERT INTO wait_event (tenant, env, connection, type, key_hash, run_id, path, iter)
        VALUES (@tenant, @env, @connection, @type, @hash, @run, @path, @iter)
        ON CONFLICT (tenant, env, connection, type, key_hash, run_id, path, iter) DO NOTHING
        """;

    private const string CloseSql = """
        UPDATE wait SET state = @state, event_seq = @seq WHERE tenant = @tenant AND env = @env AND run_id = @run AND path = @path AND iter = @iter
        """;

    private const string RemoveEventsSql = """
        DELETE FROM wait_event WHERE tenant = @tenant AND env = @env AND run_id = @run AND path = @path AND iter = @iter
        """;

    private const string ListSql = """
        SELECT path, iter, state, event_seq, due_ms FROM wait WHERE tenant = @tenant AND env = @env AND run_id = @run ORDER BY path, iter
        """;

    /// <summary>Ends every open wait that takes a newly accepted event.</summary>
    /// <returns>True when at least one did.</returns>
    public static bool Offer(SqliteSession session, long sequence, string connection, string type, IReadOnlyList<byte[]> hashes)
    {
        bool taken = false;
        foreach (byte[] hash in hashes)
        {
            foreach (WaitRow wait in session.List(OfferedSql, ReadRow, ("@connection", connection), ("@type", type), ("@hash", hash)))
            {
                if (wait.Keys.Chunk(HashSize).All(key => hashes.Any(h => h.AsSpan().SequenceEqual(key))))
                {
                    Close(session, wait, WaitState.Matched, sequence);
                    FaultPoint.Reach("wait.matched");
                    taken = true;
                }
            }
        }
        return taken;
    }

    /// <summary>Turns deadlines that have passed into timeouts.</summary>
    public static void TimeOut(SqliteSession session, long now)
    {
        foreach (WaitRow wait in session.List(DueSql, ReadRow, ("@now", now), ("@max", MaxTimeouts)))
        {
            Close(session, wait, WaitState.TimedOut, sequence: null);
        }
    }

    /// <inheritdoc cref="IStore.ParkAsync"/>
    public MatchedEvent? Park(SqliteSession session, RunLease lease, WaitPlan plan)
    {
        RunRules.RequireKeys(lease, plan);
        LeasedRun run = SqliteTurns.Require(session, lease);
        RunRules.RequireFirstWait(lease, plan, session.Number(FindSql, ("@run", lease.RunId), ("@path", plan.Path), ("@iter", plan.Iteration)) is not null);
        byte[][] hashes = [.. plan.Match.OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => keys.Hash("correlation", pair.Key, pair.Value))];
        long? earlier = plan.Events.Min(e => FindEarlier(session, run.EventSequence, e.Connection, e.Type, hashes));
        WaitState state = earlier is null ? WaitState.Open : WaitState.Matched;
        session.Execute(
            InsertSql,
            ("@run", lease.RunId),
            ("@path", plan.Path),
            ("@iter", plan.Iteration),
            ("@keys", hashes.SelectMany(hash => hash).ToArray()),
            ("@due", plan.DueUtc.ToUnixTimeMilliseconds()),
            ("@state", StateNames.Of(state)),
            ("@seq", earlier));
        if (earlier is long sequence)
        {
            session.Execute("UPDATE event SET state = 'closed' WHERE seq = @seq AND state = 'unmatched'", ("@seq", sequence));
            return new MatchedEvent(content.ReadEvent(session, sequence));
        }
        foreach ((string connection, string type) in plan.Events)
        {
            session.Execute(
                InsertEventSql,
                ("@connection", connection), ("@type", type), ("@hash", hashes[0]), ("@run", lease.RunId), ("@path", plan.Path), ("@iter", plan.Iteration));
        }
        SqliteTurns.Leave(session, lease.RunId, run.OrderKey, RunState.Waiting, plan.DueUtc.ToUnixTimeMilliseconds());
        return null;
    }

    /// <summary>Removes what a run still waits for.</summary>
    public static void Remove(SqliteSession session, string runId)
    {
        session.Execute(RemoveEventsOfRunSql, ("@run", runId));
        session.Execute(RemoveOpenSql, ("@run", runId));
    }

    public IReadOnlyList<WaitRecord> Read(SqliteSession session, string runId)
    {
        var rows = session.List(
            ListSql,
            row => (Path: row.Text(0), Iteration: row.Count(1), State: row.State<WaitState>(2), Event: row.NumberOrNull(3), Due: row.Time(4)),
            ("@run", runId));
        return [.. rows.Select(row =>
            new WaitRecord(row.Path, row.Iteration, row.State, row.Event is long e ? new MatchedEvent(content.ReadEvent(session, e)) : null, row.Due))];
    }

    private static long? FindEarlier(SqliteSession session, long after, string connection, string type, byte[][] hashes)
    {
        List<long> candidates = session.List(
            EarlierSql, row => row.Number(0), ("@connection", connection), ("@type", type), ("@hash", hashes[0]), ("@after", after));
        foreach (long candidate in candidates)
        {
            if (hashes.All(hash => session.Number(HasKeySql, ("@hash", hash), ("@seq", candidate)) is not null))
            {
                return candidate;
            }
        }
        return null;
    }

    private static void Close(SqliteSession session, WaitRow wait, WaitState state, long? sequence)
    {
        session.Execute(
            CloseSql, ("@state", StateNames.Of(state)), ("@seq", sequence), ("@run", wait.RunId), ("@path", wait.Path), ("@iter", wait.Iteration));
        session.Execute(RemoveEventsSql, ("@run", wait.RunId), ("@path", wait.Path), ("@iter", wait.Iteration));
        SqliteTurns.Wake(session, wait.RunId);
    }

    private static WaitRow ReadRow(SqliteRow row) => new(row.Text(0), row.Text(1), row.Count(2), row.Bytes(3));

    private sealed record WaitRow(string RunId, string Path, int Iteration, byte[] Keys);
}
