using System.Text.Json.Nodes;
using Aria.Pipelines.Sandbox.Serving;

namespace Aria.Pipelines.Sandbox.Greenhouse.Records;

internal sealed class Job(long id, string name, DateTimeOffset at) : Entity(id, at)
{
    public string Name { get; } = name;

    public List<JobStage> Stages { get; } = [];

    protected override JsonObject Build() => new()
    {
        ["id"] = Id,
        ["name"] = Name,
        ["requisition_id"] = null,
        ["notes"] = null,
        ["confidential"] = false,
        ["status"] = "open",
        ["opened_at"] = SandboxJson.Time(CreatedAt),
        ["closed_at"] = null,
        ["department_id"] = null,
        ["office_ids"] = new JsonArray(),
        ["is_template"] = false,
        ["copied_from_id"] = null,
        ["custom_fields"] = new JsonObject(),
        ["created_at"] = SandboxJson.Time(CreatedAt),
        ["updated_at"] = SandboxJson.Time(UpdatedAt),
    };
}

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
