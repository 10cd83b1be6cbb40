namespace Aria.Pipelines.Privacy;

/// <summary>The key of one event: it protects the event and everything its runs record.</summary>
internal sealed class DataKey(byte[] key)
{
    /// <param name="plain">Content; null stays null.</param>
    /// <param name="table">Table it goes to.</param>
    /// <param name="row">Id of the row.</param>
    /// <param name="column">Column it goes to.</param>
    public byte[]? Seal(byte[]? plain, string table, string row, string column) =>
        plain is null ? null : SealedBytes.Seal(key, plain, $"{table}|{row}|{column}");

    /// <exception cref="ContentIntegrityException">The content is not what was sealed for this place.</exception>
    public byte[]? Open(byte[]? box, string table, string row, string column) =>
        box is null ? null : SealedBytes.Open(key, box, $"{table}|{row}|{column}");
}
