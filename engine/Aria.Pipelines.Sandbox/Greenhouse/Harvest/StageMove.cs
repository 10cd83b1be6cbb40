using System.Text.Json.Nodes;
using Aria.Pipelines.Sandbox.Greenhouse.Records;
using Aria.Pipelines.Sandbox.Serving;

namespace Aria.Pipelines.Sandbox.Greenhouse.Harvest;

/// <summary>
/// <c>POST /v3/applications/{id}/move</c> <c>{from_stage_id, to_stage_id?, to_job_id?}</c> → 204. "from_stage_id is required and
/// must match the candidate's current stage": a stale or wrong one is refused with 422. Without a target it advances by one stage.
/// </summary>
internal sealed class StageMove(Account account, HookFeed hooks, GreenhouseMoveGuard guard)
{
    public Answer Handle(Application application, SandboxRequest request)
    {
        JsonObject body = WriteBody.Read(request, "from_stage_id", "to_stage_id", "to_job_id");
        long from = WriteBody.Id(body, "from_stage_id");
        ApplicationStage current = application.Stage
            ?? throw ListFilters.Refuse($"The application is {application.Status} and has no current stage.");
        if (from != (guard == GreenhouseMoveGuard.ApplicationStage ? current.Id : current.JobStage.Id))
        {
            throw ListFilters.Refuse("from_stage_id does not match the application's current stage.");
        }

        account.Move(application, Target(body, current.JobStage), true);
        hooks.Moved(application);
        return Answer.Empty(204);
    }

    private JobStage Target(JsonObject body, JobStage current)
    {
        Job job = current.Job;
        long? toJob = WriteBody.OptionalId(body, "to_job_id");
        if (toJob is { } jobId)
        {
            job = account.Jobs.Find(jobId) ?? throw ListFilters.Refuse($"to_job_id: there is no job {jobId}.");
        }

        if (WriteBody.OptionalId(body, "to_stage_id") is { } stageId)
        {
            return job.Stages.Find(s => s.Id == stageId) ?? throw ListFilters.Refuse($"to_stage_id: job {job.Id} has no stage {stageId}.");
        }

        return toJob is not null ? job.Stages[0]
            : job.Stages.ElementAtOrDefault(current.SortOrder + 1) ?? throw ListFilters.Refuse("The application is in the last stage.");
    }
}
