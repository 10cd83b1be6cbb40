using System.Text.Json.Nodes;
using Aria.Pipelines.Sandbox.Serving;

namespace Aria.Pipelines.Sandbox.Greenhouse.Records;

internal sealed class Candidate(long id, GreenhouseCandidate person, FieldValues fields, DateTimeOffset at) : Entity(id, at)
{
    public GreenhouseCandidate Person { get; set; } = person;

    public FieldValues Fields { get; } = fields;

    public List<string> Tags { get; } = [];

    public JsonArray EmailAddresses() => Values(Person.Email, "personal");

    public JsonArray PhoneNumbers() => Values(Person.Phone, "mobile");

    protected override JsonObject Build() => new()
    {
        ["id"] = Id,
        ["first_name"] = Person.FirstName,
        ["last_name"] = Person.LastName,
        ["preferred_name"] = null,
        ["company"] = null,
        ["title"] = null,
        ["private"] = false,
        ["can_email"] = true,
        ["email_addresses"] = EmailAddresses(),
        ["phone_numbers"] = PhoneNumbers(),
        ["addresses"] = new JsonArray(),
        ["website_addresses"] = new JsonArray(),
        ["social_media_addresses"] = new JsonArray(),
        ["tags"] = new JsonArray([.. Tags.Select(t => JsonValue.Create(t))]),
        ["linked_user_ids"] = new JsonArray(),
        ["time_zone"] = null,
        ["custom_fields"] = Fields.ToJson(),
        ["last_activity_at"] = SandboxJson.Time(UpdatedAt),
        ["created_at"] = SandboxJson.Time(CreatedAt),
        ["updated_at"] = SandboxJson.Time(UpdatedAt),
    };

    private static JsonArray Values(string? value, string type) =>
        value is null ? [] : new JsonArray(new JsonObject { ["value"] = value, ["type"] = type });
}
