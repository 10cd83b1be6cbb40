using System.Text.Json.Nodes;
using Aria.Pipelines.Sandbox.Serving;

namespace Aria.Pipelines.Sandbox.Greenhouse.Records;

/// <summary>A stage of a job's interview plan (<c>job_interview_stages</c>).</summary>
internal sealed class JobStage(long id, Job job, string name, int sortOrder) : Entity(id, job.CreatedAt)
{
    public Job Job { get; } = job;

    public string Name { get; } = name;

    public int SortOrder { get; } = sortOrder;

    protected override JsonObject Build() => new()
    {
        ["id"] = Id,
        ["job_id"] = Job.Id,
        ["name"] = Name,
        ["sort_order"] = SortOrder,
        ["active"] = true,
        ["created_at"] = SandboxJson.Time(CreatedAt),
        ["updated_at"] = SandboxJson.Time(UpdatedAt),
    };
}
