using System.Text.Json.Nodes;
using Aria.Pipelines.Sandbox.Serving;

namespace Aria.Pipelines.Sandbox.Greenhouse.Records;

internal sealed class User(long id, string name, DateTimeOffset at) : Entity(id, at)
{
    public string Name { get; } = name;

    public required bool SiteAdmin { get; init; }

    public bool IsService { get; init; }

    public string Email => $"user.{Id}@example.com";

    protected override JsonObject Build() => new()
    {
        ["id"] = Id,
        ["name"] = Name,
        ["first_name"] = Name.Split(' ')[0],
        ["last_name"] = Name.Split(' ')[^1],
        ["primary_email"] = Email,
        ["emails"] = new JsonArray(Email),
        ["employee_id"] = null,
        ["job_title"] = null,
        ["deactivated"] = false,
        ["site_admin"] = SiteAdmin,
        ["agency_id"] = null,
        ["department_ids"] = new JsonArray(),
        ["office_ids"] = new JsonArray(),
        ["linked_candidate_ids"] = new JsonArray(),
        ["interviewer_tags"] = new JsonArray(),
        ["custom_fields"] = new JsonObject(),
        ["created_at"] = SandboxJson.Time(CreatedAt),
        ["updated_at"] = SandboxJson.Time(UpdatedAt),
    };
}
