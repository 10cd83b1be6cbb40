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
        var framed = new ArrayBufferWriter<byte>(128);
        Append(framed, purpose);
        foreach (string part in parts)
        {
            Append(framed, part);
        }
        return HMACSHA256.HashData(pepper, framed.WrittenSpan);
    }

    /// <inheritdoc cref="Hash(string, ReadOnlySpan{string})"/>
    /// <param name="purpose">Keeps hashes of different uses apart.</param>
    /// <param name="part">Text, hashed as UTF-8.</param>
    /// <param name="bytes">Last part, as it is.</param>
    public byte[] Hash(string purpose, string part, byte[] bytes)
    {
        var framed = new ArrayBufferWriter<byte>(128 + bytes.Length);
        Append(framed, purpose);
        Append(framed, part);
        Append(framed, bytes.Length);
        framed.Write(bytes);
        return HMACSHA256.HashData(pepper, framed.WrittenSpan);
    }

    private static void Append(ArrayBufferWriter<byte> framed, string part)
    {
        Append(framed, Encoding.UTF8.GetByteCount(part));
        framed.Advance(Encoding.UTF8.GetBytes(part, framed.GetSpan(Encoding.UTF8.GetMaxByteCount(part.Length))));
    }

    private static void Append(ArrayBufferWriter<byte> framed, int length)
    {
        BinaryPrimitives.WriteInt32BigEndian(framed.GetSpan(sizeof(int)), length);
        framed.Advance(sizeof(int));
    }

    private static string Place(string eventId) => $"data_key|{eventId}|wrapped";
}
