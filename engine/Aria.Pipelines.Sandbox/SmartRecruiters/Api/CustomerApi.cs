using System.Globalization;
using System.Text.Json.Nodes;
using Aria.Pipelines.Sandbox.Limits;
using Aria.Pipelines.Sandbox.Serving;
using Aria.Pipelines.Sandbox.SmartRecruiters.Records;
using Aria.Pipelines.Sandbox.Webhooks;

namespace Aria.Pipelines.Sandbox.SmartRecruiters.Api;

/// <summary>
/// All endpoints: first how many requests are under way, then the endpoint's rate, then the credential and its scopes, then the work.
/// Every answer says what is left. Attachments, offers, reviews, interviews and the partner APIs are not played.
/// </summary>
internal sealed class CustomerApi
{
    private static readonly string[] ReadCandidates = ["candidates_read"];
    private static readonly string[] ManageCandidates = ["candidates_manage"];
    private readonly SmartRecruitersOptions _options;
    private readonly Account _account;
    private readonly TokenDesk _desk;
    private readonly ApiRoute[] _routes;
    private readonly Dictionary<ApiRoute, RollingWindow> _windows;

    public CustomerApi(SmartRecruitersOptions options, Account account, HookFeed hooks, WebhookSender sender)
    {
        (_options, _account, _desk) = (options, account, new TokenDesk(options, account));
        Subscriptions = new SubscriptionsApi(account, sender);
        _routes = [.. Candidates(hooks), .. Others(), .. Webhooks()];
        _windows = _routes.ToDictionary(r => r, _ => new RollingWindow(options.Time, options.RateLimit, TimeSpan.FromSeconds(1)));
    }

    public SubscriptionsApi Subscriptions { get; }

    public async Task<Answer> HandleAsync(SandboxRequest request, CancellationToken cancel)
    {
        if (request.Path == TokenDesk.Path)
        {
            lock (_account.Gate)
            {
                return _desk.Handle(request);
            }
        }

        string[] path = request.Path.Split('/');
        foreach (ApiRoute route in _routes)
        {
            if (route.Match(request.Method, path) is { } ids)
            {
                return await ServeAsync(route, ids, request, cancel);
            }
        }

        return ApiError.Of(404, "NOT_FOUND", "There is no such endpoint.");
    }

    private async Task<Answer> ServeAsync(ApiRoute route, string[] ids, SandboxRequest request, CancellationToken cancel)
    {
        (int underWay, int limit) = route is { Method: "GET", Path: "/candidates" } ? (request.Alike, _options.SearchConcurrentLimit) : (request.Together, _options.ConcurrentLimit);
        Allowance rate;
        Answer? answer = null;
        lock (_account.Gate)
        {
            rate = underWay <= limit ? _windows[route].Take() : new Allowance(false, _options.RateLimit, 0, default, default);
            if (rate.Allowed)
            {
                try
                {
                    _desk.Admit(request, route.Scopes);
                    answer = route.Waiting is null ? route.Work(ids, request) : null;
                }
                catch (RefusedException refused)
                {
                    answer = refused.Answer;
                }
            }
            else
            {
                answer = ApiError.Of(429, "TOO_MANY_REQUESTS", underWay <= limit ? "Too many requests in a second." : "Too many requests at once.");
                answer = _options.RetryAfter is { } seconds ? answer.With("Retry-After", Number(seconds)) : answer;
            }
        }

        answer ??= await WaitAsync(route, ids, cancel);
        return answer
            .With("X-RateLimit-Limit", Number(_options.RateLimit)).With("X-RateLimit-Remaining", Number(rate.Remaining))
            .With("X-RateLimit-Concurrent-Limit", Number(limit)).With("X-RateLimit-Concurrent-Remaining", Number(Math.Max(0, limit - underWay)));
    }

    private static async Task<Answer> WaitAsync(ApiRoute route, string[] ids, CancellationToken cancel)
    {
        try
        {
            return await route.Waiting!(ids, cancel);
        }
        catch (RefusedException refused)
        {
            return refused.Answer;
        }
    }

