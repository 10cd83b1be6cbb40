using System.Globalization;
using System.Text.Json.Nodes;

namespace Aria.Pipelines.Sandbox.Lever.Records;

/// <summary>All that the account holds. Used under <see cref="Gate"/>.</summary>
internal sealed class Account(LeverOptions options)
{
    private int _ids;

    public Lock Gate { get; } = new();

    public LeverOptions Options => options;

    public List<Opportunity> Opportunities { get; } = [];

    public List<LeverMoveView> Moves { get; } = [];

    public HashSet<string> Tags { get; } = new(StringComparer.Ordinal);

    public int TokensIssued { get; set; }

    public long Now => options.Time.GetUtcNow().ToUnixTimeMilliseconds();

    /// <summary>A new id in the form of a UUID, the same for the same history.</summary>
    public string NextId() => string.Create(CultureInfo.InvariantCulture, $"{++_ids:x8}-0000-4000-8000-{_ids:x12}");

    public Opportunity? Find(string id) => Opportunities.Find(o => o.Id == id);

    public Opportunity Create(LeverCandidate person, string postingId, Contact? contact)
    {
        LeverPosting posting = options.Postings.FirstOrDefault(p => p.Id == postingId) ?? throw new KeyNotFoundException($"There is no posting '{postingId}'.");
        var opportunity = new Opportunity(NextId(), NextId(), contact ?? new Contact(NextId(), person), posting, Now) { StageId = LeverSeeds.ApplicantStageId };
        Opportunities.Add(opportunity);
        return opportunity;
    }

    public static JsonObject Stage(string id) => new() { ["id"] = id, ["text"] = LeverSeeds.Stages.First(s => s.Id == id).Text };

    public static JsonObject User(string id) => new()
    {
        ["id"] = id,
        ["name"] = id == LeverSeeds.UserId ? "Chandler Bing" : "Former Colleague",
        ["username"] = id == LeverSeeds.UserId ? "chandler" : "former",
        ["email"] = id == LeverSeeds.UserId ? "chandler@example.com" : "former@example.com",
        ["accessRole"] = "super admin",
        ["deactivatedAt"] = id == LeverSeeds.UserId ? null : 1767225600000,
    };

    public static JsonObject Template => new()
    {
        ["id"] = LeverSeeds.TemplateId,
        ["text"] = "ARIA interview",
        ["instructions"] = "",
        ["group"] = null,
        ["fields"] = new JsonArray(
            new JsonObject
            {
                ["id"] = LeverSeeds.RatingFieldId,
                ["type"] = "score-system",
                ["text"] = "Rating",
                ["required"] = true,
                ["options"] = new JsonArray([.. LeverSeeds.Scores.Select((s, i) => (JsonNode)new JsonObject { ["text"] = s, ["optionId"] = $"{i}" })]),
            },
            new JsonObject { ["id"] = LeverSeeds.SummaryFieldId, ["type"] = "textarea", ["text"] = "Summary", ["required"] = false }),
    };

    public static JsonObject Posting(LeverPosting posting) => new()
    {
        ["id"] = posting.Id,
        ["text"] = posting.Text,
        ["state"] = "published",
        ["confidentiality"] = "non-confidential",
        ["tags"] = new JsonArray(),
        ["requisitionCodes"] = new JsonArray([.. posting.RequisitionCodes.Select(c => (JsonNode)c)]),
        ["user"] = LeverSeeds.UserId,
        ["owner"] = LeverSeeds.UserId,
        ["hiringManager"] = LeverSeeds.UserId,
        ["workplaceType"] = "unspecified",
    };
}
