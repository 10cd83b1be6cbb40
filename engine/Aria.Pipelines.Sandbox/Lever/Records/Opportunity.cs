using System.Text.Json.Nodes;

namespace Aria.Pipelines.Sandbox.Lever.Records;

/// <summary>A person.</summary>
internal sealed class Contact(string id, LeverCandidate person)
{
    public string Id => id;

    public LeverCandidate Person => person;

    public List<string> Links { get; } = [];

    public JsonObject ToJson() => new()
    {
        ["id"] = id,
        ["name"] = person.Name,
        ["headline"] = "",
        ["emails"] = person.Email is { } email ? new JsonArray(email) : [],
        ["phones"] = Phones(),
    };

    public JsonArray Phones() => person.Phone is { } phone ? [new JsonObject { ["type"] = "mobile", ["value"] = phone }] : [];
}

/// <summary>A note. Those made through the API can be changed through it.</summary>
internal sealed record Note(string Id, string UserId, string Value, bool Secret, int? Score, long CreatedAt);

/// <summary>A feedback form of one interviewer; a draft until it is completed.</summary>
internal sealed record Feedback(string Id, string UserId, IReadOnlyList<KeyValuePair<string, string?>> Values, long CreatedAt, long? CompletedAt);

/// <summary>One person's candidacy: the unit of every read and write.</summary>
internal sealed class Opportunity(string id, string applicationId, Contact contact, LeverPosting posting, long createdAt)
{
    public string Id => id;

    public string ApplicationId => applicationId;

    public Contact Contact => contact;

    public LeverPosting Posting => posting;

    public long CreatedAt { get; } = createdAt;

    public long UpdatedAt { get; set; } = createdAt;

    public long LastAdvancedAt { get; set; } = createdAt;

    public required string StageId { get; set; }

    public (string Reason, long At)? Archived { get; set; }

    public List<string> Tags { get; } = [];

    public List<Note> Notes { get; } = [];

    public List<Feedback> Feedback { get; } = [];

    public List<JsonObject> StageChanges { get; } = [];

    /// <summary>The opportunity as reads show it.</summary>
    /// <param name="expand">What is written out instead of named by its id: applications, stage, contact, owner.</param>
    public JsonObject ToJson(IReadOnlyCollection<string> expand) => new()
    {
        ["id"] = id,
        ["name"] = contact.Person.Name,
        ["contact"] = expand.Contains("contact") ? contact.ToJson() : contact.Id,
        ["headline"] = "",
        ["stage"] = expand.Contains("stage") ? Account.Stage(StageId) : StageId,
        ["confidentiality"] = "non-confidential",
        ["location"] = "",
        ["phones"] = contact.Phones(),
        ["emails"] = contact.Person.Email is { } email ? new JsonArray(email) : [],
        ["links"] = new JsonArray([.. contact.Links.Select(l => (JsonNode)l)]),
        ["archived"] = Archived is var (reason, at) ? new JsonObject { ["reason"] = reason, ["archivedAt"] = at } : null,
        ["tags"] = new JsonArray([.. Tags.Select(t => (JsonNode)t)]),
        ["sources"] = new JsonArray("Careers page"),
        ["stageChanges"] = new JsonArray([.. StageChanges.Select(c => c.DeepClone())]),
        ["origin"] = "applied",
        ["sourcedBy"] = null,
        ["owner"] = expand.Contains("owner") ? Account.User(LeverSeeds.UserId) : LeverSeeds.UserId,
        ["followers"] = new JsonArray(),
        ["applications"] = new JsonArray(expand.Contains("applications") ? Application() : applicationId),
        ["createdAt"] = CreatedAt,
        ["updatedAt"] = UpdatedAt,
        ["lastInteractionAt"] = UpdatedAt,
        ["lastAdvancedAt"] = LastAdvancedAt,
        ["snoozedUntil"] = null,
        ["urls"] = new JsonObject { ["list"] = "https://hire.lever.co/candidates", ["show"] = $"https://hire.lever.co/candidates/{id}" },
        ["isAnonymized"] = false,
        ["dataProtection"] = new JsonObject { ["store"] = Allowed(), ["contact"] = Allowed() },
    };

    private JsonObject Application() => new()
    {
        ["id"] = applicationId,
        ["opportunityId"] = id,
        ["candidateId"] = id,
        ["type"] = "posting",
        ["posting"] = posting.Id,
        ["user"] = LeverSeeds.UserId,
        ["name"] = contact.Person.Name,
        ["email"] = contact.Person.Email,
        ["phone"] = contact.Phones() is [{ } phone] ? phone.DeepClone() : null,
        ["archived"] = null,
        ["createdAt"] = CreatedAt,
    };

    private static JsonObject Allowed() => new() { ["allowed"] = true, ["expiresAt"] = null };
}
