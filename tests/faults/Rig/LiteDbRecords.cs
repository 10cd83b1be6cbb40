using System.Text.Json.Nodes;
using Aria.Pipelines.Host.Control;
using Aria.Pipelines.Store.LiteDb;
using LiteDB;
using Microsoft.Data.Sqlite;

namespace Aria.Pipelines.Faults.Rig;

/// <summary>A LiteDB store, which only one process can read at a time: asked over its host's socket while that runs, and copied into tables when it has stopped.</summary>
internal static class LiteDbRecords
{
    private const string Tables = """
        CREATE TABLE event (seq INTEGER PRIMARY KEY, id TEXT, state TEXT);
        CREATE TABLE run (event_seq INTEGER, pipeline TEXT, state TEXT, code TEXT);
        CREATE TABLE effect (id TEXT PRIMARY KEY, event_seq INTEGER, path TEXT, class TEXT, state TEXT, force_no INTEGER);
        CREATE TABLE attempt (effect_id TEXT, phase TEXT, outcome TEXT);
        """;

    private static readonly string[] Moving = ["ready", "leased", "waiting"];

    /// <inheritdoc cref="Checker.WhenAtRestAsync(string, TimeSpan, CancellationToken)"/>
    public static async Task WhenAtRestAsync(string data, TimeSpan patience, CancellationToken cancellationToken)
    {
        using var client = new ControlClient(data);
        await Checker.WhenAtRestAsync(() => MovingAsync(client, cancellationToken), patience, cancellationToken);
    }

    /// <summary>Copies what the checks look at, under the names that SQLite stores have.</summary>
    /// <param name="file">The store's file, whose host has stopped.</param>
    /// <param name="to">A SQLite file to be made.</param>
    public static void Copy(string file, string to)
    {
        using LiteDbSession session = LiteDbSession.Open(file, OverlaidFile.Open);
        using var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = to, Pooling = false }.ConnectionString);
        connection.Open();
        using SqliteTransaction transaction = connection.BeginTransaction();
        Insert(connection, Tables);
        session.Scan(Records.Event, e => Insert(connection, "INSERT INTO event VALUES ($1, $2, $3)", e["_id"], e["id"], e["state"]));
        session.Scan(Records.Run, r => Insert(connection, "INSERT INTO run VALUES ($1, $2, $3, $4)", r["event"], r["pipeline"], r["state"], r["code"]));
        session.Scan(Records.Effect, e =>
        {
            Insert(connection, "INSERT INTO effect VALUES ($1, $2, $3, $4, $5, $6)", e["_id"], e["event"], e["path"], e["class"], e["state"], e["force"]);
            foreach (BsonValue attempt in e["attempts"].AsArray)
            {
                Insert(connection, "INSERT INTO attempt VALUES ($1, $2, $3)", e["_id"], attempt["phase"], attempt["outcome"]);
            }
        });
        transaction.Commit();
    }

    private static async Task<long> MovingAsync(ControlClient client, CancellationToken cancellationToken)
    {
        long count = 0;
        foreach (string state in Moving)
        {
            (_, JsonNode runs) = await client.AskAsync(HttpMethod.Get, $"runs?state={state}&max={int.MaxValue}", cancellationToken);
            count += runs.AsArray().Count;
        }
        return count > 0 ? count : await MovingInOneLookAsync(client, cancellationToken);
    }

    // A run may have gone from a state that was not asked for yet to one that was: only a look at all of them says that none moves.
    private static async Task<long> MovingInOneLookAsync(ControlClient client, CancellationToken cancellationToken)
    {
        (_, JsonNode runs) = await client.AskAsync(HttpMethod.Get, $"runs?max={int.MaxValue}", cancellationToken);
        return runs.AsArray().Count(r => Moving.Contains((string?)r!["state"]));
    }

    private static void Insert(SqliteConnection connection, string sql, params ReadOnlySpan<BsonValue> values)
    {
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = sql;
        for (int i = 0; i < values.Length; i++)
        {
            command.Parameters.AddWithValue($"${i + 1}", values[i].IsNull ? DBNull.Value : values[i].RawValue);
        }
        command.ExecuteNonQuery();
    }
}
