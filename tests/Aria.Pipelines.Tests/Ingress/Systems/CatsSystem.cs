using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Aria.Pipelines.Abstractions;
using Aria.Pipelines.Outbound;
using Aria.Pipelines.Sandbox.Limits;

namespace Aria.Pipelines.Tests.Ingress.Systems;

/// <summary>
/// CATS as docs.catsone.com describes its API v3: HAL, a token in Authorization, so many requests an hour with the rest in a header, ids in Location
/// and no bodies after changes. It lists fewer than it is asked for, so that only <c>next</c> tells whether there is more.
/// </summary>
/// <param name="time">Its clock.</param>
/// <param name="budget">Requests that the account has in an hour; 500 by its documentation.</param>
internal sealed partial class CatsSystem(TimeProvider time, int budget) : PolledSystem(time)
{
    private const int OfPage = 3;
    private const int Job = 1621;
    private const int Workflow = 2168;
    private const int FirstStatus = 130;
    private const int FirstCandidate = 1700;

    // Custom fields of candidates, by what they hold of an interview.
    private static readonly Dictionary<int, string> Fields = new() { [9001] = "status", [9002] = "score", [9003] = "recommendation", [9004] = "transcript", [9005] = "recording" };
    private static readonly string[] ActivityTypes = ["email", "meeting", "call_talked", "call_lvm", "call_missed", "text_message", "other"];

    private readonly RollingWindow _hour = new(time, budget, TimeSpan.FromHours(1));
    private readonly List<(int Candidate, int Id, string Type, int? Regarding, string Notes)> _activities = [];
    private readonly Dictionary<string, int> _ratings = [];

    public override IReadOnlyList<string> Feeds => ["date_created", "date_modified"];

    /// <summary>What a webhook posts of a change.</summary>
    public static byte[] Delivery(Application changed) => Encoding.UTF8.GetBytes(new JsonObject
    {
        ["event"] = changed.Version == 1 ? "pipeline.created" : "pipeline.status_changed",
        ["pipeline_id"] = Number(changed.Id),
        ["date"] = Written(changed.UpdatedAt),
        ["_links"] = new JsonObject { ["pipeline"] = Link($"/pipelines/{changed.Id}") },
        ["_embedded"] = new JsonObject { ["pipeline"] = Pipeline(changed, 0) },
    }.ToJsonString());

    protected override HttpAnswer Handle(ConnectorRequest request)
    {
        Allowance allowance = _hour.Take();
        if (!allowance.Allowed)
        {
            long wait = (long)Math.Ceiling((allowance.Reset - allowance.Now).TotalSeconds);
            return Say(429, null, ("Retry-After", wait.ToString(CultureInfo.InvariantCulture)), ("X-Rate-Limit-Limit", $"{budget}"), ("X-Rate-Limit-Remaining", "0"));
        }
        HttpAnswer answer = Header(request, "Authorization") == "Token key-1" ? Routed(request) : Say(401, Message("Invalid API key."));
        var headers = answer.Response!.Headers.ToDictionary(h => h.Key, h => h.Value);
        (headers["X-Rate-Limit-Limit"], headers["X-Rate-Limit-Remaining"]) = ([$"{budget}"], [allowance.Remaining.ToString(CultureInfo.InvariantCulture)]);
        return answer with { Response = answer.Response with { Headers = headers } };
    }

