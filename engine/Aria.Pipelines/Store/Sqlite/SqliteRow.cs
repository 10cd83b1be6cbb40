using Aria.Pipelines.Privacy;
using SQLitePCL;

namespace Aria.Pipelines.Store.Sqlite;

/// <summary>The row a statement stands on. Reads columns by position, in the store's own types; good until the statement goes on.</summary>
internal readonly struct SqliteRow(sqlite3_stmt statement)
{
    public bool IsNull(int column) => raw.sqlite3_column_type(statement, column) == raw.SQLITE_NULL;

    /// <exception cref="ContentIntegrityException">There is none: the row was damaged.</exception>
    public string Text(int column) => TextOrNull(column) ?? throw Missing(column);

    public string? TextOrNull(int column) => IsNull(column) ? null : raw.sqlite3_column_text(statement, column).utf8_to_string();

    public int Count(int column) => checked((int)Number(column));

    /// <inheritdoc cref="Text"/>
    public long Number(int column) => NumberOrNull(column) ?? throw Missing(column);

    public long? NumberOrNull(int column) => IsNull(column) ? null : raw.sqlite3_column_int64(statement, column);

    /// <inheritdoc cref="Text"/>
    public byte[] Bytes(int column) => BytesOrNull(column) ?? throw Missing(column);

    public byte[]? BytesOrNull(int column) => IsNull(column) ? null : raw.sqlite3_column_blob(statement, column).ToArray();

    /// <inheritdoc cref="Text"/>
    public DateTimeOffset Time(int column) => DateTimeOffset.FromUnixTimeMilliseconds(Number(column));

    public DateTimeOffset? TimeOrNull(int column) => IsNull(column) ? null : Time(column);

    /// <exception cref="ContentIntegrityException">No state has this name: the row was damaged.</exception>
    public T State<T>(int column)
        where T : struct, Enum
    {
        try
        {
            return StateNames.Parse<T>(Text(column));
        }
        catch (FormatException e)
        {
            throw new ContentIntegrityException(NameOf(column), e);
        }
    }

    private string NameOf(int column) => raw.sqlite3_column_name(statement, column).utf8_to_string();

    private ContentIntegrityException Missing(int column) => new(NameOf(column));
}
