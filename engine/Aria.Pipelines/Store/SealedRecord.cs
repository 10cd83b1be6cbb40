namespace Aria.Pipelines.Store;

/// <summary>The keyed hashes of a <see cref="PolledRecord"/>.</summary>
internal sealed record SealedRecord(byte[] Key, byte[] Content)
{
    /// <param name="known">The hash of the content it was last read with; null when it never was.</param>
    public RecordChange ComparedWith(byte[]? known) =>
        known is null ? RecordChange.New : known.AsSpan().SequenceEqual(Content) ? RecordChange.Same : RecordChange.Changed;
}
