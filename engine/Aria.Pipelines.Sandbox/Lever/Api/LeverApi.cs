using System.Text.Json.Nodes;
using Aria.Pipelines.Sandbox.Lever.Records;
using Aria.Pipelines.Sandbox.Limits;
using Aria.Pipelines.Sandbox.Serving;

namespace Aria.Pipelines.Sandbox.Lever.Api;

/// <summary><c>/v1</c>: credentials, the rate limit of the credential, scope, <c>perform_as</c>, then the route. Used under the account's lock.</summary>
internal sealed class LeverApi(Account account, TokenDesk tokens, LeverHooks hooks)
{
    public const string Prefix = "/v1/";
    private readonly Dictionary<string, TokenBucket> _buckets = [];
    private readonly OpportunityReads _reads = new(account);
    private readonly OpportunityWrites _writes = new(account, hooks);
    private readonly WebhookWrites _webhooks = new(account, hooks);

    public Answer Handle(SandboxRequest request)
    {
        try
        {
            Caller caller = tokens.CallerOf(request) ?? throw LeverAnswer.Unauthorized();
            if (Bucket(caller).Take() is { } wait)
            {
                Answer refused = LeverAnswer.Error(429, "RateLimitError", "Too many requests");
                return account.Options.SendsRetryAfter ? refused.With("Retry-After", $"{Math.Max(1, (long)Math.Ceiling(wait.TotalSeconds))}") : refused;
            }

            string[] path = request.Path[Prefix.Length..].Split('/');
            return path is ["opportunities", ..] ? Opportunities(caller, path, request) : Records(caller, path, request);
        }
        catch (RefusedException refused)
        {
            return refused.Answer;
        }
    }

    private Answer Opportunities(Caller caller, string[] path, SandboxRequest request)
    {
        if (path.Length == 1)
        {
            caller.Need("opportunities", "read");
            return request.Method == "GET" ? _reads.List(request) : throw Missing(request);
        }

        return request.Method == "GET" ? Read(caller, path, request) : Write(caller, path, request);
    }

    private Answer Read(Caller caller, string[] path, SandboxRequest request)
    {
        caller.Need(path.Length == 3 && path[2] is "notes" or "feedback" ? path[2] : "opportunities", "read");
        Opportunity found = Find(path[1]);
        return path[2..] switch
        {
            [] => OpportunityReads.One(found, request),
            ["notes"] => OpportunityReads.Notes(found, request),
            ["feedback"] => OpportunityReads.Feedback(found, request),
            _ => throw Missing(request),
        };
    }

    private Answer Write(Caller caller, string[] path, SandboxRequest request)
    {
        bool known = path.Length >= 3;
        caller.Need(known && path[2] is "notes" or "feedback" ? path[2] : "opportunities", "write");
        OpportunityReads.Allow(request, "perform_as");
        string user = PerformAs(request, isRequired: account.Options.PerformAs == LeverPerformAs.Always || (known && path[2] == "feedback"));
        Opportunity found = Find(path[1]);
        return (request.Method, path[2..]) switch
        {
            ("PUT", ["stage"]) => _writes.Stage(found, request),
            ("PUT", ["archived"]) => _writes.Archive(found, request),
            ("POST", ["addTags"]) => _writes.AddTags(found, request),
            ("POST", ["removeTags"]) => _writes.RemoveTags(found, request),
            ("POST", ["addLinks"]) => _writes.AddLinks(found, request),
            ("POST", ["removeLinks"]) => _writes.RemoveLinks(found, request),
            ("POST", ["notes"]) => _writes.AddNote(found, user, request),
            ("PUT", ["notes", string note]) => _writes.ReplaceNote(found, note, user, request),
            ("DELETE", ["notes", string note]) => _writes.DeleteNote(found, note),
            ("POST", ["feedback"]) => _writes.AddFeedback(found, user, request),
            _ => throw Missing(request),
        };
    }

    private Answer Records(Caller caller, string[] path, SandboxRequest request)
    {
        if (path[0] == "webhooks")
        {
            caller.Need("webhooks", request.Method == "GET" ? "read" : "write");
            return _webhooks.Handle(path[1..], request);
        }

        (JsonObject[] All, bool Known) held = path[0] switch
        {
            "stages" => ([.. LeverSeeds.Stages.Select(s => Account.Stage(s.Id))], true),
            "postings" => ([.. account.Options.Postings.Select(Account.Posting)], true),
            "users" => ([Account.User(LeverSeeds.UserId), Account.User(LeverSeeds.DeactivatedUserId)], true),
            "archive_reasons" => ([Reason(LeverSeeds.HiredReasonId, "Hired"), Reason(LeverSeeds.UnderqualifiedReasonId, "Underqualified")], true),
            "feedback_templates" => ([Account.Template], true),
            "tags" => ([.. account.Tags.Select(t => new JsonObject { ["text"] = t, ["count"] = account.Opportunities.Count(o => o.Tags.Contains(t)) })], true),
            _ => ([], false),
        };
        if (!held.Known || request.Method != "GET" || path.Length > 2)
        {
            throw Missing(request);
        }

        caller.Need(path[0], "read");
        if (path.Length == 2)
        {
            return LeverAnswer.Data(200, held.All.FirstOrDefault(r => (string?)r["id"] == path[1]) ?? throw LeverAnswer.NotFound(path[0], path[1]));
        }

        OpportunityReads.Allow(request, "limit", "offset", "email", "state");
        return OpportunityReads.Page(request, held.All.Where(r => !request.Query.TryGetValue("email", out var email) || (string?)r["email"] == email));
    }

    private static string PerformAs(SandboxRequest request, bool isRequired)
    {
        string user = request.Query["perform_as"].ToString();
        if (user.Length == 0 && isRequired)
        {
            throw LeverAnswer.BadRequest("Missing required parameter: perform_as");
        }

        return user is "" or LeverSeeds.UserId ? LeverSeeds.UserId : throw LeverAnswer.NotFound("users", user);
    }

    private Opportunity Find(string id) => account.Find(id) ?? throw LeverAnswer.NotFound("opportunities", id);

    private TokenBucket Bucket(Caller caller)
    {
        if (!_buckets.TryGetValue(caller.Credential, out TokenBucket? bucket))
        {
            _buckets[caller.Credential] = bucket = new TokenBucket(account.Options.Time, account.Options.RateLimit, account.Options.Burst);
        }

        return bucket;
    }

    private static JsonObject Reason(string id, string text) => new() { ["id"] = id, ["text"] = text, ["status"] = "active" };

    private static RefusedException Missing(SandboxRequest request) => new(LeverAnswer.Error(404, "ResourceNotFound", $"{request.Method} {request.Path} was not found"));
}
