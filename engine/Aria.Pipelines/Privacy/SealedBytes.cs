using System.Security.Cryptography;
using System.Text;

namespace Aria.Pipelines.Privacy;

/// <summary>AES-256-GCM over one value: format byte, 96-bit random nonce, 128-bit tag, cipher text.</summary>
internal static class SealedBytes
{
    public const int KeySize = 32;

    private const byte Format = 1;
    private const int NonceSize = 12;
    private const int TagSize = 16;
    private const int Overhead = 1 + NonceSize + TagSize;

    [ThreadStatic]
    private static byte[]? s_nonces;

    [ThreadStatic]
    private static int s_drawn;

    /// <summary>The cipher of a key. Making one costs more than sealing a value, so whoever holds a key keeps it; for one thread at a time.</summary>
    /// <param name="key">32 bytes.</param>
    public static AesGcm Cipher(ReadOnlySpan<byte> key) => new(key, TagSize);

    /// <param name="cipher">Of the key.</param>
    /// <param name="plain">What to protect.</param>
    /// <param name="place">Where it will stand (table|row|column): opening it for another place fails.</param>
    public static byte[] Seal(AesGcm cipher, ReadOnlySpan<byte> plain, string place)
    {
        byte[] box = new byte[Overhead + plain.Length];
        box[0] = Format;
        Span<byte> nonce = box.AsSpan(1, NonceSize);
        DrawNonce(nonce);
        cipher.Encrypt(nonce, plain, box.AsSpan(Overhead), box.AsSpan(1 + NonceSize, TagSize), Encoding.UTF8.GetBytes(place));
        return box;
    }

    // Drawn many at a time: each call of the generator costs more than the encryption of most values. A nonce is no secret.
    private static void DrawNonce(Span<byte> nonce)
    {
        if (s_nonces is null || s_drawn == s_nonces.Length)
        {
            // In place only once they are drawn: after a failure none must be used that is not random, or is used already.
            (s_nonces, s_drawn) = (RandomNumberGenerator.GetBytes(64 * NonceSize), 0);
        }
        s_nonces.AsSpan(s_drawn, NonceSize).CopyTo(nonce);
        s_drawn += NonceSize;
    }

    /// <exception cref="ContentIntegrityException">Changed bytes, another key, or a value moved from another place.</exception>
    public static byte[] Open(AesGcm cipher, ReadOnlySpan<byte> box, string place)
    {
        if (box.Length < Overhead || box[0] != Format)
        {
            throw new ContentIntegrityException(place);
        }
        byte[] plain = new byte[box.Length - Overhead];
        try
        {
            cipher.Decrypt(box.Slice(1, NonceSize), box[Overhead..], box.Slice(1 + NonceSize, TagSize), plain, Encoding.UTF8.GetBytes(place));
        }
        catch (AuthenticationTagMismatchException e)
        {
            throw new ContentIntegrityException(place, e);
        }
        return plain;
    }
}
