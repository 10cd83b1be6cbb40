namespace Aria.Pipelines.Store;

/// <summary>Examines what is recorded against the invariants I1 to I9, without changing anything.</summary>
internal interface IStoreInspection
{
    /// <summary>Checks every invariant over one state of the store.</summary>
    /// <returns>One finding for each invariant, I1 first.</returns>
    Task<IReadOnlyList<InvariantFinding>> InspectAsync(CancellationToken cancellationToken);
}
