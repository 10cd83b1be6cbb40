using SQLitePCL;

namespace Aria.Pipelines.Store.Sqlite;

/// <summary>SQLite refused a statement, or could not go on.</summary>
/// <param name="message">Its own words.</param>
/// <param name="code">Its primary result code (sqlite.org/rescode.html).</param>
internal sealed class SqliteErrorException(string message, int code) : Exception(message)
{
    private const int Primary = 0xff;

    public int Code => code;

    /// <summary>What a call answered, in the words of its connection; they are there until the statement is reset.</summary>
    public static SqliteErrorException Of(int code, sqlite3 connection) =>
        new($"SQLite Error {code & Primary}: '{raw.sqlite3_errmsg(connection).utf8_to_string()}'.", code & Primary);

    /// <exception cref="SqliteErrorException">The code is not that of success.</exception>
    public static void ThrowUnlessGood(int code, sqlite3 connection)
    {
        if (code != raw.SQLITE_OK)
        {
            throw Of(code, connection);
        }
    }
}
