using Aria.Pipelines.Privacy;

namespace Aria.Pipelines.Store.Sqlite;

/// <summary>Claims of <c>once</c>, held by an event and a pipeline, so by a run and its replays.</summary>
internal sealed class SqliteClaims(ContentKeys keys)
{
    private const string ClaimSql = """
        INSERT INTO once_claim (tenant, env, scope, key_hash, run_id, event_seq, pipeline, until_ms)
        VALUES (@tenant, @env, @scope, @hash, @run, @seq, @pipeline, @until)
        ON CONFLICT (tenant, env, scope, key_hash) DO UPDATE SET
          run_id = excluded.run_id, event_seq = excluded.event_seq, pipeline = excluded.pipeline, until_ms = excluded.until_ms
        WHERE once_claim.until_ms <= @now
        """;

    private const string HolderSql = """
        SELECT run_id FROM once_claim
        WHERE tenant = @tenant AND env = @env AND scope = @scope AND key_hash = @hash AND NOT (event_seq = @seq AND pipeline = @pipeline)
        """;

    /// <inheritdoc cref="IStore.ClaimOnceAsync"/>
    public string? Claim(SqliteSession session, RunLease lease, string scope, string key, DateTimeOffset now, DateTimeOffset until)
    {
        LeasedRun run = SqliteTurns.Require(session, lease);
        byte[] hash = keys.Hash("once", scope, key);
        int claimed = session.Change(
            ClaimSql,
            ("@scope", scope),
            ("@hash", hash),
            ("@run", lease.RunId),
            ("@seq", run.EventSequence),
            ("@pipeline", lease.Pipeline),
            ("@until", until.ToUnixTimeMilliseconds()),
            ("@now", now.ToUnixTimeMilliseconds()));
        return claimed > 0
            ? null
            : session.Find(HolderSql, row => row.Text(0), ("@scope", scope), ("@hash", hash), ("@seq", run.EventSequence), ("@pipeline", lease.Pipeline));
    }
}
