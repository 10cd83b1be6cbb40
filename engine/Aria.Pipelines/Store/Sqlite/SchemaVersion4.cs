namespace Aria.Pipelines.Store.Sqlite;

/// <summary>Runs that were under way when the host ended, so that they are tried one at a time.</summary>
internal static class SchemaVersion4
{
    public const string Sql = """
        CREATE INDEX run_suspect ON run (tenant, env, state, event_seq, seq) WHERE crash_count > 0;
        """;
}
