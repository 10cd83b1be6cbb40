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

    private static readonly Dictionary<string, string> Promises = new(StringComparer.Ordinal)
    {
        ["I1"] = "Every event that was answered with success is recorded.",
        ["I2"] = "Every event is in exactly one state, and open as long as one of its runs is.",
        ["I3"] = "An unsafe effect whose outcome was unknown goes on only by an operator's decision.",
        ["I4"] = "At most one attempt of an effect is under way.",
        ["I5"] = "All attempts of an effect sent the same request.",
        ["I6"] = "Runs of one subject are never worked on together, and keep their order.",
        ["I7"] = "Every run has its one definition.",
        ["I8"] = "Erased events have no data key, and all others have theirs.",
        ["I9"] = "The audit chain verifies.",
    };

    public bool Holds => Count == 0;

    /// <summary>What an invariant promises, in words.</summary>
    public static string PromiseOf(string id) => Promises[id];
}
