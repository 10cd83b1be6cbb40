namespace Aria.Pipelines.Store;

/// <summary>
/// One event of a <see cref="SealedDelivery"/>. The order key is equal for runs that must keep their order; key hashes are those of its
/// correlation keys with their values.
/// </summary>
internal sealed record SealedEvent(
    IncomingEvent Source,
    string Id,
    byte[] WrappedKey,
    byte[] DedupeHash,
    byte[] SubjectHash,
    byte[] OrderKey,
    IReadOnlyList<byte[]> KeyHashes,
    byte[] Subject,
    byte[] Headers,
    byte[] Body,
    byte[] BodyHash)
{
    /// <summary>Its state when it is stored and no wait takes it.</summary>
    public string FirstState =>
        Source.QuarantineCode is not null ? EventStates.Quarantined : Source.Runs.Count > 0 ? EventStates.Open : EventStates.Unmatched;
}
