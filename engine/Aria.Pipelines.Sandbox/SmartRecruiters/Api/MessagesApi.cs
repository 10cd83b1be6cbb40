using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Aria.Pipelines.Sandbox.Serving;
using Aria.Pipelines.Sandbox.SmartRecruiters.Records;

namespace Aria.Pipelines.Sandbox.SmartRecruiters.Api;

/// <summary>
/// <c>POST /messages/shares</c> → 201 <c>{id, shareRequired}</c>, and <c>GET /messages?candidateId=</c> for Administrators: newest first, which is not
/// published. Only a tag <c>#[CANDIDATE:id]</c> links a message to a profile; a shared hiring team narrows it to the applications to its job.
/// </summary>
internal sealed partial class MessagesApi(Account account, TokenDesk desk)
{
    public Answer Share(SandboxRequest request)
    {
        JsonObject body = Form.Object(request, "content", "correlationId", "shareWith");
        string content = Form.Text(body, "content");
        if (content.Length > 10_000)
        {
            throw ApiError.Invalid("'content' must have 1 to 10000 characters.");
        }

        // Only appended: no key by which a message would be recognised.
        string shown = Form.OptionalText(body, "correlationId") is { } correlation ? $"{content} {correlation}" : content;
        (string visibility, IReadOnlyList<string> jobs) = Shares(body);
        List<Application> tagged = [.. TagPattern().Matches(content).Select(m => m.Groups["id"].Value).Distinct()
            .Select(id => account.Candidates.Find(c => c.Id == id) ?? throw ApiError.Refuse(400, "CANDIDATE_NOT_FOUND", $"Candidate {id} does not exist."))
            .SelectMany(c => c.Applications).Where(a => jobs.Count == 0 || jobs.Contains(a.Job.Id))];
        var message = new Message(account.NewId("3e55"), shown, visibility, SmartRecruitersSeeds.IntegrationUserId, account.Now, tagged);
        account.Messages.Add(message);
        account.MessagesShared++;
        return Answer.Json(201, new JsonObject { ["id"] = message.Id, ["shareRequired"] = false });
    }

    public Answer Fetch(SandboxRequest request)
    {
        desk.NeedAdministrator(request);
        Form.Query(request.Query, ["candidateId", "jobId", "pageId", "limit"]);
        string candidateId = request.Query["candidateId"].ToString();
        string? jobId = request.Query.TryGetValue("jobId", out var job) ? job.ToString() : null;
        Candidate candidate = account.Candidates.Find(c => c.Id == candidateId)
            ?? throw ApiError.Refuse(400, "CANDIDATE_NOT_FOUND", $"Candidate '{candidateId}' does not exist.");
        if (jobId is not null && !account.Jobs.Any(j => j.Id == jobId))
        {
            throw ApiError.Refuse(400, "JOB_NOT_FOUND", $"Job {jobId} does not exist.");
        }

        if (jobId is not null && !candidate.Applications.Exists(a => a.Job.Id == jobId))
        {
            throw ApiError.Refuse(400, "APPLICATION_NOT_FOUND", $"Candidate {candidateId} has no application to job {jobId}.");
        }

        List<Message> found = [.. account.Messages.Where(m => m.Applications.Any(a => a.Candidate == candidate && (jobId is null || a.Job.Id == jobId))).Reverse()];
        return Page(found, Form.Limit(request.Query), request.Query["pageId"].ToString());
    }

    private static Answer Page(List<Message> found, int limit, string pageId)
    {
        int offset = pageId.Length == 0 ? 0
            : int.TryParse(pageId, NumberStyles.None, CultureInfo.InvariantCulture, out int given) ? given : throw ApiError.Invalid("'pageId' is not valid.");
        var body = new JsonObject { ["content"] = new JsonArray([.. found.Skip(offset).Take(limit).Select(Forms.Message)]) };
        if (offset + limit < found.Count)
        {
            body["nextPageId"] = (offset + limit).ToString(CultureInfo.InvariantCulture);
        }

        return Answer.Json(200, body);
    }

    private (string Visibility, IReadOnlyList<string> Jobs) Shares(JsonObject body)
    {
        if (!body.TryGetPropertyValue("shareWith", out JsonNode? node))
        {
            return ("PRIVATE", []);
        }

        JsonObject share = node is JsonObject given ? Form.Only(given, "users", "hiringTeamOf", "everyone", "openNote") : throw ApiError.Invalid("'shareWith' must be an object.");
        IReadOnlyList<string> users = Form.Texts(share, "users");
        IReadOnlyList<string> jobs = Form.Texts(share, "hiringTeamOf");
        if (users.FirstOrDefault(u => u is not (SmartRecruitersSeeds.IntegrationUserId or SmartRecruitersSeeds.RecruiterUserId)) is { } user)
        {
            throw ApiError.Refuse(400, "USER_NOT_FOUND", $"User {user} does not exist.");
        }

        if (jobs.FirstOrDefault(j => !account.Jobs.Any(a => a.Id == j)) is { } job)
        {
            throw ApiError.Refuse(400, "JOB_NOT_FOUND", $"Job {job} does not exist.");
        }

        bool everyone = Form.Flag(share, "everyone");
        bool open = Form.Flag(share, "openNote");
        return (everyone ? "EVERYONE" : open ? "OPEN" : users.Count + jobs.Count > 0 ? "DIRECT" : "PRIVATE", jobs);
    }

    [GeneratedRegex(@"#\[CANDIDATE:(?<id>[^\]]+)\]", RegexOptions.ExplicitCapture, 10_000)]
    private static partial Regex TagPattern();
}
