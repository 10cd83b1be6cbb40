using Aria.Pipelines.Privacy;
using LiteDB;

namespace Aria.Pipelines.Store.LiteDb;

/// <summary>What happens to a data file before anything is accepted: soundness, version, owner, keys, orphaned leases.</summary>
internal static class LiteDbOpening
{
    private const string SchemaName = "schema";

    /// <returns>The session, and the keys of the content.</returns>
    public static (LiteDbSession Session, ContentKeys Keys) Open(string path, StoreIdentity identity, MasterKey master, Func<string, IDiskFile> open)
    {
        LiteDbSession? session = null;
        try
        {
            session = LiteDbSession.Open(path, open);
            LiteDbSession opened = session;
            ContentKeys keys = ReadKeys(session, path, master, identity)
                ?? StoreKeyring.Make(values => Keep(opened, values, identity), master);
            session.Begin();
            LiteDbRuns.ExpireLeases(session, long.MaxValue, held: []);
            session.Commit();
            return (session, keys);
        }
        catch (IOException e)
        {
            session?.Dispose();
            throw new StoreUnavailableException($"The store '{path}' could not be opened ({e.Message}).", e);
        }
        catch
        {
            session?.Dispose();
            throw;
        }
    }

    /// <summary>The keys of a store that may be read by this program for this identity; null when it has none yet.</summary>
    /// <exception cref="StoreVersionException">A newer program wrote the file.</exception>
    /// <exception cref="StoreMismatchException">The file serves another tenant or environment.</exception>
    /// <exception cref="MasterKeyException">The store was made with another master key.</exception>
    public static ContentKeys? ReadKeys(LiteDbSession session, string path, MasterKey master, StoreIdentity identity)
    {
        RequireSchema(session, path, identity);
        return StoreKeyring.Read(name => session.Find(Records.Meta, name)?.Bytes("value"), master, identity);
    }

    private static void RequireSchema(LiteDbSession session, string path, StoreIdentity identity)
    {
        if (session.Find(Records.Meta, SchemaName) is not BsonDocument schema)
        {
            return;
        }
        if (schema.Number("version") > Records.Version)
        {
            throw new StoreVersionException(path, schema.Number("version"), Records.Version);
        }
        if (schema.Text("tenant") != identity.Tenant || schema.Text("env") != identity.Environment)
        {
            throw new StoreMismatchException(
                $"The store '{path}' holds tenant '{schema.Text("tenant")}' in environment '{schema.Text("env")}', not tenant '{identity.Tenant}' in environment "
                + $"'{identity.Environment}'. A LiteDB store holds one of them: give this one its own data folder.");
        }
    }

    /// <summary>A new store begins with whose it is and with its keys, in one commit.</summary>
    private static void Keep(LiteDbSession session, IReadOnlyList<(string Name, byte[] Value)> values, StoreIdentity identity)
    {
        session.Begin();
        session.Put(Records.Meta, new BsonDocument
        {
            ["_id"] = SchemaName,
            ["version"] = (long)Records.Version,
            ["tenant"] = identity.Tenant,
            ["env"] = identity.Environment,
        });
        foreach ((string name, byte[] value) in values)
        {
            session.Put(Records.Meta, new BsonDocument { ["_id"] = name, ["value"] = value });
        }
        session.Commit();
    }
}
