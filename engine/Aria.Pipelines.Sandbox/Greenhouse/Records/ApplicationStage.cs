using System.Text.Json.Nodes;
using Aria.Pipelines.Sandbox.Serving;

namespace Aria.Pipelines.Sandbox.Greenhouse.Records;

/// <summary>One stay of an application in a stage (<c>application_stages</c>). Its days go on counting, so the row is made at every read.</summary>
internal sealed class ApplicationStage(long id, Application application, JobStage stage, DateTimeOffset at, Func<DateTimeOffset> now) : Entity(id, at)
{
    public Application Application { get; } = application;

    public JobStage JobStage { get; } = stage;

    public DateTimeOffset? ExitedAt { get; set; }

    public override JsonObject Row => Build();

    protected override JsonObject Build() => new()
    {
        ["id"] = Id,
        ["application_id"] = Application.Id,
        ["job_interview_stage_id"] = JobStage.Id,
        ["entered_at"] = SandboxJson.Time(CreatedAt),
        ["exited_at"] = ExitedAt is { } at ? SandboxJson.Time(at) : null,
        ["days_in_stage"] = (int)((ExitedAt ?? now()) - CreatedAt).TotalDays,
        ["current"] = ExitedAt is null,
        ["created_at"] = SandboxJson.Time(CreatedAt),
        ["updated_at"] = SandboxJson.Time(UpdatedAt),
    };
}
