using Aria.Pipelines.Privacy;
using Microsoft.Data.Sqlite;

namespace Aria.Pipelines.Store.Sqlite;

/// <summary>Reads columns by position, in the store's own types.</summary>
internal static class SqliteRow
{
    public static byte[] Bytes(this SqliteDataReader row, int column) => row.GetFieldValue<byte[]>(column);

    public static byte[]? BytesOrNull(this SqliteDataReader row, int column) => row.IsDBNull(column) ? null : row.GetFieldValue<byte[]>(column);

    public static string? TextOrNull(this SqliteDataReader row, int column) => row.IsDBNull(column) ? null : row.GetString(column);

    public static long? NumberOrNull(this SqliteDataReader row, int column) => row.IsDBNull(column) ? null : row.GetInt64(column);

    public static DateTimeOffset Time(this SqliteDataReader row, int column) => DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(column));

    public static DateTimeOffset? TimeOrNull(this SqliteDataReader row, int column) => row.IsDBNull(column) ? null : row.Time(column);

    /// <exception cref="ContentIntegrityException">No state has this name: the row was damaged.</exception>
    public static T State<T>(this SqliteDataReader row, int column)
        where T : struct, Enum
    {
        try
        {
            return StateNames.Parse<T>(row.GetString(column));
        }
        catch (FormatException e)
        {
            throw new ContentIntegrityException(row.GetName(column), e);
        }
    }
}
