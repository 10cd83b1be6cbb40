namespace Aria.Pipelines.Testing;

/// <summary>What came of all cases.</summary>
/// <param name="Cases">In the order of pipelines and files.</param>
/// <param name="Coverage">Per pipeline.</param>
/// <param name="Elapsed">From start to end.</param>
internal sealed record SuiteResult(IReadOnlyList<CaseResult> Cases, IReadOnlyList<PipelineCoverage> Coverage, TimeSpan Elapsed)
{
    public int Failed => Cases.Count(c => !c.Passed);
}