    private HttpAnswer Routed(ConnectorRequest request)
    {
        JsonObject body = [];
        if (request.Body.Length > 0)
        {
            if (Header(request, "Content-Type")?.StartsWith("application/json", StringComparison.Ordinal) == false || Parsed(request) is not { } parsed)
            {
                return Bad("only JSON is accepted", 415);
            }
            body = parsed;
        }
        Dictionary<string, string> query = request.Url.Query.Length == 0 ? [] : request.Url.Query.TrimStart('?').Split('&').Select(p => p.Split('=')).ToDictionary(p => Uri.UnescapeDataString(p[0]), p => Uri.UnescapeDataString(p[1]));
        string[] path = request.Url.AbsolutePath.Split('/');
        if (path is not ["", "v3", .. string[] rest])
        {
            return Bad($"there is nothing at {request.Url.AbsolutePath}", 404);
        }
        string[] pages = ["page", "per_page"];
        return (request.Method, rest) switch
        {
            ("POST", ["pipelines", "search"]) => Known(query, pages) ?? Search(query, body),
            ("GET", ["pipelines", "workflows", var workflow, "statuses"]) when workflow == $"{Workflow}" => Known(query, pages) ?? List(query, "statuses", Names.Select(Status), 1),
            ("GET", ["pipelines", "workflows", var workflow, "statuses", var id]) when workflow == $"{Workflow}" => Known(query, []) ?? Found(Array.Find(Names, n => $"{StatusOf(n)}" == id) is { } name ? Status(name) : null),
            ("GET", ["pipelines", var id]) => Known(query, []) ?? Found(One(id) is { } application ? Pipeline(application, _ratings.GetValueOrDefault(id)) : null),
            ("PUT", ["pipelines", var id]) when One(id) is not null => Known(query, []) ?? Rate(id, body),
            ("POST", ["pipelines", var id, "status"]) when One(id) is { } application => Known(query, ["create_activity"]) ?? ChangeStatus(application, query, body),
            ("GET", ["candidates", "custom_fields"]) => Known(query, pages) ?? List(query, "custom_fields", Fields.Select(f => new JsonObject { ["id"] = f.Key, ["name"] = f.Value }), OfPage),
            ("GET", ["candidates", var id]) => Known(query, []) ?? Found(OfCandidate(id) is { } application ? Candidate(application) : null),
            ("GET", ["candidates", var id, "activities"]) when OfCandidate(id) is not null => Known(query, pages) ?? List(query, "activities", _activities.Where(a => $"{a.Candidate}" == id).Select(Activity), OfPage),
            ("POST", ["candidates", var id, "activities"]) when OfCandidate(id) is { } application => Known(query, []) ?? AddActivity(application, body),
            ("PUT", ["candidates", var id, "custom_fields", var field]) when OfCandidate(id) is { } application && Fields.Keys.Any(f => $"{f}" == field) => Known(query, []) ?? SetField(application, Fields[Number(field)], body),
            ("GET", ["jobs", var id]) => Known(query, []) ?? Found(id == $"{Job}" ? new JsonObject { ["id"] = Job, ["title"] = "Warehouse Associate", ["external_id"] = "REQ-12", ["workflow_id"] = Workflow } : null),
            _ => Bad($"there is nothing like {request.Method} {request.Url.PathAndQuery}", 404),
        };
    }

    private HttpAnswer Search(Dictionary<string, string> query, JsonObject body)
    {
        string field = (string?)body["field"] ?? "";
        if (body.Select(m => m.Key).Except(["field", "filter", "value"]).Any() || !Feeds.Contains(field) || (string?)body["filter"] != "greater_than"
            || !Rfc3339().IsMatch((string?)body["value"] ?? ""))
        {
            return Bad("a filter has a field, a filter of that field, and a value: dates are RFC 3339");
        }
        DateTimeOffset since = DateTimeOffset.Parse((string)body["value"]!, CultureInfo.InvariantCulture);
        DateTimeOffset At(Application a) => field == "date_created" ? a.AppliedAt : a.UpdatedAt;
        Application[] found = [.. Applications.Where(a => At(a) > since && a.VisibleAt <= Now)];
        int page = int.Parse(query.GetValueOrDefault("page") ?? "1", CultureInfo.InvariantCulture);
        if (page == 1)
        {
            BeginPass(field);
        }
        if (found.Length <= page * OfPage)
        {
            EndPass(field);
        }
        return List(query, "pipelines", found.Select(a => Pipeline(a, _ratings.GetValueOrDefault(a.Id))), OfPage);
    }

