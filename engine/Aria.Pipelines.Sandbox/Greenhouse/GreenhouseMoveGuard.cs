namespace Aria.Pipelines.Sandbox.Greenhouse;

/// <summary>Which id <c>from_stage_id</c> of a move means; public sources disagree.</summary>
public enum GreenhouseMoveGuard
{
    /// <summary>The application-stage instance, <c>applications.stage_id</c>.</summary>
    ApplicationStage,

    /// <summary>The stage of the job's plan, <c>job_interview_stages.id</c>.</summary>
    JobInterviewStage,
}
