namespace Aria.Pipelines.Store.Sqlite;

/// <summary>
/// The same records in fewer pages. What changes with every state stands apart from the content, which is written once. Ids and keyed hashes
/// are unique in the file, so no index begins with the tenant, which would not tell rows apart, and none holds what nobody asks for.
/// </summary>
internal static class SchemaVersion5
{
    public const string Sql = Events + Runs + Effects;

    private const string Events = """
        CREATE TABLE delivery_5 (
          id TEXT NOT NULL PRIMARY KEY, tenant TEXT NOT NULL, env TEXT NOT NULL, connection TEXT NOT NULL, kind TEXT NOT NULL,
          received_ms INTEGER NOT NULL, events INTEGER NOT NULL) WITHOUT ROWID;
        INSERT INTO delivery_5 SELECT id, tenant, env, connection, kind, received_ms, events FROM delivery ORDER BY id;
        DROP TABLE delivery;
        ALTER TABLE delivery_5 RENAME TO delivery;

        CREATE TABLE event_content (
          event_seq INTEGER PRIMARY KEY REFERENCES event (seq),
          subject_ct BLOB NOT NULL, headers_ct BLOB NOT NULL, body_ct BLOB NOT NULL);
        INSERT INTO event_content SELECT seq, subject_ct, headers_ct, body_ct FROM event ORDER BY seq;
        CREATE TABLE event_5 (
          seq INTEGER PRIMARY KEY,
          tenant TEXT NOT NULL, env TEXT NOT NULL, id TEXT NOT NULL UNIQUE, delivery_id TEXT NOT NULL,
          connection TEXT NOT NULL, type TEXT NOT NULL, subject_hash BLOB NOT NULL, dedupe_hash BLOB UNIQUE,
          received_ms INTEGER NOT NULL, state TEXT NOT NULL, code TEXT, duplicates INTEGER NOT NULL DEFAULT 0,
          body_hash BLOB, decoded_from INTEGER REFERENCES event (seq));
        INSERT INTO event_5 SELECT seq, tenant, env, id, delivery_id, connection, type, subject_hash, dedupe_hash, received_ms, state, code, duplicates,
          body_hash, decoded_from FROM event ORDER BY seq;
        DROP TABLE event;
        ALTER TABLE event_5 RENAME TO event;
        CREATE INDEX event_state ON event (state, tenant, env);
        CREATE INDEX event_duplicates ON event (duplicates) WHERE duplicates > 0;
        CREATE INDEX event_decoded ON event (decoded_from) WHERE decoded_from IS NOT NULL;

        CREATE TABLE data_key_5 (
          event_seq INTEGER PRIMARY KEY REFERENCES event (seq), wrapped BLOB NOT NULL, kek_version INTEGER NOT NULL);
        INSERT INTO data_key_5 SELECT event_seq, wrapped, kek_version FROM data_key ORDER BY event_seq;
        DROP TABLE data_key;
        ALTER TABLE data_key_5 RENAME TO data_key;

        CREATE TABLE correlation_5 (
          key_hash BLOB NOT NULL, event_seq INTEGER NOT NULL REFERENCES event (seq), PRIMARY KEY (key_hash, event_seq)) WITHOUT ROWID;
        INSERT INTO correlation_5 SELECT DISTINCT key_hash, event_seq FROM correlation ORDER BY key_hash, event_seq;
        DROP TABLE correlation;
        ALTER TABLE correlation_5 RENAME TO correlation;

        """;

