using System.Security.Cryptography;

namespace Aria.Pipelines.Privacy;

/// <summary>The key of one event: it protects the event and everything its runs record. For one thread at a time.</summary>
internal sealed class DataKey(byte[] key) : IDisposable
{
    private readonly AesGcm cipher = SealedBytes.Cipher(key);

    /// <param name="plain">Content; null stays null.</param>
    /// <param name="table">Table it goes to.</param>
    /// <param name="row">Id of the row.</param>
    /// <param name="column">Column it goes to.</param>
    public byte[]? Seal(byte[]? plain, string table, string row, string column) =>
        plain is null ? null : SealedBytes.Seal(cipher, plain, $"{table}|{row}|{column}");

    /// <exception cref="ContentIntegrityException">The content is not what was sealed for this place.</exception>
    public byte[]? Open(byte[]? box, string table, string row, string column) =>
        box is null ? null : SealedBytes.Open(cipher, box, $"{table}|{row}|{column}");

    public void Dispose() => cipher.Dispose();
}
