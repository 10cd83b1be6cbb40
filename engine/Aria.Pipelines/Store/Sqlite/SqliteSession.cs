using Microsoft.Data.Sqlite;

namespace Aria.Pipelines.Store.Sqlite;

/// <summary>
/// One connection with its prepared statements, used by one thread at a time. Parameters <c>@tenant</c> and <c>@env</c> are bound to the
/// store's identity by the session itself.
/// </summary>
internal sealed class SqliteSession : IWriteSession
{
    private const int BusySeconds = 5;

    private readonly Dictionary<string, SqliteCommand> statements = [];
    private readonly StoreIdentity identity;

    private SqliteSession(SqliteConnection connection, StoreIdentity identity)
    {
        Connection = connection;
        this.identity = identity;
    }

    public SqliteConnection Connection { get; }

    public bool IsSpent => false;

    /// <summary>The one connection that writes and checkpoints. Creates the file when there is none.</summary>
    public static SqliteSession OpenWriter(string path, StoreIdentity identity) =>
        Open(path, identity, SqliteOpenMode.ReadWriteCreate, "PRAGMA journal_mode = WAL; PRAGMA wal_autocheckpoint = 1000; PRAGMA cache_size = -32768");

    /// <summary>A connection that can only read and never checkpoints.</summary>
    public static SqliteSession OpenReader(string path, StoreIdentity identity) =>
        Open(path, identity, SqliteOpenMode.ReadWrite, "PRAGMA wal_autocheckpoint = 0; PRAGMA query_only = ON");

    /// <summary>A connection to a file that nobody works on, which leaves the file and its log as they are.</summary>
    public static SqliteSession OpenReadOnly(string path, StoreIdentity identity) => Open(path, identity, SqliteOpenMode.ReadOnly, "PRAGMA query_only = ON");

    public void Begin() => Execute("BEGIN IMMEDIATE");

    public void Mark() => Execute("SAVEPOINT operation");

    public void Undo() => Execute("ROLLBACK TO operation");

    public void Keep() => Execute("RELEASE operation");

    public void Commit() => Execute("COMMIT");

    public bool IsOfTheStore(Exception exception) => SqliteFailure.IsOfTheStore(exception);

    public void Dispose()
    {
        foreach (SqliteCommand statement in statements.Values)
        {
            statement.Dispose();
        }
        Connection.Dispose();
    }

    /// <summary>Runs several statements without parameters, once.</summary>
    public void Script(string sql)
    {
        using SqliteCommand command = Connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    /// <returns>How many rows were changed.</returns>
    public int Execute(string sql, params ReadOnlySpan<(string Name, object? Value)> values) => Bind(sql, values).ExecuteNonQuery();

    /// <returns>The first column of the first row; null when there is no row or no value.</returns>
    public long? Number(string sql, params ReadOnlySpan<(string Name, object? Value)> values) => Bind(sql, values).ExecuteScalar() as long?;

    /// <inheritdoc cref="Number"/>
    public byte[]? Bytes(string sql, params ReadOnlySpan<(string Name, object? Value)> values) => Bind(sql, values).ExecuteScalar() as byte[];

    /// <returns>The first row; null when there is none.</returns>
    public T? Find<T>(string sql, Func<SqliteDataReader, T> read, params ReadOnlySpan<(string Name, object? Value)> values)
        where T : class
    {
        using SqliteDataReader reader = Bind(sql, values).ExecuteReader();
        return reader.Read() ? read(reader) : null;
    }

    public List<T> List<T>(string sql, Func<SqliteDataReader, T> read, params ReadOnlySpan<(string Name, object? Value)> values)
    {
        using SqliteDataReader reader = Bind(sql, values).ExecuteReader();
        List<T> rows = [];
        while (reader.Read())
        {
            rows.Add(read(reader));
        }
        return rows;
    }

    private static SqliteSession Open(string path, StoreIdentity identity, SqliteOpenMode mode, string pragmas)
    {
        var settings = new SqliteConnectionStringBuilder { DataSource = path, Mode = mode, Pooling = false, DefaultTimeout = BusySeconds };
        var session = new SqliteSession(new SqliteConnection(settings.ConnectionString), identity);
        try
        {
            session.Connection.Open();
            session.Script(
                $"PRAGMA busy_timeout = {BusySeconds * 1000}; {pragmas}; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; "
                + "PRAGMA secure_delete = ON; PRAGMA mmap_size = 0");
            return session;
        }
        catch
        {
            session.Dispose();
            throw;
        }
    }

    private SqliteCommand Bind(string sql, ReadOnlySpan<(string Name, object? Value)> values)
    {
        if (!statements.TryGetValue(sql, out SqliteCommand? command))
        {
            statements[sql] = command = Prepare(sql);
        }
        foreach ((string name, object? value) in values)
        {
            int at = command.Parameters.IndexOf(name);
            if (at < 0)
            {
                command.Parameters.AddWithValue(name, value ?? DBNull.Value);
            }
            else
            {
                command.Parameters[at].Value = value ?? DBNull.Value;
            }
        }
        return command;
    }

    private SqliteCommand Prepare(string sql)
    {
        SqliteCommand command = Connection.CreateCommand();
        command.CommandText = sql;
        if (sql.Contains("@tenant", StringComparison.Ordinal))
        {
            command.Parameters.AddWithValue("@tenant", identity.Tenant);
            command.Parameters.AddWithValue("@env", identity.Environment);
        }
        // Without this call the library compiles the statement again each time it runs.
        command.Prepare();
        return command;
    }
}
