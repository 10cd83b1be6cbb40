using SQLitePCL;

namespace Aria.Pipelines.Store.Sqlite;

/// <summary>
/// One connection with its prepared statements, used by one thread at a time. Parameters <c>@tenant</c> and <c>@env</c> are bound to the
/// store's identity by the session itself.
/// </summary>
internal sealed class SqliteSession : IWriteSession
{
    private const int BusySeconds = 5;

    private readonly Dictionary<string, SqliteStatement> statements = new(StatementText.Comparer);
    private readonly StoreIdentity identity;
    private bool syncsCommits = true;
    private int changesBefore;

    // No lock of a connection, because one thread uses it, and none for counting memory, which nobody reads. Whoever opened a database in this
    // process before decided otherwise, and then SQLite refuses both and works as it does by default.
    static SqliteSession()
    {
        Batteries_V2.Init();
        _ = raw.sqlite3_config(raw.SQLITE_CONFIG_MULTITHREAD);
        _ = raw.sqlite3_config(raw.SQLITE_CONFIG_MEMSTATUS, 0);
    }

    private SqliteSession(sqlite3 handle, StoreIdentity identity)
    {
        Handle = handle;
        this.identity = identity;
    }

    /// <summary>The connection. It is opened without the data provider, which loads twice its own size of others and is asked for nothing else.</summary>
    public sqlite3 Handle { get; }

    public bool IsSpent => false;

    public bool CanRelax => true;

    /// <summary>The one connection that writes and checkpoints. Creates the file when there is none.</summary>
    public static SqliteSession OpenWriter(string path, StoreIdentity identity) =>
        Open(path, identity, raw.SQLITE_OPEN_READWRITE | raw.SQLITE_OPEN_CREATE, "PRAGMA journal_mode = WAL; PRAGMA wal_autocheckpoint = 8000; PRAGMA cache_size = -32768");

    /// <summary>A connection that can only read and never checkpoints.</summary>
    public static SqliteSession OpenReader(string path, StoreIdentity identity) =>
        Open(path, identity, raw.SQLITE_OPEN_READWRITE, "PRAGMA wal_autocheckpoint = 0; PRAGMA query_only = ON");

    /// <summary>A connection to a file that nobody works on, which leaves the file and its log as they are.</summary>
    public static SqliteSession OpenReadOnly(string path, StoreIdentity identity) => Open(path, identity, raw.SQLITE_OPEN_READONLY, "PRAGMA query_only = ON");

    /// <summary>A connection to a file that nobody can work on, because of where it is: without a log, and without the files that share one.</summary>
    public static SqliteSession OpenUnchanging(string path, StoreIdentity identity) =>
        Open($"{new Uri(path).AbsoluteUri}?immutable=1", identity, raw.SQLITE_OPEN_READONLY | raw.SQLITE_OPEN_URI, "PRAGMA query_only = ON");

    public void BeginLogAnew()
    {
        if (Number("PRAGMA wal_checkpoint(TRUNCATE)") != 0)
        {
            throw new IOException("readers hold the log");
        }
    }

    public void Touch() => Execute("UPDATE meta SET value = value WHERE rowid = (SELECT MIN(rowid) FROM meta)");

    public void Begin() => Execute("BEGIN IMMEDIATE");

    public void Mark() => changesBefore = raw.sqlite3_total_changes(Handle);

    // A savepoint would make SQLite copy every page that the operation changes, and hardly any operation is refused after it changed something.
    public bool TryUndo() => raw.sqlite3_total_changes(Handle) == changesBefore;

    public void Rollback() => Execute("ROLLBACK");

    public void Commit() => Execute("COMMIT");

    public bool IsOfTheStore(Exception exception) => SqliteFailure.IsOfTheStore(exception);

    public void Dispose()
    {
        foreach (SqliteStatement statement in statements.Values)
        {
            statement.Dispose();
        }
        Handle.Dispose();
    }

    public void SyncCommits(bool value)
    {
        if (syncsCommits != value)
        {
            // The setting is made when the statement is compiled, so it cannot be a kept one.
            Script(value ? "PRAGMA synchronous = FULL" : "PRAGMA synchronous = NORMAL");
            syncsCommits = value;
        }
    }

    /// <summary>Runs several statements without parameters, once.</summary>
    public void Script(string sql) => SqliteErrorException.ThrowUnlessGood(raw.sqlite3_exec(Handle, sql), Handle);

    public void Execute(string sql, params ReadOnlySpan<(string Name, object? Value)> values) => Bound(sql, values).Execute();

    /// <returns>How many rows were changed.</returns>
    public int Change(string sql, params ReadOnlySpan<(string Name, object? Value)> values) => Bound(sql, values).Change();

    /// <returns>The first column of the first row; null when there is no row or no value.</returns>
    public long? Number(string sql, params ReadOnlySpan<(string Name, object? Value)> values) => Bound(sql, values).Number();

    /// <inheritdoc cref="Number"/>
    public byte[]? Bytes(string sql, params ReadOnlySpan<(string Name, object? Value)> values) => Bound(sql, values).Bytes();

    /// <returns>The first row; null when there is none.</returns>
    public T? Find<T>(string sql, Func<SqliteRow, T> read, params ReadOnlySpan<(string Name, object? Value)> values)
        where T : class =>
        Bound(sql, values).Rows(read, max: 1) is [T first] ? first : null;

    public List<T> List<T>(string sql, Func<SqliteRow, T> read, params ReadOnlySpan<(string Name, object? Value)> values) => Bound(sql, values).Rows(read);

    private static SqliteSession Open(string path, StoreIdentity identity, int flags, string pragmas)
    {
        int code = raw.sqlite3_open_v2(path, out sqlite3 handle, flags, null);
        var session = new SqliteSession(handle, identity);
        try
        {
            SqliteErrorException.ThrowUnlessGood(code, handle);
            // In memory, because the pages of a savepoint are otherwise written to a file as soon as they are more than a few.
            session.Script(
                $"PRAGMA busy_timeout = {BusySeconds * 1000}; {pragmas}; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; "
                + "PRAGMA secure_delete = ON; PRAGMA mmap_size = 0; PRAGMA temp_store = MEMORY");
            return session;
        }
        catch
        {
            session.Dispose();
            throw;
        }
    }

    private SqliteStatement Bound(string sql, ReadOnlySpan<(string Name, object? Value)> values)
    {
        if (!statements.TryGetValue(sql, out SqliteStatement? statement))
        {
            statements[sql] = statement = new SqliteStatement(Handle, sql);
            statement.Bind("@tenant", identity.Tenant);
            statement.Bind("@env", identity.Environment);
        }
        foreach ((string name, object? value) in values)
        {
            statement.Bind(name, value);
        }
        return statement;
    }
}
