using System.Buffers;
using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Aria.Pipelines.Privacy;

/// <summary>The keys of one opened store: data keys under the master key, and the pepper of all keyed hashes.</summary>
/// <param name="master">Wraps the data keys.</param>
/// <param name="pepper">32 random bytes, made with the store and kept in it under the master key.</param>
internal sealed class ContentKeys(MasterKey master, byte[] pepper)
{
    public int MasterKeyVersion => master.Version;

    /// <summary>A fresh data key for an event, and its wrapped form to store.</summary>
    public (DataKey Key, byte[] Wrapped) NewDataKey(string eventId)
    {
        byte[] key = RandomNumberGenerator.GetBytes(SealedBytes.KeySize);
        return (new DataKey(key), master.Wrap(key, Place(eventId)));
    }

    /// <exception cref="ContentIntegrityException">The wrapped key is not the one made for this event.</exception>
    public DataKey OpenDataKey(string eventId, byte[] wrapped) => new(master.Unwrap(wrapped, Place(eventId)));

    /// <summary>HMAC-SHA256 under the pepper. Parts are framed by their length, so that no two lists of parts collide.</summary>
    /// <param name="purpose">Keeps hashes of different uses apart.</param>
    /// <param name="parts">Text, hashed as UTF-8.</param>
    public byte[] Hash(string purpose, params ReadOnlySpan<string> parts)
    {
        int most = Framed(purpose);
        foreach (string part in parts)
        {
            most += Framed(part);
        }
        byte[] rented = ArrayPool<byte>.Shared.Rent(most);
        int length = Append(rented, 0, purpose);
        foreach (string part in parts)
        {
            length = Append(rented, length, part);
        }
        return Hashed(rented, length);
    }

    /// <inheritdoc cref="Hash(string, ReadOnlySpan{string})"/>
    /// <param name="purpose">Keeps hashes of different uses apart.</param>
    /// <param name="part">Text, hashed as UTF-8.</param>
    /// <param name="bytes">Last part, as it is.</param>
    public byte[] Hash(string purpose, string part, byte[] bytes)
    {
        byte[] rented = ArrayPool<byte>.Shared.Rent(Framed(purpose) + Framed(part) + sizeof(int) + bytes.Length);
        int length = Append(rented, Append(rented, 0, purpose), part);
        BinaryPrimitives.WriteInt32BigEndian(rented.AsSpan(length), bytes.Length);
        bytes.CopyTo(rented.AsSpan(length + sizeof(int)));
        return Hashed(rented, length + sizeof(int) + bytes.Length);
    }

    private byte[] Hashed(byte[] rented, int length)
    {
        byte[] hash = HMACSHA256.HashData(pepper, rented.AsSpan(0, length));
        // Given back empty, because connectors rent from the same pool, and what was hashed is content.
        ArrayPool<byte>.Shared.Return(rented, clearArray: true);
        return hash;
    }

    private static int Framed(string part) => sizeof(int) + Encoding.UTF8.GetMaxByteCount(part.Length);

    private static int Append(byte[] framed, int at, string part)
    {
        int count = Encoding.UTF8.GetBytes(part, framed.AsSpan(at + sizeof(int)));
        BinaryPrimitives.WriteInt32BigEndian(framed.AsSpan(at), count);
        return at + sizeof(int) + count;
    }

    private static string Place(string eventId) => $"data_key|{eventId}|wrapped";
}
