using Aria.Pipelines.Privacy;

namespace Aria.Pipelines.Store.Sqlite;

/// <summary>What happens to a data file before anything is accepted: soundness, schema, keys, orphaned leases.</summary>
internal static class SqliteOpening
{
    private const string ReadMetaSql = "SELECT value FROM meta WHERE tenant = @tenant AND env = @env AND name = @name";

    private const string WriteMetaSql = "INSERT INTO meta (tenant, env, name, value) VALUES (@tenant, @env, @name, @value)";

    /// <returns>The writing session, and the keys of the content.</returns>
    public static (SqliteSession Session, ContentKeys Keys) Open(string path, StoreIdentity identity, MasterKey master)
    {
        // A process that ends well folds the log into the file and removes it.
        bool wasKilled = new FileInfo($"{path}-wal") is { Exists: true, Length: > 0 };
        bool isSealed = StoreSeal.Break(path);
        WriteAheadLog.Examine(path);
        SqliteSession? session = null;
        try
        {
            session = SqliteSession.OpenWriter(path, identity);
            if (wasKilled || !isSealed)
            {
                Examine(session, path);
            }
            if (wasKilled)
            {
                // A log that begins anew holds no remains of commits that were cut off, which a later examination could take for lost ones.
                session.Script("PRAGMA wal_checkpoint(TRUNCATE)");
            }
            SqliteSchema.Migrate(session, path);
            SqliteSession opened = session;
            ContentKeys keys = ReadKeys(session, master, identity) ?? StoreKeyring.Make(values => Keep(opened, values), master);
            session.Begin();
            FaultPoint.Reach("open.before_expire");
            SqliteRuns.ExpireLeases(session, long.MaxValue, held: []);
            session.Commit();
            FaultPoint.Reach("open.after_expire");
            return (session, keys);
        }
        catch (ContentIntegrityException e)
        {
            session?.Dispose();
            throw new StoreDamagedException(path, e.Message, e);
        }
        catch (SqliteErrorException e)
        {
            session?.Dispose();
            throw SqliteFailure.IsDamage(e)
                ? new StoreDamagedException(path, e.Message, e)
                : new StoreUnavailableException($"The store '{path}' could not be opened ({e.Message}).", e);
        }
        catch
        {
            session?.Dispose();
            throw;
        }
    }

    private static void Examine(SqliteSession session, string path)
    {
        List<string> findings = session.List("PRAGMA integrity_check(1)", row => row.Text(0));
        if (findings is not ["ok"])
        {
            throw new StoreDamagedException(path, string.Join("; ", findings));
        }
    }

    /// <summary>The keys of a store that is only read; null when it has none yet.</summary>
    /// <exception cref="MasterKeyException">The store was made with another master key.</exception>
    public static ContentKeys? ReadKeys(SqliteSession session, MasterKey master, StoreIdentity identity) =>
        StoreKeyring.Read(name => session.Bytes(ReadMetaSql, ("@name", name)), master, identity);

    private static void Keep(SqliteSession session, IReadOnlyList<(string Name, byte[] Value)> values)
    {
        session.Begin();
        foreach ((string name, byte[] value) in values)
        {
            session.Execute(WriteMetaSql, ("@name", name), ("@value", value));
        }
        session.Commit();
    }
}
