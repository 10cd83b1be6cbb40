namespace Aria.Pipelines.Store.Sqlite;

/// <summary>
/// What operators need: keyed hashes of bodies and requests (two bodies under one id, one request for all attempts), how a run failed and
/// when it ended, and which quarantined event an event was decoded from. Empty for what version 1 recorded.
/// </summary>
internal static class SchemaVersion2
{
    public const string Sql = """
        ALTER TABLE event ADD COLUMN body_hash BLOB;
        ALTER TABLE event ADD COLUMN decoded_from INTEGER REFERENCES event (seq);
        CREATE INDEX event_decoded ON event (decoded_from) WHERE decoded_from IS NOT NULL;
        ALTER TABLE run ADD COLUMN fingerprint TEXT;
        ALTER TABLE run ADD COLUMN failed_step TEXT;
        ALTER TABLE run ADD COLUMN ended_ms INTEGER;
        CREATE INDEX run_fingerprint ON run (tenant, env, fingerprint, ended_ms) WHERE fingerprint IS NOT NULL;
        ALTER TABLE attempt ADD COLUMN req_hash BLOB;
        """;
}
