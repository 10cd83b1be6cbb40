namespace Aria.Pipelines.Testing;

/// <summary>Something in a pipeline that a case can reach.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Name">Which, in the words of the file: <c>rollout: outside</c>.</param>
internal sealed record CoveragePoint(CoverageKind Kind, string Name);

internal enum CoverageKind
{
    /// <summary>A step that was executed, well or not.</summary>
    Step,

    /// <summary>One way of a decision.</summary>
    Branch,

    /// <summary>A mapping or condition that was evaluated.</summary>
    Mapping,
}
