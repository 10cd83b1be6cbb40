namespace Aria.Pipelines.Store.Sqlite;

/// <summary>
/// Fences and turns. Of the runs with one order key, the leased one has the turn, or else the first ready one by event and creation, due or
/// not. Waiting runs and runs under review have none. A unique index holds it: two runs of one subject are never both leased.
/// </summary>
internal static class SqliteTurns
{
    private const string RequireSql = """
        SELECT event_seq, order_key, attempts > 0 OR crash_count > 0 FROM run WHERE tenant = @tenant AND env = @env AND id = @run AND fence = @fence AND state = 'leased'
        """;

    private const string LeaveSql = """
        UPDATE run SET state = @state, due_ms = @due, lease_owner = NULL, lease_until_ms = NULL, turn = 0
        WHERE tenant = @tenant AND env = @env AND id = @run
        """;

    private const string WakeSql = """
        UPDATE run SET state = 'ready', due_ms = 0 WHERE tenant = @tenant AND env = @env AND id = @run AND state = @from RETURNING order_key
        """;

    internal const string YieldSql = """
        UPDATE run SET turn = 0 WHERE order_key = @order AND turn = 1 AND state <> 'leased'
        """;

    internal const string TakeSql = """
        UPDATE run SET turn = 1
        WHERE seq = (SELECT seq FROM run WHERE order_key = @order AND state = 'ready' AND turn = 0 ORDER BY event_seq, seq LIMIT 1)
          AND NOT EXISTS (SELECT 1 FROM run WHERE order_key = @order AND turn = 1)
        """;

    /// <exception cref="LeaseLostException">The run is not leased under this fence.</exception>
    public static LeasedRun Require(SqliteSession session, RunLease lease) =>
        session.Find(RequireSql, row => new LeasedRun(row.Number(0), row.Bytes(1), row.Number(2) == 1), ("@run", lease.RunId), ("@fence", lease.Fence))
        ?? throw new LeaseLostException(lease.RunId);

    /// <summary>Takes a run out of its lease into a state, and passes the turn on (or keeps it, when the run is ready and still the first).</summary>
    public static void Leave(SqliteSession session, string runId, byte[] orderKey, RunState state, long due)
    {
        session.Execute(LeaveSql, ("@state", StateNames.Of(state)), ("@due", due), ("@run", runId));
        Pass(session, orderKey);
    }

    /// <summary>Makes a waiting run, or one under review, ready at once, at its place in the order of its subject.</summary>
    /// <returns>False when the run is in another state.</returns>
    public static bool Wake(SqliteSession session, string runId, RunState from = RunState.Waiting)
    {
        if (session.Bytes(WakeSql, ("@run", runId), ("@from", StateNames.Of(from))) is not byte[] orderKey)
        {
            return false;
        }
        Settle(session, orderKey);
        return true;
    }

    /// <summary>Gives the turn to the run that is first now, when one became ready that may stand before the one that has it.</summary>
    public static void Settle(SqliteSession session, byte[] orderKey)
    {
        session.Execute(YieldSql, ("@order", orderKey));
        Pass(session, orderKey);
    }

    /// <summary>Gives the turn to the first ready run, when nobody has it.</summary>
    public static void Pass(SqliteSession session, byte[] orderKey) => session.Execute(TakeSql, ("@order", orderKey));
}