    private ApiRoute[] Candidates(HookFeed hooks)
    {
        var search = new CandidateSearch(_account);
        var statuses = new StatusWrite(_account, hooks);
        var properties = new PropertyWrite(_account, hooks);
        var tags = new TagsApi(_account);
        return
        [
            new("GET", "/candidates", ReadCandidates, (_, request) => search.Handle(request)),
            new("GET", "/candidates/*", ReadCandidates, (ids, _) => Answer.Json(200, Forms.Candidate(Person(ids[0]), details: true))),
            new("GET", "/candidates/*/jobs/*", ReadCandidates, (ids, _) => Answer.Json(200, Forms.Application(Assigned(ids)))),
            new("GET", "/candidates/*/jobs/*/status/history", ["candidates_read", "candidate_status_read"], (ids, _) => Answer.Json(200, Forms.History(Assigned(ids)))),
            new("PUT", "/candidates/*/jobs/*/status", ManageCandidates, (ids, request) => statuses.Handle(Assigned(ids), request)),
            new("GET", "/candidates/*/jobs/*/properties", ReadCandidates, (ids, request) => Properties(Assigned(ids), request)),
            new("PUT", "/candidates/*/jobs/*/properties", ManageCandidates, (ids, request) => properties.Handle(Assigned(ids), request)),
            new("GET", "/candidates/*/tags", ReadCandidates, (ids, _) => TagsApi.Get(Person(ids[0]))),
            new("POST", "/candidates/*/tags", ManageCandidates, (ids, request) => tags.Write(Person(ids[0]), request, replace: false)),
            new("PUT", "/candidates/*/tags", ManageCandidates, (ids, request) => tags.Write(Person(ids[0]), request, replace: true)),
            new("DELETE", "/candidates/*/tags", ManageCandidates, (ids, _) => tags.Clear(Person(ids[0]))),
        ];
    }

    private ApiRoute[] Others()
    {
        var messages = new MessagesApi(_account, _desk);
        return
        [
            new("GET", "/jobs/*", ["jobs_read"], (ids, _) => Answer.Json(200, Forms.Job(_account.Jobs.FirstOrDefault(j => j.Id == ids[0]) ?? throw ApiError.Refuse(404, "JOB_NOT_FOUND", $"Job {ids[0]} does not exist.")))),
            new("GET", "/configuration/candidate-properties", ["configuration_read"], (_, _) => Answer.Json(200, Forms.List(_account.Properties.Select(Forms.Property)))),
            new("GET", "/configuration/candidate-properties/*/values", ["configuration_read"], (ids, _) => Answer.Json(200, Options(ids[0]))),
            new("POST", "/messages/shares", ["messages_write"], (_, request) => messages.Share(request)),
            new("GET", "/messages", ["messages_read"], (_, request) => messages.Fetch(request)),
        ];
    }

    private ApiRoute[] Webhooks()
    {
        const string path = SubscriptionsApi.Path;
        string[] read = ["webhooks_read", "webhooks_manage"];
        string[] write = ["webhooks_write", "webhooks_manage"];
        return
        [
            new("POST", path, write, (_, request) => Subscriptions.Create(request)),
            new("GET", path, read, (_, request) => Subscriptions.List(request)),
            new("GET", $"{path}/*", read, (ids, _) => Subscriptions.Get(ids[0])),
            new("DELETE", $"{path}/*", ["webhooks_delete", "webhooks_manage"], (ids, _) => Subscriptions.Delete(ids[0])),
            new("PUT", $"{path}/*/activation", write, (_, _) => Answer.Empty(204)) { Waiting = (ids, cancel) => Subscriptions.ActivateAsync(ids[0], cancel) },
            new("POST", $"{path}/*/secret-key", write, (ids, _) => Subscriptions.CreateKey(ids[0])),
            new("GET", $"{path}/*/secret-key", read, (ids, _) => Subscriptions.GetKey(ids[0])),
            new("GET", $"{path}/*/callbacks-log", read, (ids, request) => Subscriptions.Log(ids[0], request)),
        ];
    }

    private JsonObject Options(string id)
    {
        Property property = _account.Properties.FirstOrDefault(p => p.Id == id) ?? throw ApiError.Refuse(404, "PROPERTY_NOT_FOUND", $"There is no candidate property {id}.");
        return Forms.List(property.Options.Select(o => new JsonObject { ["id"] = o.Id, ["label"] = o.Label }));
    }

    private Answer Properties(Application application, SandboxRequest request)
    {
        Form.Query(request.Query, ["context"]);
        string context = request.Query.TryGetValue("context", out var given) ? given.ToString() : "PROFILE";
        return context is "PROFILE" or "OFFER_FORM" or "HIRE_FORM" or "OFFER_APPROVAL_FORM"
            ? Answer.Json(200, Forms.List(_account.Properties.Select(p => Forms.Value(p, application.Values.GetValueOrDefault(p.Id)))))
            : throw ApiError.Invalid("'context' must be PROFILE, OFFER_FORM, HIRE_FORM or OFFER_APPROVAL_FORM.");
    }

    private Candidate Person(string id) => _account.Candidates.Find(c => c.Id == id) ?? throw ApiError.NoCandidate(id);

    private Application Assigned(string[] ids) =>
        Person(ids[0]).Applications.Find(a => a.Job.Id == ids[1]) ?? throw ApiError.NotAssigned(ids[0], ids[1]);

    private static string Number(int number) => number.ToString(CultureInfo.InvariantCulture);
}
