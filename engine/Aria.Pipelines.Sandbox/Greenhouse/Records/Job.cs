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
