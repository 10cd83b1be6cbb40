using System.Globalization;

namespace Aria.Pipelines.Store.Sqlite;

/// <summary>The schema as numbered migrations: number n brings a file from version n - 1 to n. A published migration never changes.</summary>
internal static class SqliteSchema
{
    private static readonly string[] Migrations = [SchemaVersion1.Sql, SchemaVersion2.Sql, SchemaVersion3.Sql, SchemaVersion4.Sql, SchemaVersion5.Sql];

    public static int Version => Migrations.Length;

    /// <summary>Brings the file to <see cref="Version"/>, one migration per commit.</summary>
    /// <exception cref="StoreVersionException">The file is newer than this program.</exception>
    public static void Migrate(SqliteSession session, string path)
    {
        long found = session.Number("PRAGMA user_version") ?? 0;
        if (found > Version)
        {
            throw new StoreVersionException(path, found, Version);
        }
        // Tables that others refer to are made anew; the switch does nothing inside of a transaction.
        session.Script("PRAGMA foreign_keys = OFF");
        for (long version = found; version < Version; version++)
        {
            session.Execute("BEGIN IMMEDIATE");
            session.Script(Migrations[version]);
            session.Script(string.Create(CultureInfo.InvariantCulture, $"PRAGMA user_version = {version + 1}"));
            session.Execute("COMMIT");
        }
        session.Script("PRAGMA foreign_keys = ON");
    }
}