    private HttpAnswer Rate(string id, JsonObject body)
    {
        if (body.Count != 1 || body["rating"]?.GetValueKind() != JsonValueKind.Number || (int)body["rating"]! is < 0 or > 5)
        {
            return Bad("a pipeline has a rating from 0 to 5");
        }
        _ratings[id] = (int)body["rating"]!;
        return Say(204, null);
    }

    private HttpAnswer ChangeStatus(Application application, Dictionary<string, string> query, JsonObject body)
    {
        if ((query.GetValueOrDefault("create_activity") ?? "false") is not ("true" or "false")
            || body.Select(m => m.Key).Except(["status_id", "triggers"]).Any() || body["status_id"]?.GetValueKind() != JsonValueKind.Number
            || Array.Find(Names, n => StatusOf(n) == (int)body["status_id"]!) is not { } name)
        {
            return Bad("the workflow has no such status");
        }
        // Each change stands in the history, also one to the status that it has already.
        Notes.Add($"{application.Id}: Status is {name}");
        if (query.GetValueOrDefault("create_activity") == "true")
        {
            _activities.Add((CandidateOf(application), _activities.Count + 1, "other", Job, $"Status: {name}"));
        }
        Move(application.Id, name);
        return Say(201, null, ("Location", $"https://api.catsone.com/v3/pipelines/{application.Id}/statuses"));
    }

    private HttpAnswer AddActivity(Application application, JsonObject body)
    {
        if (body.Select(m => m.Key).Except(["type", "regarding_id", "notes", "date"]).Any() || !ActivityTypes.Contains((string?)body["type"])
            || (body["regarding_id"] is { } regarding && (regarding.GetValueKind() != JsonValueKind.Number || (int)regarding != Job)))
        {
            return Bad("an activity has a type of those that there are, notes, and a job that it is regarding");
        }
        string notes = (string?)body["notes"] ?? "";
        _activities.Add((CandidateOf(application), _activities.Count + 1, (string)body["type"]!, (int?)body["regarding_id"], notes));
        Notes.Add($"{application.Id}: {Marker().Replace(notes, "")}");
        return Say(201, null, ("Location", $"https://api.catsone.com/v3/activities/{_activities.Count}"));
    }

    private HttpAnswer SetField(Application application, string member, JsonObject body)
    {
        if (body.Count != 1 || body["value"]?.GetValueKind() != JsonValueKind.String)
        {
            return Bad("a custom field has a value");
        }
        string value = (string)body["value"]!;
        // As people chose to call it in the connection.
        string held = member is "status" or "recommendation" ? value.Replace('-', '_').ToLowerInvariant() : value;
        Save(application.Id, m => m == member ? JsonValue.Create(held) : null);
        return Say(204, null);
    }

    private HttpAnswer List(Dictionary<string, string> query, string name, IEnumerable<JsonNode> all, int size)
    {
        int page = int.Parse(query.GetValueOrDefault("page") ?? "1", CultureInfo.InvariantCulture);
        if (page < 1 || int.Parse(query.GetValueOrDefault("per_page") ?? "25", CultureInfo.InvariantCulture) is < 1 or > 100)
        {
            return Bad("a page holds 1 to 100");
        }
        JsonNode[] found = [.. all];
        JsonNode[] shown = [.. found.Skip((page - 1) * size).Take(size)];
        JsonObject links = found.Length > page * size ? new() { ["next"] = Link($"/{name}?page={page + 1}") } : [];
        return Say(200, new JsonObject { ["count"] = shown.Length, ["total"] = found.Length, ["_links"] = links, ["_embedded"] = new JsonObject { [name] = new JsonArray(shown) } });
    }

