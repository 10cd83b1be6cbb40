using System.Text.Json.Nodes;
using Aria.Pipelines.Sandbox.Greenhouse.Records;
using Aria.Pipelines.Sandbox.Limits;
using Aria.Pipelines.Sandbox.Serving;

namespace Aria.Pipelines.Sandbox.Greenhouse.Harvest;

/// <summary>
/// <c>/v3</c>: rate limit, bearer token, scope, then the route. Bodies of 401, 403, 404 and 429 are not published by the
/// vendor; the <c>{"message":…}</c> form here is a choice. Used under the account's lock.
/// </summary>
internal sealed class HarvestApi(GreenhouseOptions options, Account account, HookFeed hooks, TokenDesk tokens, ListEndpoint lists)
{
    public const string Prefix = "/v3/";
    private readonly FixedWindow _window = new(options.Time, options.RateLimit, TimeSpan.FromSeconds(30));
    private readonly NoteCreation _notes = new(account);
    private readonly StageMove _moves = new(account, hooks, options.MoveGuard);

    public Answer Handle(SandboxRequest request)
    {
        Allowance allowance = _window.Take();
        if (!allowance.Allowed)
        {
            return allowance.Stamp(Answer.Message(429, "Too many requests."));
        }

        try
        {
            return allowance.Stamp(Route(request));
        }
        catch (RefusedException refused)
        {
            return allowance.Stamp(refused.Answer);
        }
    }

    private Answer Route(SandboxRequest request)
    {
        User user = tokens.UserOf(request)
            ?? throw new RefusedException(Answer.Message(401, "Unauthorized").With("WWW-Authenticate", "Bearer"));
        string[] path = request.Path[Prefix.Length..].Split('/');
        return (request.Method, path) switch
        {
            ("GET", [string name]) when lists.Find(name) is { } resource => List(user, resource, request),
            ("PATCH", ["applications", string id]) => Write(user, "applications:update", () => Patch(Find(account.Applications, id), request)),
            ("PATCH", ["candidates", string id]) => Write(user, "candidates:update", () => Patch(Find(account.Candidates, id), request)),
            ("POST", ["notes"]) => Write(user, "notes:create", () => _notes.Handle(request)),
            ("POST", ["applications", string id, "move"]) => Write(user, "applications:move", () => _moves.Handle(Find(account.Applications, id), request)),
            _ => Answer.Message(404, "Not found."),
        };
    }

    private Answer List(User user, ListResource resource, SandboxRequest request)
    {
        NeedScope($"{resource.Name}:list");
        if (request.Body.Length > 0)
        {
            return Answer.Message(403, "A GET must not carry a body.");
        }

        if (user.SiteAdmin)
        {
            return lists.Handle(resource, request.Query);
        }

        return options.NonAdminLists == GreenhouseNonAdminLists.Empty ? Answer.Json(200, new JsonArray()) : Forbidden();
    }

    private Answer Write(User user, string scope, Func<Answer> work)
    {
        NeedScope(scope);
        return user.SiteAdmin ? work() : Forbidden();
    }

    private Answer Patch(Application application, SandboxRequest request)
    {
        JsonObject body = WriteBody.Read(request, "custom_fields");
        new FieldWrite(account, "application").Apply(body["custom_fields"], application.Fields);
        application.Touch(account.Now);
        account.ApplicationPatches++;
        hooks.Updated(application);
        return Answer.Json(200, application.Row);
    }

    private Answer Patch(Candidate candidate, SandboxRequest request)
    {
        JsonObject body = WriteBody.Read(request, "custom_fields", "tags");
        List<string>? tags = body.TryGetPropertyValue("tags", out JsonNode? node) ? ReadTags(node) : null;
        if (body.TryGetPropertyValue("custom_fields", out JsonNode? customFields))
        {
            new FieldWrite(account, "candidate").Apply(customFields, candidate.Fields);
        }

        if (tags is not null)
        {
            candidate.Tags.Clear();
            candidate.Tags.AddRange(tags);
        }

        candidate.Touch(account.Now);
        account.CandidatePatches++;
        hooks.Updated(candidate);
        return Answer.Json(200, candidate.Row);
    }

    // Arrays other than custom_fields are replaced as a whole (v1, documented).
    private static List<string> ReadTags(JsonNode? node) =>
        node is JsonArray array
            ? [.. array.Select(t => SandboxJson.Text(t) ?? throw ListFilters.Refuse("tags must hold strings."))]
            : throw ListFilters.Refuse("tags must be an array.");

    private void NeedScope(string scope)
    {
        if (options.Scopes is { } scopes && !scopes.Contains("harvest:" + scope))
        {
            throw new RefusedException(Forbidden());
        }
    }

    private static Answer Forbidden() => Answer.Message(403, "Forbidden");

    private static T Find<T>(Table<T> table, string id)
        where T : Entity =>
        (long.TryParse(id, out long number) ? table.Find(number) : null) ?? throw new RefusedException(Answer.Message(404, "Not found."));
}
