namespace Aria.Pipelines.Sandbox.Workday.Records;

/// <summary>An assessment: started by the process, or made by a request.</summary>
internal sealed class Assessment(string id, JobApplication application, DateTimeOffset at)
{
    public string Id => id;

    public string Wid => Tenant.Wid("assessment", id);

    /// <summary>The assessment's own event.</summary>
    public string EventWid => Tenant.Wid("assessment event", id);

    public JobApplication Application => application;

    /// <summary>When it was started or last changed: the moment that a window of Get_Assess_Candidate is about.</summary>
    public DateTimeOffset Moment { get; set; } = at;

    public bool Started { get; init; }

    public required string Status { get; set; }

    public required string OnDate { get; set; }

    /// <summary>Employee id; null for none.</summary>
    public string? AssessedBy { get; set; }

    public string? Comment { get; set; }

    public IReadOnlyList<WorkdayTestResult> Tests { get; set; } = [];

    public WorkdayAssessmentView View() => new(Id, Started, Status, Comment, Tests);
}