    private static JsonObject Pipeline(Application application, int rating) => new()
    {
        ["id"] = Number(application.Id), ["candidate_id"] = CandidateOf(application), ["job_id"] = Job, ["rating"] = rating, ["workflow_id"] = Workflow, ["status_id"] = StatusOf(application.Stage),
        ["date_created"] = Written(application.AppliedAt), ["date_modified"] = Written(application.UpdatedAt), ["_links"] = new JsonObject { ["self"] = Link($"/pipelines/{application.Id}") },
    };

    private static JsonObject Candidate(Application application) => new()
    {
        ["id"] = CandidateOf(application), ["first_name"] = application.Person.First, ["middle_name"] = null, ["last_name"] = application.Person.Last,
        ["emails"] = new JsonObject { ["primary"] = application.Person.Email, ["secondary"] = null }, ["source"] = "Career Portal",
        ["_embedded"] = new JsonObject { ["phones"] = new JsonArray(new JsonObject { ["id"] = 1, ["number"] = "+16125550100", ["extension"] = null, ["type"] = "mobile" }) },
    };

    private static JsonObject Status(string name) =>
        new() { ["id"] = StatusOf(name), ["title"] = name, ["mapping"] = "interviewing", ["prerequisites"] = new JsonArray(), ["triggers"] = new JsonArray() };

    private static JsonNode Activity((int Candidate, int Id, string Type, int? Regarding, string Notes) activity) => new JsonObject
    {
        ["id"] = activity.Id, ["data_item"] = new JsonObject { ["id"] = activity.Candidate, ["type"] = "candidate" }, ["regarding_id"] = activity.Regarding, ["type"] = activity.Type, ["notes"] = activity.Notes,
    };

    private static JsonObject Link(string href) => new() { ["href"] = href };

    private static JsonObject Message(string text) => new() { ["message"] = text };

    private static JsonObject? Parsed(ConnectorRequest request)
    {
        try
        {
            return JsonNode.Parse(request.Body.Span) as JsonObject;
        }
        catch (JsonException)
        {
            // Refused as what it is.
            return null;
        }
    }

    private HttpAnswer? Known(Dictionary<string, string> query, string[] known) => query.Keys.Except(known).FirstOrDefault() is { } unknown ? Bad($"there is no parameter '{unknown}'") : null;

    private static HttpAnswer Found(JsonNode? record) => record is null ? Say(404, Message("Not found.")) : Say(200, record);

    private HttpAnswer Bad(string why, int status = 400)
    {
        Violations.Add(why);
        return Say(status, Message(why));
    }

    private static HttpAnswer Say(int status, JsonNode? body, params ReadOnlySpan<(string Name, string Value)> headers)
    {
        var all = new Dictionary<string, IReadOnlyList<string>>();
        if (body is not null)
        {
            all["Content-Type"] = ["application/json"];
        }
        foreach ((string name, string value) in headers)
        {
            all[name] = [value];
        }
        return new HttpAnswer(new ConnectorResponse(status, all, body is null ? ReadOnlyMemory<byte>.Empty : Encoding.UTF8.GetBytes(body.ToJsonString())), true, null, null, TimeSpan.Zero);
    }

    private static string? Header(ConnectorRequest request, string name) => request.Headers.FirstOrDefault(h => string.Equals(h.Key, name, StringComparison.OrdinalIgnoreCase)).Value;

    private Application? One(string id) => Applications.FirstOrDefault(a => a.Id == id);

    private Application? OfCandidate(string id) => Applications.FirstOrDefault(a => $"{CandidateOf(a)}" == id);

    private static int CandidateOf(Application application) => FirstCandidate + Number(application.Id);

    private static int StatusOf(string name) => FirstStatus + Array.IndexOf(Names, name);

    private static int Number(string id) => int.Parse(id, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"\s*\[aria:[^\]]*\]", RegexOptions.None, 10_000)]
    private static partial Regex Marker();

    [GeneratedRegex(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$", RegexOptions.ExplicitCapture, 10_000)]
    private static partial Regex Rfc3339();
}
