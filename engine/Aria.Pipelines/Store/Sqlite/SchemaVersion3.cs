namespace Aria.Pipelines.Store.Sqlite;

/// <summary>What polling remembers of records that carry no time of change, and how much of a budget a target that refused requests is given.</summary>
internal static class SchemaVersion3
{
    public const string Sql = """
        CREATE TABLE cursor_record (
          tenant TEXT NOT NULL, env TEXT NOT NULL, connection TEXT NOT NULL, cursor TEXT NOT NULL, key_hash BLOB NOT NULL, content_hash BLOB NOT NULL,
          PRIMARY KEY (tenant, env, connection, cursor, key_hash)) WITHOUT ROWID;
        ALTER TABLE limiter ADD COLUMN pace INTEGER NOT NULL DEFAULT 1000;
        ALTER TABLE limiter ADD COLUMN paced_ms INTEGER NOT NULL DEFAULT 0;
        """;
}
