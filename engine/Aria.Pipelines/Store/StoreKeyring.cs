using System.Security.Cryptography;
using Aria.Pipelines.Privacy;

namespace Aria.Pipelines.Store;

/// <summary>What a store keeps about its keys: a check value of the master key, and the pepper of its hashes, wrapped.</summary>
internal static class StoreKeyring
{
    private const string CheckName = "key_check";
    private const string PepperName = "pepper";
    private const string PepperPlace = "meta|pepper|value";

    /// <summary>The store's keys; null when it has none yet.</summary>
    /// <param name="read">Reads a value kept under a name; null when there is none.</param>
    /// <param name="master">The master key of this start.</param>
    /// <param name="identity">Whose store it is.</param>
    /// <exception cref="MasterKeyException">The store was made with another master key.</exception>
    public static ContentKeys? Read(Func<string, byte[]?> read, MasterKey master, StoreIdentity identity)
    {
        byte[]? check = read(CheckName);
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
        byte[] wrapped = read(PepperName) ?? throw new ContentIntegrityException(PepperPlace);
        return new ContentKeys(master, master.Unwrap(wrapped, PepperPlace));
    }

    /// <summary>Makes the keys of a new store.</summary>
    /// <param name="write">Keeps values under their names, all in one commit.</param>
    /// <param name="master">The master key of this start.</param>
    public static ContentKeys Make(Action<IReadOnlyList<(string Name, byte[] Value)>> write, MasterKey master)
    {
        byte[] pepper = RandomNumberGenerator.GetBytes(SealedBytes.KeySize);
        write([(CheckName, master.CheckValue()), (PepperName, master.Wrap(pepper, PepperPlace))]);
        return new ContentKeys(master, pepper);
    }
}
