using System.Security.Cryptography;
using Aria.Pipelines.Secrets;

namespace Aria.Pipelines.Privacy;

/// <summary>The key-encryption key of one environment. It only wraps other keys, and it is never stored.</summary>
internal sealed class MasterKey
{
    /// <summary>Name of the secret that holds it: base64 of 32 random bytes.</summary>
    public const string SecretName = "master-key";

    private readonly byte[] key;

    // One thread at a time; making a cipher costs more than it then does.
    private readonly AesGcm cipher;
    private readonly Lock gate = new();

    private MasterKey(byte[] key) => (this.key, cipher) = (key, SealedBytes.Cipher(key));

    /// <summary>Written beside each wrapped key, so that a rotation knows what is left to re-wrap.</summary>
    public int Version { get; } = 1;

    /// <summary>Takes the key from where secrets are.</summary>
    /// <param name="secrets">Where secrets are.</param>
    /// <param name="store">The data file that was made with it; null when there is none yet.</param>
    /// <exception cref="MasterKeyException">
    /// The secret is missing or not base64 of 32 bytes; the message says how to make one, or that the former one is needed.
    /// </exception>
    public static MasterKey FromSecrets(ISecretSource secrets, string? store = null)
    {
        string mend = store is null ? HowToMake(secrets) : HowToGiveBack(secrets, store);
        string? text = secrets.Find(SecretName);
        if (text is null)
        {
            throw new MasterKeyException(
                $"Secret '{SecretName}' is missing: without it the store cannot {(store is null ? "encrypt" : "read")} what it keeps. {mend}");
        }
        byte[] bytes = new byte[SealedBytes.KeySize];
        if (!Convert.TryFromBase64String(text, bytes, out int length) || length != bytes.Length)
        {
            throw new MasterKeyException(
                $"Secret '{SecretName}' is not base64 of {SealedBytes.KeySize} bytes. {mend}");
        }
        return new MasterKey(bytes);
    }

    /// <summary>A random key that dies with the process, for demos and tests: what it wrapped cannot be read afterwards.</summary>
    public static MasterKey Ephemeral() => new(RandomNumberGenerator.GetBytes(SealedBytes.KeySize));

    /// <summary>Tells two master keys apart without revealing either.</summary>
    public byte[] CheckValue() => HMACSHA256.HashData(key, "aria-pipelines master key check 1"u8);

    /// <param name="other">The key to wrap.</param>
    /// <param name="place">Where the wrapped key will stand.</param>
    public byte[] Wrap(ReadOnlySpan<byte> other, string place)
    {
        lock (gate)
        {
            return SealedBytes.Seal(cipher, other, place);
        }
    }

    /// <exception cref="ContentIntegrityException">The wrapped key was changed, moved, or wrapped by another master key.</exception>
    public byte[] Unwrap(ReadOnlySpan<byte> wrapped, string place)
    {
        lock (gate)
        {
            return SealedBytes.Open(cipher, wrapped, place);
        }
    }

    private static string HowToGiveBack(ISecretSource secrets, string store) =>
        $"The store '{store}' was made with a master key: put that one here: {secrets.HowToProvide(SecretName)}. "
        + "A new key cannot read anything in it; the former one is where it was kept apart from the backups.";

    private static string HowToMake(ISecretSource secrets) =>
        $"Make one with 'openssl rand -base64 32' and put it here: {secrets.HowToProvide(SecretName)}. "
        + "Keep a copy apart from the backups of the store: without it nothing in the store can be read.";
}
