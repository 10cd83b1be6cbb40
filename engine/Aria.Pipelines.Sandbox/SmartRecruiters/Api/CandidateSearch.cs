using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Aria.Pipelines.Sandbox.Serving;
using Aria.Pipelines.Sandbox.SmartRecruiters.Records;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;

namespace Aria.Pipelines.Sandbox.SmartRecruiters.Api;

/// <summary>
/// <c>GET /candidates</c>: those with an application that match every criterion, 10 a page unless <c>limit</c> says otherwise, then by
/// <c>pageId</c> from the body or from the relative <c>Link</c>. Filters by location, source, question, consent and onboarding are not played and refused.
/// </summary>
internal sealed class CandidateSearch(Account account)
{
    private static readonly string[] Once = ["q", "limit", "pageId", "subStatus", "updatedAfter"];
    private static readonly string[] Repeatable = ["jobId", "status", "tag", "propertyId", "propertyValueId"];

    public Answer Handle(SandboxRequest request)
    {
        IQueryCollection query = request.Query;
        Form.Query(query, Once, Repeatable);
        int limit = Form.Limit(query);
        List<Candidate> found = [.. account.Candidates.Where(c => c.Applications.Count > 0).Where(Criteria(query))];
        int offset = query.TryGetValue("pageId", out var page) ? Read(page!) : 0;
        List<Candidate> shown = [.. found.Skip(offset).Take(limit)];
        string? next = offset + shown.Count < found.Count ? Write(offset + shown.Count) : null;
        var body = new JsonObject
        {
            ["limit"] = limit,
            ["offset"] = offset,
            ["totalFound"] = found.Count,
            ["content"] = new JsonArray([.. shown.Select(c => Forms.Candidate(c, details: false))]),
        };
        if (next is null)
        {
            return Answer.Json(200, body);
        }

        body["nextPageId"] = next;
        var parameters = query.Where(q => q.Key is not ("pageId" or "limit"))
            .SelectMany(q => q.Value.Select(v => KeyValuePair.Create(q.Key, v)))
            .Append(new("limit", limit.ToString(CultureInfo.InvariantCulture))).Append(new("pageId", next));
        return Answer.Json(200, body).With("Link", $"<{QueryHelpers.AddQueryString("/candidates", parameters)}>; rel=\"next\"");
    }

    private static Func<Candidate, bool> Criteria(IQueryCollection query)
    {
        string[] jobs = Values(query, "jobId");
        string[] statuses = Values(query, "status");
        string? subStatus = query.TryGetValue("subStatus", out var s) ? s.ToString() : null;
        if (statuses.FirstOrDefault(v => !Account.Statuses.Contains(v)) is { } unknown)
        {
            throw ApiError.Invalid($"'{unknown}' is not a status.");
        }

        if (subStatus is not null && statuses.Length == 0)
        {
            throw ApiError.Invalid("'subStatus' works only together with 'status'.");
        }

        (string Id, string Value)[] properties = Properties(query);
        string[] tags = Values(query, "tag");
        DateTimeOffset? after = query.TryGetValue("updatedAfter", out var time) ? Form.Time("updatedAfter", time.ToString()) : null;
        string q = query["q"].ToString();
        return c => (after is null || c.UpdatedOn > after)
            && tags.All(t => c.Tags.Contains(t, StringComparer.OrdinalIgnoreCase))
            && (q.Length == 0 || $"{c.Person.FirstName} {c.Person.LastName} {c.Person.Email}".Contains(q, StringComparison.OrdinalIgnoreCase))
            && c.Applications.Exists(a => (jobs.Length == 0 || jobs.Contains(a.Job.Id))
                && (statuses.Length == 0 || statuses.Contains(a.Status))
                && (subStatus is null || a.SubStatus == subStatus)
                && properties.All(p => a.Values.GetValueOrDefault(p.Id)?.ToString() == p.Value));
    }

    private static (string Id, string Value)[] Properties(IQueryCollection query)
    {
        string[] ids = Values(query, "propertyId");
        string[] values = Values(query, "propertyValueId");
        return ids.Length == values.Length ? [.. ids.Zip(values)]
            : throw ApiError.Refuse(400, "FIELDS_CRITERIA_SIZE_VIOLATED", "Each propertyId needs its propertyValueId.");
    }

    private static string[] Values(IQueryCollection query, string name) => [.. query[name].OfType<string>()];

    private static string Write(int offset) => WebEncoders.Base64UrlEncode(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"page:{offset}")));

    private static int Read(string pageId)
    {
        try
        {
            string text = Encoding.UTF8.GetString(WebEncoders.Base64UrlDecode(pageId));
            if (text.StartsWith("page:", StringComparison.Ordinal) && int.TryParse(text["page:".Length..], NumberStyles.None, CultureInfo.InvariantCulture, out int offset))
            {
                return offset;
            }
        }
        catch (FormatException)
        {
            throw ApiError.Invalid("'pageId' is not valid.");
        }

        throw ApiError.Invalid("'pageId' is not valid.");
    }
}
