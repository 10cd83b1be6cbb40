namespace Aria.Pipelines.Store.Sqlite;

/// <summary>Tells a statement that was refused from a store that cannot be relied on.</summary>
internal static class SqliteFailure
{
    private const int Error = 1;
    private const int Constraint = 19;
    private const int Mismatch = 20;
    private const int Misuse = 21;
    private const int Range = 25;
    private const int Corrupt = 11;
    private const int NotADatabase = 26;

    /// <summary>True when the failure says nothing about the statement: busy, full, I/O error, corrupt and so on.</summary>
    public static bool IsOfTheStore(Exception exception) =>
        exception is SqliteErrorException { Code: not (Error or Constraint or Mismatch or Misuse or Range) };

    public static bool IsDamage(SqliteErrorException exception) => exception.Code is Corrupt or NotADatabase;
}
