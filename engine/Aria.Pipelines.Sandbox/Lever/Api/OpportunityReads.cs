using System.Globalization;
using System.Text.Json.Nodes;
using Aria.Pipelines.Sandbox.Lever.Records;
using Aria.Pipelines.Sandbox.Serving;
using Microsoft.Extensions.Primitives;

namespace Aria.Pipelines.Sandbox.Lever.Api;

/// <summary>Lists and single records. Parameters that are not documented are refused, so that a typing mistake is not an unfiltered list.</summary>
internal sealed class OpportunityReads(Account account)
{
    private static readonly string[] Expandable = ["applications", "stage", "owner", "followers", "sourcedBy", "contact"];
    private static readonly string[] Paging = ["limit", "offset"];
    private static readonly string[] Filters =
    [
        "expand", "include", "tag", "email", "origin", "source", "confidentiality", "stage_id", "posting_id", "contact_id", "archived",
        "created_at_start", "created_at_end", "updated_at_start", "updated_at_end", "advanced_at_start", "advanced_at_end", .. Paging,
    ];

    public Answer List(SandboxRequest request)
    {
        Allow(request, Filters);
        IReadOnlyCollection<string> expand = Expand(request);
        IEnumerable<Opportunity> found = account.Opportunities.Where(o =>
            Fits(request, "tag", o.Tags) && Fits(request, "email", [o.Contact.Person.Email ?? ""]) && Fits(request, "stage_id", [o.StageId])
            && Fits(request, "posting_id", [o.Posting.Id]) && Fits(request, "contact_id", [o.Contact.Id]) && Fits(request, "origin", ["applied"])
            && Fits(request, "archived", [o.Archived is null ? "false" : "true"])
            && Within(request, "created_at", o.CreatedAt) && Within(request, "updated_at", o.UpdatedAt) && Within(request, "advanced_at", o.LastAdvancedAt));
        return Page(request, found.OrderByDescending(o => o.CreatedAt).Select(o => (JsonNode)o.ToJson(expand)));
    }

    public static Answer One(Opportunity opportunity, SandboxRequest request)
    {
        Allow(request, "expand", "include");
        return LeverAnswer.Data(200, opportunity.ToJson(Expand(request)));
    }

    public static Answer Notes(Opportunity opportunity, SandboxRequest request)
    {
        Allow(request, Paging);
        return Page(request, opportunity.Notes.AsEnumerable().Reverse().Select(n => (JsonNode)new JsonObject
        {
            ["id"] = n.Id,
            ["text"] = "Note",
            ["fields"] = new JsonArray(new JsonObject { ["type"] = "note", ["text"] = "Note", ["value"] = n.Value, ["score"] = n.Score }),
            ["user"] = n.UserId,
            ["secret"] = n.Secret,
            ["completedAt"] = n.CreatedAt,
            ["createdAt"] = n.CreatedAt,
            ["deletedAt"] = null,
        }));
    }

    public static Answer Feedback(Opportunity opportunity, SandboxRequest request)
    {
        Allow(request, Paging);
        return Page(request, opportunity.Feedback.AsEnumerable().Reverse().Select(f => (JsonNode)ToJson(f)));
    }

    public static JsonObject ToJson(Feedback feedback) => new()
    {
        ["id"] = feedback.Id,
        ["type"] = "interview",
        ["text"] = "ARIA interview",
        ["baseTemplateId"] = LeverSeeds.TemplateId,
        ["fields"] = new JsonArray([.. feedback.Values.Select(v => (JsonNode)new JsonObject { ["id"] = v.Key, ["value"] = v.Value })]),
        ["user"] = feedback.UserId,
        ["createdAt"] = feedback.CreatedAt,
        ["completedAt"] = feedback.CompletedAt,
    };

    /// <summary>One page of at most 100; the next one is named by an opaque token that is percent-encoded already.</summary>
    public static Answer Page(SandboxRequest request, IEnumerable<JsonNode> all)
    {
        int limit = 100;
        if (request.Query.TryGetValue("limit", out StringValues given) && (!int.TryParse(given, NumberStyles.None, CultureInfo.InvariantCulture, out limit) || limit is < 1 or > 100))
        {
            throw LeverAnswer.BadRequest("Invalid parameter: limit must be between 1 and 100");
        }

        int from = Offset(request);
        JsonNode[] items = [.. all.Skip(from).Take(limit + 1)];
        bool more = items.Length > limit;
        var page = new JsonObject { ["data"] = new JsonArray(items[..Math.Min(limit, items.Length)]), ["hasNext"] = more };
        if (more)
        {
            page["next"] = Uri.EscapeDataString(string.Create(CultureInfo.InvariantCulture, $"[1,{from + limit}]"));
        }

        return Answer.Json(200, page);
    }

    public static void Allow(SandboxRequest request, params string[] known)
    {
        if (request.Query.Keys.FirstOrDefault(k => !known.Contains(k)) is { } unknown)
        {
            throw LeverAnswer.BadRequest($"Unknown parameter: {unknown}");
        }
    }

    // Sent as it was given, or decoded: which one Lever wants is not confirmed, so both are taken.
    private static int Offset(SandboxRequest request)
    {
        if (!request.Query.TryGetValue("offset", out StringValues offset))
        {
            return 0;
        }

        string token = Uri.UnescapeDataString(offset.ToString());
        return token.StartsWith("[1,", StringComparison.Ordinal) && int.TryParse(token[3..^1], NumberStyles.None, CultureInfo.InvariantCulture, out int from)
            ? from : throw LeverAnswer.BadRequest("Invalid parameter: offset");
    }

    private static IReadOnlyCollection<string> Expand(SandboxRequest request) =>
        [.. request.Query["expand"].OfType<string>().Select(e => Expandable.Contains(e) ? e : throw LeverAnswer.BadRequest($"{e} is not expandable"))];

    private static bool Fits(SandboxRequest request, string name, IEnumerable<string> values) =>
        !request.Query.TryGetValue(name, out StringValues wanted) || wanted.Any(w => values.Contains(w));

    private static bool Within(SandboxRequest request, string name, long at) =>
        at >= (Milliseconds(request, $"{name}_start") ?? long.MinValue) && at <= (Milliseconds(request, $"{name}_end") ?? long.MaxValue);

    private static long? Milliseconds(SandboxRequest request, string name) =>
        !request.Query.TryGetValue(name, out StringValues value) ? null
        : long.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out long at) ? at
        : throw LeverAnswer.BadRequest($"Invalid parameter: {name} must be a timestamp in milliseconds");
}
