using System.Text.Json.Nodes;
using Aria.Pipelines.Sandbox.Serving;

namespace Aria.Pipelines.Sandbox.Greenhouse.Records;

internal sealed class CustomFieldOption(long id, CustomField field, string name, int sortOrder) : Entity(id, field.CreatedAt)
{
    public CustomField Field { get; } = field;

    public string Name { get; } = name;

    protected override JsonObject Build() => new()
    {
        ["id"] = Id,
        ["custom_field_id"] = Field.Id,
        ["name"] = Name,
        ["external_id"] = null,
        ["sort_order"] = sortOrder,
        ["active"] = true,
        ["created_at"] = SandboxJson.Time(CreatedAt),
        ["updated_at"] = SandboxJson.Time(UpdatedAt),
    };
}
