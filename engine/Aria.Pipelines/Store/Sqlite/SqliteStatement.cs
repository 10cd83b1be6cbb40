using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Aria.Pipelines.Store.Sqlite;

/// <summary>
/// One compiled statement that gives at most one value, run without the layers of the data provider: they cost more than most statements
/// themselves. Parameters are found by name once.
/// </summary>
internal sealed class SqliteStatement : IDisposable
{
    private readonly sqlite3 connection;
    private readonly sqlite3_stmt statement;
    private readonly Dictionary<string, int> places = new(StringComparer.Ordinal);

    /// <exception cref="SqliteException">The statement cannot be compiled.</exception>
    public SqliteStatement(sqlite3 connection, string sql)
    {
        this.connection = connection;
        Check(raw.sqlite3_prepare_v2(connection, sql, out statement));
        for (int place = 1; place <= raw.sqlite3_bind_parameter_count(statement); place++)
        {
            places[raw.sqlite3_bind_parameter_name(statement, place).utf8_to_string()] = place;
        }
    }

    public void Dispose() => statement.Dispose();

    /// <summary>Gives a parameter its value; one that the statement does not have is passed over.</summary>
    public void Bind(string name, object? value)
    {
        if (!places.TryGetValue(name, out int place))
        {
            return;
        }
        Check(value switch
        {
            null => raw.sqlite3_bind_null(statement, place),
            string text => raw.sqlite3_bind_text(statement, place, text),
            long number => raw.sqlite3_bind_int64(statement, place, number),
            int number => raw.sqlite3_bind_int64(statement, place, number),
            byte[] { Length: 0 } => raw.sqlite3_bind_zeroblob(statement, place, 0),
            byte[] bytes => raw.sqlite3_bind_blob(statement, place, bytes),
            bool flag => raw.sqlite3_bind_int64(statement, place, flag ? 1 : 0),
            _ => throw new ArgumentException($"Parameter '{name}' is a {value.GetType().Name}, which the store does not keep.", nameof(value)),
        });
    }

    /// <returns>How many rows were changed.</returns>
    /// <exception cref="SqliteException">It was refused, or the store failed.</exception>
    public int Execute()
    {
        int before = raw.sqlite3_total_changes(connection);
        Run(read: null);
        return raw.sqlite3_total_changes(connection) - before;
    }

    /// <returns>The first column of the first row; null when there is no row or no value.</returns>
    /// <exception cref="SqliteException">It was refused, or the store failed.</exception>
    public long? Number() => Value(s => raw.sqlite3_column_int64(s, 0));

    /// <inheritdoc cref="Number"/>
    public byte[]? Bytes()
    {
        byte[]? found = null;
        Run(s => found = raw.sqlite3_column_type(s, 0) == raw.SQLITE_NULL ? null : raw.sqlite3_column_blob(s, 0).ToArray());
        return found;
    }

    private long? Value(Func<sqlite3_stmt, long> column)
    {
        long? found = null;
        Run(s => found = raw.sqlite3_column_type(s, 0) == raw.SQLITE_NULL ? null : column(s));
        return found;
    }

    private void Run(Action<sqlite3_stmt>? read)
    {
        int code = raw.sqlite3_step(statement);
        if (code == raw.SQLITE_ROW)
        {
            read?.Invoke(statement);
            // What a statement with RETURNING changes is complete only when it has been stepped to its end.
            do
            {
                code = raw.sqlite3_step(statement);
            }
            while (code == raw.SQLITE_ROW);
        }
        // The error stays readable until the statement is reset.
        if (code != raw.SQLITE_DONE)
        {
            string message = raw.sqlite3_errmsg(connection).utf8_to_string();
            int extended = raw.sqlite3_extended_errcode(connection);
            _ = raw.sqlite3_reset(statement);
            throw new SqliteException($"SQLite Error {code & 0xff}: '{message}'.", code & 0xff, extended);
        }
        Check(raw.sqlite3_reset(statement));
    }

    private void Check(int code)
    {
        if (code != raw.SQLITE_OK)
        {
            SqliteException.ThrowExceptionForRC(code, connection);
        }
    }
}
