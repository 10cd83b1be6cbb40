using System.Text.Json.Nodes;
using Aria.Pipelines.Sandbox.Serving;

namespace Aria.Pipelines.Sandbox.Greenhouse.Records;

internal sealed class Application(long id, Candidate candidate, Job job, FieldValues fields, DateTimeOffset at) : Entity(id, at)
{
    public Candidate Candidate { get; } = candidate;

    public Job Job { get; set; } = job;

    public FieldValues Fields { get; } = fields;

    /// <summary>The v3 status: <c>in_process</c>, <c>hired</c> or <c>rejected</c>.</summary>
    public string Status { get; set; } = "in_process";

    /// <summary>The occupied stage; null in a terminal state.</summary>
    public ApplicationStage? Stage { get; set; }

    /// <summary>The latest stage occupied, also in a terminal state: webhooks go on naming it.</summary>
    public required JobStage LastStage { get; set; }

    public DateTimeOffset? RejectedAt { get; set; }

    protected override JsonObject Build() => new()
    {
        ["id"] = Id,
        ["candidate_id"] = Candidate.Id,
        ["job_id"] = Job.Id,
        ["job_post_id"] = null,
        ["status"] = Status,
        ["stage_id"] = Stage?.Id,
        ["stage_name"] = Stage?.JobStage.Name,
        ["prospect"] = false,
        ["prospective_job_ids"] = new JsonArray(),
        ["needs_decision"] = false,
        ["recruiter_id"] = null,
        ["coordinator_id"] = null,
        ["referrer_id"] = null,
        ["source_id"] = null,
        ["agency_note_id"] = null,
        ["rejected_at"] = RejectedAt is { } rejected ? SandboxJson.Time(rejected) : null,
        ["location_address"] = null,
        ["answers"] = new JsonArray(),
        ["custom_fields"] = Fields.ToJson(),
        ["last_activity_at"] = SandboxJson.Time(UpdatedAt),
        ["created_at"] = SandboxJson.Time(CreatedAt),
        ["updated_at"] = SandboxJson.Time(UpdatedAt),
    };
}
