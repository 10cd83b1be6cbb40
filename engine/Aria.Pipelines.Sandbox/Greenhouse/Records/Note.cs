using System.Text.Json.Nodes;
using Aria.Pipelines.Sandbox.Serving;

namespace Aria.Pipelines.Sandbox.Greenhouse.Records;

internal sealed class Note(long id, DateTimeOffset at) : Entity(id, at)
{
    public required long CandidateId { get; init; }

    public required long? ApplicationId { get; init; }

    public required long UserId { get; init; }

    public required string Body { get; init; }

    public required string Type { get; init; }

    /// <summary>The read form: <c>admin_only_visible</c>, <c>privately_visible</c> or <c>publicly_visible</c>.</summary>
    public required string Visibility { get; init; }

    protected override JsonObject Build() => new()
    {
        ["id"] = Id,
        ["candidate_id"] = CandidateId,
        ["application_id"] = ApplicationId,
        ["user_id"] = UserId,
        ["body"] = Body,
        ["body_with_tags"] = Body,
        ["subject"] = null,
        ["type"] = Type,
        ["visibility"] = Visibility,
        ["email_from"] = null,
        ["email_to"] = null,
        ["email_cc"] = new JsonArray(),
        ["email_attachment_file_names"] = null,
        ["import_hash"] = null,
        ["created_at"] = SandboxJson.Time(CreatedAt),
        ["updated_at"] = SandboxJson.Time(UpdatedAt),
    };
}
