using System.Text.Json.Nodes;
using Aria.Pipelines.Sandbox.Serving;

namespace Aria.Pipelines.Sandbox.Greenhouse.Records;

internal sealed class CustomField(long id, GreenhouseFieldSeed seed, int sortOrder, DateTimeOffset at) : Entity(id, at)
{
    public string NameKey => seed.NameKey;

    public string Name => seed.Name;

    public string FieldType => seed.FieldType;

    public string ValueType => seed.ValueType;

    /// <summary>The type a value reports: the definition's <c>yes_no</c> is <c>boolean</c> there.</summary>
    public string ReportedType => ValueType == "yes_no" ? "boolean" : ValueType;

    public List<CustomFieldOption> Options { get; } = [];

    protected override JsonObject Build() => new()
    {
        ["id"] = Id,
        ["name"] = Name,
        ["name_key"] = NameKey,
        ["field_type"] = FieldType,
        ["value_type"] = ValueType,
        ["active"] = true,
        ["api_only"] = false,
        ["private"] = false,
        ["required"] = false,
        ["require_approval"] = false,
        ["trigger_new_version"] = false,
        ["expose_in_job_board_api"] = false,
        ["use_for_job_approvals"] = false,
        ["use_for_offer_approvals"] = false,
        ["application_type"] = null,
        ["default_value"] = null,
        ["description"] = null,
        ["internal_type"] = null,
        ["placeholder"] = null,
        ["sort_order"] = sortOrder,
        ["template_token_string"] = null,
        ["updated_by_id"] = GreenhouseSeeds.SiteAdminId,
        ["created_at"] = SandboxJson.Time(CreatedAt),
        ["updated_at"] = SandboxJson.Time(UpdatedAt),
    };
}
