using System.Security.Cryptography;
using Aria.Pipelines.Privacy;

namespace Aria.Pipelines.Store.Sqlite;

/// <summary>What a store keeps about its keys: a check value of the master key, and the pepper of its hashes, wrapped.</summary>
internal static class SqliteKeyring
{
    private const string ReadSql = "SELECT value FROM meta WHERE tenant = @tenant AND env = @env AND name = @name";

    private const string WriteSql = "INSERT INTO meta (tenant, env, name, value) VALUES (@tenant, @env, @name, @value)";

    private const string PepperPlace = "meta|pepper|value";

    /// <summary>Opens the store's keys with a master key, or makes them in a store that has none yet.</summary>
    /// <exception cref="MasterKeyException">The store was made with another master key.</exception>
    public static ContentKeys Open(SqliteSession session, MasterKey master, StoreIdentity identity) =>
        Read(session, master, identity) ?? Make(session, master);

    /// <summary>The store's keys; null when it has none yet.</summary>
    /// <exception cref="MasterKeyException">The store was made with another master key.</exception>
    public static ContentKeys? Read(SqliteSession session, MasterKey master, StoreIdentity identity)
    {
        byte[]? check = session.Bytes(ReadSql, ("@name", "key_check"));
        if (check is null)
        {
            return null;
        }
        if (!CryptographicOperations.FixedTimeEquals(check, master.CheckValue()))
        {
            throw new MasterKeyException(
                $"The master key is not the one this store was made with (tenant '{identity.Tenant}', environment '{identity.Environment}'): "
                + $"nothing in it could be read. Provide the former secret '{MasterKey.SecretName}', or use a new data folder. If it is the former one, the file is damaged: restore the last backup.");
        }
        byte[] wrapped = session.Bytes(ReadSql, ("@name", "pepper")) ?? throw new ContentIntegrityException(PepperPlace);
        return new ContentKeys(master, master.Unwrap(wrapped, PepperPlace));
    }

    private static ContentKeys Make(SqliteSession session, MasterKey master)
    {
        byte[] pepper = RandomNumberGenerator.GetBytes(SealedBytes.KeySize);
        session.Execute("BEGIN IMMEDIATE");
        session.Execute(WriteSql, ("@name", "key_check"), ("@value", master.CheckValue()));
        session.Execute(WriteSql, ("@name", "pepper"), ("@value", master.Wrap(pepper, PepperPlace)));
        session.Execute("COMMIT");
        return new ContentKeys(master, pepper);
    }
}
