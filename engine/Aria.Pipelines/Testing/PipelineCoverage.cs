namespace Aria.Pipelines.Testing;

/// <summary>What the cases of a pipeline reach of it.</summary>
/// <param name="Pipeline">Its id.</param>
/// <param name="All">All there is, in the order of the file.</param>
/// <param name="Reached">What was reached.</param>
internal sealed record PipelineCoverage(string Pipeline, IReadOnlyList<CoveragePoint> All, IReadOnlySet<CoveragePoint> Reached)
{
    public IEnumerable<CoveragePoint> Missing => All.Where(p => !Reached.Contains(p));

    /// <summary>Reached, in percent; 100 for a pipeline with nothing to reach.</summary>
    public double Percent => All.Count == 0 ? 100 : 100.0 * All.Count(Reached.Contains) / All.Count;

    public (int Reached, int All) Of(CoverageKind kind) => (All.Count(p => p.Kind == kind && Reached.Contains(p)), All.Count(p => p.Kind == kind));
}
