using Microsoft.Data.Sqlite;

namespace Aria.Pipelines.Faults.Rig;

/// <summary>A store's file, read by a stranger: read-only, without the engine's code.</summary>
internal sealed class StoreView : IDisposable
{
    private readonly SqliteConnection _connection;

    public StoreView(string file)
    {
        _connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = file, Mode = SqliteOpenMode.ReadOnly, Pooling = false, DefaultTimeout = 30 }.ConnectionString);
        _connection.Open();
    }

    public List<T> List<T>(string sql, Func<SqliteDataReader, T> read)
    {
        using SqliteCommand command = _connection.CreateCommand();
        command.CommandText = sql;
        using SqliteDataReader reader = command.ExecuteReader();
        List<T> rows = [];
        while (reader.Read())
        {
            rows.Add(read(reader));
        }
        return rows;
    }

    public long Number(string sql) => List(sql, r => r.IsDBNull(0) ? 0 : r.GetInt64(0))[0];

    /// <summary>How many rows have each value of a column.</summary>
    public IReadOnlyDictionary<string, long> Count(string table, string column) =>
        List($"SELECT {column}, COUNT(*) FROM {table} GROUP BY 1", r => (r.IsDBNull(0) ? "" : r.GetString(0), r.GetInt64(1))).ToDictionary(r => r.Item1, r => r.Item2);

    public void Dispose() => _connection.Dispose();
}
