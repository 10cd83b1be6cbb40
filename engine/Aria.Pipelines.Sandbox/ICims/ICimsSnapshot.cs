namespace Aria.Pipelines.Sandbox.ICims;

/// <summary>The account at one moment, for assertions.</summary>
public sealed record ICimsSnapshot(IReadOnlyList<ICimsWorkflowView> Workflows, IReadOnlyList<ICimsMoveView> Moves, ICimsCounts Counts)
{
    /// <summary>The workflow of this id; throws <see cref="KeyNotFoundException"/> when there is none.</summary>
    public ICimsWorkflowView Workflow(long id) =>
        Workflows.FirstOrDefault(w => w.Id == id) ?? throw new KeyNotFoundException($"There is no workflow {id}.");
}

/// <summary>What came in over HTTP, and tokens given out.</summary>
/// <param name="Calls">Calls counted against the daily budget.</param>
/// <param name="Patches">Workflows patched.</param>
/// <param name="EntriesCreated">Entries made in collections.</param>
/// <param name="EntriesIgnored">Entries that were there already: answered as success, nothing changed.</param>
/// <param name="TokensIssued">Access tokens.</param>
public sealed record ICimsCounts(int Calls, int Patches, int EntriesCreated, int EntriesIgnored, int TokensIssued);

/// <summary>One recruiting workflow. A field's value is its text, or the value of its list node.</summary>
public sealed record ICimsWorkflowView(
    long Id, long PersonId, long JobId, string StatusId, string Status, IReadOnlyDictionary<string, string> Fields, IReadOnlyList<ICimsAssessmentView> Assessments);

/// <summary>One entry of <c>assessmentresults</c>; null for a field that is empty.</summary>
public sealed record ICimsAssessmentView(long Entry, string? Name, string? Status, string? Score, string? Result, string? Notes, string? Date, string? Url);

/// <summary>One change of status. <paramref name="OverHttp"/> is false for those made in process or over the control API.</summary>
public sealed record ICimsMoveView(long WorkflowId, string From, string To, bool OverHttp);
