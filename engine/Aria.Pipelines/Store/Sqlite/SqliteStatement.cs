using SQLitePCL;

namespace Aria.Pipelines.Store.Sqlite;

/// <summary>
/// One compiled statement, run without the layers of the data provider: they cost more than most statements themselves. Parameters are found
/// by name once.
/// </summary>
internal sealed class SqliteStatement : IDisposable
{
    private readonly sqlite3 connection;
    private readonly sqlite3_stmt statement;
    private readonly Dictionary<string, int> places = new(StringComparer.Ordinal);

    /// <exception cref="SqliteErrorException">The statement cannot be compiled.</exception>
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

    /// <exception cref="SqliteErrorException">It was refused, or the store failed.</exception>
    public void Execute() => Complete(raw.sqlite3_step(statement));

    /// <returns>How many rows were changed.</returns>
    /// <exception cref="SqliteErrorException">It was refused, or the store failed.</exception>
    public int Change()
    {
        int before = raw.sqlite3_total_changes(connection);
        Execute();
        return raw.sqlite3_total_changes(connection) - before;
    }

    /// <returns>The first column of the first row; null when there is no row or no value.</returns>
    /// <exception cref="SqliteErrorException">It was refused, or the store failed.</exception>
    public long? Number()
    {
        int code = raw.sqlite3_step(statement);
        long? found = code == raw.SQLITE_ROW ? new SqliteRow(statement).NumberOrNull(0) : null;
        Complete(code);
        return found;
    }

    /// <inheritdoc cref="Number"/>
    public byte[]? Bytes()
    {
        int code = raw.sqlite3_step(statement);
        byte[]? found = code == raw.SQLITE_ROW ? new SqliteRow(statement).BytesOrNull(0) : null;
        Complete(code);
        return found;
    }

    /// <summary>Reads rows, in order.</summary>
    /// <param name="read">Reads one.</param>
    /// <param name="max">Ends behind so many.</param>
    /// <exception cref="SqliteErrorException">It was refused, or the store failed.</exception>
    public List<T> Rows<T>(Func<SqliteRow, T> read, int max = int.MaxValue)
    {
        List<T> rows = [];
        try
        {
            int code = raw.SQLITE_ROW;
            while (rows.Count < max && (code = raw.sqlite3_step(statement)) == raw.SQLITE_ROW)
            {
                rows.Add(read(new SqliteRow(statement)));
            }
            if (code is not (raw.SQLITE_ROW or raw.SQLITE_DONE))
            {
                throw SqliteErrorException.Of(code, connection);
            }
            return rows;
        }
        finally
        {
            // It says again what the last step said.
            _ = raw.sqlite3_reset(statement);
        }
    }

    /// <summary>What a statement with RETURNING changes is complete only when it has been stepped to its end.</summary>
    private void Complete(int code)
    {
        while (code == raw.SQLITE_ROW)
        {
            code = raw.sqlite3_step(statement);
        }
        if (code != raw.SQLITE_DONE)
        {
            var failure = SqliteErrorException.Of(code, connection);
            _ = raw.sqlite3_reset(statement);
            throw failure;
        }
        Check(raw.sqlite3_reset(statement));
    }

    private void Check(int code) => SqliteErrorException.ThrowUnlessGood(code, connection);
}
