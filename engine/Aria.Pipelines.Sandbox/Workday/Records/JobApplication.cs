namespace Aria.Pipelines.Sandbox.Workday.Records;

/// <summary>An application with every step it was in, so that it can be shown as of an earlier moment.</summary>
internal sealed class JobApplication(string id, Candidate candidate, WorkdayRequisition requisition, DateTimeOffset appliedAt)
{
    public string Id => id;

    public string Wid => Tenant.Wid("application", id);

    /// <summary>The business process event of the application.</summary>
    public string EventWid => Tenant.Wid("application event", id);

    public Candidate Candidate => candidate;

    public WorkdayRequisition Requisition => requisition;

    public DateTimeOffset AppliedAt => appliedAt;

    public List<StepVisit> Visits { get; } = [];

    public WorkdayStep Step => Visits[^1].Step;

    /// <summary>Why it ended; null while it is in progress.</summary>
    public WorkdayStep? Disposition { get; set; }

    /// <summary>The step as of a moment; null when it did not exist.</summary>
    public StepVisit? At(DateTimeOffset moment) => Visits.LastOrDefault(v => v.At <= moment);

    /// <summary>The step of an id that may follow the present one; null when none may.</summary>
    public WorkdayStep? Next(string stepId)
    {
        int now = requisition.Steps.ToList().FindIndex(s => s.Id == Step.Id);
        WorkdayStep? next = now + 1 < requisition.Steps.Count ? requisition.Steps[now + 1] : null;
        return next?.Id == stepId ? next : null;
    }
}

/// <summary>A step entered.</summary>
internal sealed record StepVisit(WorkdayStep Step, DateTimeOffset At);
