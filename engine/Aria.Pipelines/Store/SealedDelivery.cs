namespace Aria.Pipelines.Store;

/// <summary>A delivery ready to be written: encrypted and hashed on the caller's thread, so that the writer only writes.</summary>
internal sealed record SealedDelivery(string Id, Acceptance Acceptance, IReadOnlyList<SealedEvent> Events, long? DecodedFrom = null);