    private const string Runs = """
        CREATE TABLE run_5 (
          seq INTEGER PRIMARY KEY,
          tenant TEXT NOT NULL, env TEXT NOT NULL, id TEXT NOT NULL UNIQUE, event_seq INTEGER NOT NULL REFERENCES event (seq),
          pipeline TEXT NOT NULL, def_hash TEXT NOT NULL, replay_no INTEGER NOT NULL DEFAULT 0,
          state TEXT NOT NULL, due_ms INTEGER NOT NULL DEFAULT 0, attempts INTEGER NOT NULL DEFAULT 0,
          lease_owner TEXT, lease_until_ms INTEGER, fence INTEGER NOT NULL DEFAULT 0, crash_count INTEGER NOT NULL DEFAULT 0,
          order_key BLOB NOT NULL, turn INTEGER NOT NULL DEFAULT 0, code TEXT, diagnostic_ct BLOB,
          fingerprint TEXT, failed_step TEXT, ended_ms INTEGER,
          UNIQUE (event_seq, pipeline, replay_no));
        INSERT INTO run_5 SELECT seq, tenant, env, id, event_seq, pipeline, def_hash, replay_no, state, due_ms, attempts, lease_owner, lease_until_ms, fence,
          crash_count, order_key, turn, code, diagnostic_ct, fingerprint, failed_step, ended_ms FROM run ORDER BY seq;

        CREATE TABLE step_5 (
          run_id TEXT NOT NULL REFERENCES run (id), path TEXT NOT NULL, iter INTEGER NOT NULL,
          state TEXT NOT NULL, output_ct BLOB, error_ct BLOB, started_ms INTEGER NOT NULL,
          PRIMARY KEY (run_id, path, iter));
        INSERT INTO step_5 SELECT run_id, path, iter, state, output_ct, error_ct, started_ms FROM step ORDER BY rowid;
        DROP TABLE step;
        ALTER TABLE step_5 RENAME TO step;

        CREATE TABLE wait_5 (
          run_id TEXT NOT NULL REFERENCES run (id), path TEXT NOT NULL, iter INTEGER NOT NULL,
          keys BLOB NOT NULL, due_ms INTEGER NOT NULL, state TEXT NOT NULL, event_seq INTEGER REFERENCES event (seq),
          tenant TEXT NOT NULL, env TEXT NOT NULL,
          PRIMARY KEY (run_id, path, iter));
        INSERT INTO wait_5 SELECT run_id, path, iter, keys, due_ms, state, event_seq, tenant, env FROM wait ORDER BY rowid;
        DROP TABLE wait;
        ALTER TABLE wait_5 RENAME TO wait;
        CREATE INDEX wait_due ON wait (due_ms) WHERE state = 'open';

        DROP TABLE run;
        ALTER TABLE run_5 RENAME TO run;
        CREATE UNIQUE INDEX run_turn ON run (order_key) WHERE turn = 1;
        CREATE INDEX run_behind ON run (order_key, event_seq, seq) WHERE state = 'ready' AND turn = 0;
        CREATE INDEX run_next ON run (event_seq, seq) WHERE turn = 1 AND state = 'ready' AND due_ms = 0;
        CREATE INDEX run_due ON run (due_ms) WHERE turn = 1 AND state = 'ready' AND due_ms > 0;
        CREATE INDEX run_lease ON run (lease_until_ms) WHERE state = 'leased';
        CREATE INDEX run_suspect ON run (state, event_seq, seq) WHERE crash_count > 0;
        CREATE INDEX run_state ON run (state, tenant, env);
        CREATE INDEX run_pipeline ON run (pipeline, seq);
        CREATE INDEX run_fingerprint ON run (fingerprint, ended_ms) WHERE fingerprint IS NOT NULL;

        """;

    private const string Effects = """
        CREATE TABLE effect_5 (
          tenant TEXT NOT NULL, env TEXT NOT NULL, id TEXT NOT NULL PRIMARY KEY, event_seq INTEGER NOT NULL REFERENCES event (seq),
          pipeline TEXT NOT NULL, path TEXT NOT NULL, iter INTEGER NOT NULL, force_no INTEGER NOT NULL DEFAULT 0,
          class TEXT NOT NULL, connection TEXT NOT NULL, operation TEXT NOT NULL,
          input_ct BLOB NOT NULL, request_ct BLOB NOT NULL, idem_key_ct BLOB NOT NULL, output_ct BLOB, remote_ref_ct BLOB,
          state TEXT NOT NULL, code TEXT, attempts INTEGER NOT NULL DEFAULT 0, lookups INTEGER NOT NULL DEFAULT 0,
          created_ms INTEGER NOT NULL, last_attempt_ms INTEGER,
          UNIQUE (event_seq, pipeline, path, iter, force_no));
        INSERT INTO effect_5 SELECT tenant, env, id, event_seq, pipeline, path, iter, force_no, class, connection, operation, input_ct, request_ct, idem_key_ct,
          output_ct, remote_ref_ct, state, code, attempts, lookups, created_ms, last_attempt_ms FROM effect ORDER BY rowid;
        CREATE TABLE attempt_5 (
          effect_id TEXT NOT NULL REFERENCES effect (id), n INTEGER NOT NULL,
          phase TEXT NOT NULL, started_ms INTEGER NOT NULL, outcome TEXT, http_status INTEGER, ms INTEGER, code TEXT, response_ct BLOB, req_hash BLOB,
          tenant TEXT NOT NULL, env TEXT NOT NULL,
          PRIMARY KEY (effect_id, n));
        INSERT INTO attempt_5 SELECT effect_id, n, phase, started_ms, outcome, http_status, ms, code, response_ct, req_hash, tenant, env FROM attempt ORDER BY rowid;
        DROP TABLE attempt;
        ALTER TABLE attempt_5 RENAME TO attempt;
        CREATE UNIQUE INDEX attempt_open ON attempt (effect_id) WHERE outcome IS NULL;
        DROP TABLE effect;
        ALTER TABLE effect_5 RENAME TO effect;
        CREATE INDEX effect_state ON effect (state, tenant, env);

        """;
}
