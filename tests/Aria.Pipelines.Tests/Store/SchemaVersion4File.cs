using Aria.Pipelines.Store.Sqlite;
using Microsoft.Data.Sqlite;

namespace Aria.Pipelines.Tests.Store;

/// <summary>Writes the records of a store of today as schema version 4 kept them.</summary>
internal static class SchemaVersion4File
{
    private const string CopySql = """
        INSERT INTO meta SELECT * FROM today.meta;
        INSERT INTO definition SELECT * FROM today.definition;
        INSERT INTO delivery (tenant, env, id, connection, kind, received_ms, events) SELECT tenant, env, id, connection, kind, received_ms, events FROM today.delivery;
        INSERT INTO event (seq, tenant, env, id, delivery_id, connection, type, subject_hash, dedupe_hash, subject_ct, headers_ct, body_ct, received_ms, state, code,
            duplicates, body_hash, decoded_from)
          SELECT seq, tenant, env, id, delivery_id, connection, type, subject_hash, dedupe_hash, subject_ct, headers_ct, body_ct, received_ms, state, code,
            duplicates, body_hash, decoded_from
          FROM today.event JOIN today.event_content ON event_seq = seq;
        INSERT INTO data_key (tenant, env, event_seq, wrapped, kek_version) SELECT tenant, env, event_seq, wrapped, kek_version FROM today.data_key JOIN today.event ON seq = event_seq;
        INSERT INTO correlation (tenant, env, connection, key_hash, event_seq) SELECT tenant, env, connection, key_hash, event_seq FROM today.correlation JOIN today.event ON seq = event_seq;
        INSERT INTO run (seq, tenant, env, id, event_seq, pipeline, def_hash, replay_no, state, due_ms, attempts, lease_owner, lease_until_ms, fence, crash_count, order_key, turn,
            code, diagnostic_ct, fingerprint, failed_step, ended_ms)
          SELECT seq, tenant, env, id, event_seq, pipeline, def_hash, replay_no, state, due_ms, attempts, lease_owner, lease_until_ms, fence, crash_count, order_key, turn,
            code, diagnostic_ct, fingerprint, failed_step, ended_ms FROM today.run;
        INSERT INTO step (tenant, env, run_id, path, iter, state, output_ct, error_ct, started_ms)
          SELECT tenant, env, run_id, path, iter, s.state, output_ct, error_ct, started_ms FROM today.step s JOIN today.run r ON r.id = s.run_id;
        INSERT INTO wait (tenant, env, run_id, path, iter, keys, due_ms, state, event_seq) SELECT tenant, env, run_id, path, iter, keys, due_ms, state, event_seq FROM today.wait;
        INSERT INTO wait_event SELECT * FROM today.wait_event;
        INSERT INTO effect (tenant, env, id, event_seq, pipeline, path, iter, force_no, class, connection, operation, input_ct, request_ct, idem_key_ct, output_ct, remote_ref_ct,
            state, code, attempts, lookups, created_ms, last_attempt_ms)
          SELECT tenant, env, id, event_seq, pipeline, path, iter, force_no, class, connection, operation, input_ct, request_ct, idem_key_ct, output_ct, remote_ref_ct,
            state, code, attempts, lookups, created_ms, last_attempt_ms FROM today.effect;
        INSERT INTO attempt (tenant, env, effect_id, n, phase, started_ms, outcome, http_status, ms, code, response_ct, req_hash)
          SELECT tenant, env, effect_id, n, phase, started_ms, outcome, http_status, ms, code, response_ct, req_hash FROM today.attempt;
        INSERT INTO once_claim SELECT * FROM today.once_claim;
        INSERT INTO cursor SELECT * FROM today.cursor;
        INSERT INTO cursor_record SELECT * FROM today.cursor_record;
        INSERT INTO limiter SELECT * FROM today.limiter;
        INSERT INTO audit SELECT * FROM today.audit;
        PRAGMA user_version = 4;
        """;

    /// <param name="folder">Where the file is made.</param>
    /// <param name="today">The file of a store that is closed.</param>
    public static void Write(string folder, string today)
    {
        Directory.CreateDirectory(folder);
        using var connection = new SqliteConnection($"Data Source={SqliteFiles.DataFile(folder)};Pooling=False");
        connection.Open();
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = SchemaVersion1.Sql + SchemaVersion2.Sql + SchemaVersion3.Sql + SchemaVersion4.Sql + $"ATTACH '{today}' AS today;" + CopySql;
        command.ExecuteNonQuery();
    }
}
