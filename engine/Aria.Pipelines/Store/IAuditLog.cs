namespace Aria.Pipelines.Store;

/// <summary>
/// The chain of what was done, refused and broken off. Each row holds the MAC of the one before, over ciphertext, so it can be verified after
/// content was erased; the number and MAC of the last row are kept apart, so a chain that was cut at its end does not verify either.
/// </summary>
internal interface IAuditLog
{
    /// <summary>Adds entries, in order, in one commit.</summary>
    /// <exception cref="StoreUnavailableException">None was added.</exception>
    Task AppendAsync(IReadOnlyList<AuditEntry> entries, CancellationToken cancellationToken);

    /// <summary>Walks the whole chain.</summary>
    /// <param name="anchor">Where it stood once; null when nobody kept that.</param>
    /// <param name="cancellationToken">Gives up.</param>
    Task<AuditVerdict> VerifyAsync(AuditAnchor? anchor, CancellationToken cancellationToken);

    /// <summary>Where the chain stands; null when it has no rows.</summary>
    Task<AuditAnchor?> FindAnchorAsync(CancellationToken cancellationToken);

    /// <summary>The newest entries, newest first.</summary>
    Task<IReadOnlyList<AuditRow>> ListAsync(int max, CancellationToken cancellationToken);
}
