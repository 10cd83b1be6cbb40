namespace Aria.Pipelines.Store;

/// <summary>How one invariant stands.</summary>
/// <param name="Id"><c>I1</c> to <c>I9</c>.</param>
/// <param name="Promise">What must hold, in words.</param>
/// <param name="Violations">What contradicts it, each with the id of the event, run, effect or row; the first <see cref="MaxNamed"/>.</param>
/// <param name="Count">How many contradict it.</param>
internal sealed record InvariantFinding(string Id, string Promise, IReadOnlyList<string> Violations, long Count)
{
    /// <summary>How many violations are named.</summary>
    public const int MaxNamed = 20;

    public bool Holds => Count == 0;
}
