namespace Aria.Pipelines.Store.Sqlite;

/// <summary>
/// The first schema. Times are milliseconds since 1970 in UTC, and <c>due_ms = 0</c> means at once. Columns ending in <c>_ct</c> are
/// encrypted. <c>run.turn</c> is 1 for the one run of an order key that is leased or may be leased next.
/// </summary>
internal static class SchemaVersion1
{
    public const string Sql = Records + Runs + Effects + Shared;

    private const string Records = """
        CREATE TABLE meta (
          tenant TEXT NOT NULL, env TEXT NOT NULL, name TEXT NOT NULL, value BLOB NOT NULL,
          PRIMARY KEY (tenant, env, name));
        CREATE TABLE definition (
          tenant TEXT NOT NULL, env TEXT NOT NULL, hash TEXT NOT NULL, pipeline TEXT NOT NULL, bundle BLOB NOT NULL,
          PRIMARY KEY (tenant, env, hash));
        CREATE TABLE delivery (
          tenant TEXT NOT NULL, env TEXT NOT NULL, id TEXT NOT NULL, connection TEXT NOT NULL, kind TEXT NOT NULL,
          received_ms INTEGER NOT NULL, events INTEGER NOT NULL,
          PRIMARY KEY (tenant, env, id));
        CREATE TABLE event (
          seq INTEGER PRIMARY KEY AUTOINCREMENT,
          tenant TEXT NOT NULL, env TEXT NOT NULL, id TEXT NOT NULL, delivery_id TEXT NOT NULL,
          connection TEXT NOT NULL, type TEXT NOT NULL, subject_hash BLOB NOT NULL, dedupe_hash BLOB,
          subject_ct BLOB NOT NULL, headers_ct BLOB NOT NULL, body_ct BLOB NOT NULL,
          received_ms INTEGER NOT NULL, state TEXT NOT NULL, code TEXT, duplicates INTEGER NOT NULL DEFAULT 0,
          UNIQUE (tenant, env, id),
          UNIQUE (tenant, env, connection, dedupe_hash));
        CREATE INDEX event_state ON event (tenant, env, state);
        CREATE INDEX event_subject ON event (tenant, env, subject_hash, seq);
        CREATE INDEX event_duplicates ON event (tenant, env, duplicates) WHERE duplicates > 0;
        CREATE TABLE data_key (
          tenant TEXT NOT NULL, env TEXT NOT NULL, event_seq INTEGER NOT NULL REFERENCES event (seq),
          wrapped BLOB NOT NULL, kek_version INTEGER NOT NULL,
          PRIMARY KEY (tenant, env, event_seq));
        CREATE TABLE correlation (
          tenant TEXT NOT NULL, env TEXT NOT NULL, connection TEXT NOT NULL, key_hash BLOB NOT NULL,
          event_seq INTEGER NOT NULL REFERENCES event (seq),
          PRIMARY KEY (tenant, env, connection, key_hash, event_seq)) WITHOUT ROWID;

        """;

    private const string Runs = """
        CREATE TABLE run (
          seq INTEGER PRIMARY KEY AUTOINCREMENT,
          tenant TEXT NOT NULL, env TEXT NOT NULL, id TEXT NOT NULL, event_seq INTEGER NOT NULL REFERENCES event (seq),
          pipeline TEXT NOT NULL, def_hash TEXT NOT NULL, replay_no INTEGER NOT NULL DEFAULT 0,
          state TEXT NOT NULL, due_ms INTEGER NOT NULL DEFAULT 0, attempts INTEGER NOT NULL DEFAULT 0,
          lease_owner TEXT, lease_until_ms INTEGER, fence INTEGER NOT NULL DEFAULT 0, crash_count INTEGER NOT NULL DEFAULT 0,
          order_key BLOB NOT NULL, turn INTEGER NOT NULL DEFAULT 0, code TEXT, diagnostic_ct BLOB,
          UNIQUE (tenant, env, id),
          UNIQUE (tenant, env, event_seq, pipeline, replay_no));
        CREATE UNIQUE INDEX run_turn ON run (tenant, env, order_key) WHERE turn = 1;
        CREATE INDEX run_order ON run (tenant, env, order_key, event_seq, seq) WHERE state = 'ready';
        CREATE INDEX run_next ON run (tenant, env, event_seq, seq) WHERE turn = 1 AND state = 'ready' AND due_ms = 0;
        CREATE INDEX run_due ON run (tenant, env, due_ms) WHERE turn = 1 AND state = 'ready' AND due_ms > 0;
        CREATE INDEX run_lease ON run (tenant, env, lease_until_ms) WHERE state = 'leased';
        CREATE INDEX run_state ON run (tenant, env, state, seq);
        CREATE INDEX run_pipeline ON run (tenant, env, pipeline, seq);
        CREATE TABLE step (
          tenant TEXT NOT NULL, env TEXT NOT NULL, run_id TEXT NOT NULL, path TEXT NOT NULL, iter INTEGER NOT NULL,
          state TEXT NOT NULL, output_ct BLOB, error_ct BLOB, started_ms INTEGER NOT NULL,
          PRIMARY KEY (tenant, env, run_id, path, iter),
          FOREIGN KEY (tenant, env, run_id) REFERENCES run (tenant, env, id));
        CREATE TABLE wait (
          tenant TEXT NOT NULL, env TEXT NOT NULL, run_id TEXT NOT NULL, path TEXT NOT NULL, iter INTEGER NOT NULL,
          keys BLOB NOT NULL, due_ms INTEGER NOT NULL, state TEXT NOT NULL, event_seq INTEGER REFERENCES event (seq),
          PRIMARY KEY (tenant, env, run_id, path, iter),
          FOREIGN KEY (tenant, env, run_id) REFERENCES run (tenant, env, id));
        CREATE INDEX wait_due ON wait (tenant, env, due_ms) WHERE state = 'open';
        CREATE TABLE wait_event (
          tenant TEXT NOT NULL, env TEXT NOT NULL, connection TEXT NOT NULL, type TEXT NOT NULL, key_hash BLOB NOT NULL,
          run_id TEXT NOT NULL, path TEXT NOT NULL, iter INTEGER NOT NULL,
          PRIMARY KEY (tenant, env, connection, type, key_hash, run_id, path, iter)) WITHOUT ROWID;
        CREATE INDEX wait_event_run ON wait_event (tenant, env, run_id, path, iter);

        """;

    private const string Effects = """
        CREATE TABLE effect (
          tenant TEXT NOT NULL, env TEXT NOT NULL, id TEXT NOT NULL, event_seq INTEGER NOT NULL REFERENCES event (seq),
          pipeline TEXT NOT NULL, path TEXT NOT NULL, iter INTEGER NOT NULL, force_no INTEGER NOT NULL DEFAULT 0,
          class TEXT NOT NULL, connection TEXT NOT NULL, operation TEXT NOT NULL,
          input_ct BLOB NOT NULL, request_ct BLOB NOT NULL, idem_key_ct BLOB NOT NULL, output_ct BLOB, remote_ref_ct BLOB,
          state TEXT NOT NULL, code TEXT, attempts INTEGER NOT NULL DEFAULT 0, lookups INTEGER NOT NULL DEFAULT 0,
          created_ms INTEGER NOT NULL, last_attempt_ms INTEGER,
          PRIMARY KEY (tenant, env, id),
          UNIQUE (tenant, env, event_seq, pipeline, path, iter, force_no));
        CREATE INDEX effect_state ON effect (tenant, env, state);
        CREATE TABLE attempt (
          tenant TEXT NOT NULL, env TEXT NOT NULL, effect_id TEXT NOT NULL, n INTEGER NOT NULL,
          phase TEXT NOT NULL, started_ms INTEGER NOT NULL, outcome TEXT, http_status INTEGER, ms INTEGER, code TEXT, response_ct BLOB,
          PRIMARY KEY (tenant, env, effect_id, n),
          FOREIGN KEY (tenant, env, effect_id) REFERENCES effect (tenant, env, id));
        CREATE UNIQUE INDEX attempt_open ON attempt (tenant, env, effect_id) WHERE outcome IS NULL;

        """;

    private const string Shared = """
        CREATE TABLE once_claim (
          tenant TEXT NOT NULL, env TEXT NOT NULL, scope TEXT NOT NULL, key_hash BLOB NOT NULL,
          run_id TEXT NOT NULL, event_seq INTEGER NOT NULL, pipeline TEXT NOT NULL, until_ms INTEGER NOT NULL,
          PRIMARY KEY (tenant, env, scope, key_hash));
        CREATE TABLE cursor (
          tenant TEXT NOT NULL, env TEXT NOT NULL, connection TEXT NOT NULL, event TEXT NOT NULL, value BLOB NOT NULL,
          PRIMARY KEY (tenant, env, connection, event));
        CREATE TABLE limiter (
          tenant TEXT NOT NULL, env TEXT NOT NULL, scope TEXT NOT NULL, tokens INTEGER NOT NULL, unit INTEGER NOT NULL,
          updated_ms INTEGER NOT NULL, blocked_until_ms INTEGER NOT NULL DEFAULT 0,
          PRIMARY KEY (tenant, env, scope));
        CREATE TABLE audit (
          tenant TEXT NOT NULL, env TEXT NOT NULL, n INTEGER NOT NULL, prev BLOB NOT NULL, row_ct BLOB NOT NULL, mac BLOB NOT NULL,
          PRIMARY KEY (tenant, env, n));
        CREATE TABLE tombstone (
          tenant TEXT NOT NULL, env TEXT NOT NULL, connection TEXT NOT NULL, dedupe_hash BLOB NOT NULL, erased_ms INTEGER NOT NULL,
          PRIMARY KEY (tenant, env, connection, dedupe_hash));

        """;
}
