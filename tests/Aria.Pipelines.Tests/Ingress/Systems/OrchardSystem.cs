using System.Globalization;
using System.Text.Json.Nodes;
using Aria.Pipelines.Abstractions;
using Aria.Pipelines.Outbound;

namespace Aria.Pipelines.Tests.Ingress.Systems;

/// <summary>Speaks JSON:API: sparse fields, bracketed filters, counted pages that shift while records change, times in whole seconds.</summary>
internal sealed class OrchardSystem(TimeProvider time) : PolledSystem(time)
{
    private const string Type = "application/vnd.api+json";
    private readonly List<(string External, string Id)> _notes = [];
    private readonly Dictionary<string, DateTimeOffset> _since = [];

    public override IReadOnlyList<string> Feeds => ["created-at", "updated-at"];

    protected override HttpAnswer Handle(ConnectorRequest request)
    {
        if (!Says(request, "Authorization", "Token token=token-1"))
        {
            return Refuse("the request carries no token", 401);
        }
        if (!Says(request, "X-Orchard-Version", "20260101") || !Says(request, "Accept", Type))
        {
            return Refuse("the request names no version, or does not ask for JSON:API");
        }
        if (request.Method != "GET" && !Says(request, "Content-Type", Type))
        {
            return Refuse("what is sent is not called JSON:API", 415);
        }
        Dictionary<string, string> query = request.Url.Query.Length == 0 ? [] : request.Url.Query.TrimStart('?').Split('&').Select(p => p.Split('=')).ToDictionary(p => Uri.UnescapeDataString(p[0]), p => Uri.UnescapeDataString(p[1]));
        return (request.Method, request.Url.AbsolutePath) switch
        {
            ("GET", "/v1/stages") => Stages(query),
            ("GET", "/v1/applications") => List(request, query),
            ("GET", "/v1/notes") => FindNotes(query),
            ("GET", string path) when One(path) is { } found && query.Keys.All(k => k == "include") => Answer(200, Document(Resource(found, ["version", "status", "created-at", "updated-at"]), [found])),
            ("GET", string path) when path.StartsWith("/v1/applications/", StringComparison.Ordinal) => Answer(404, new JsonObject { ["errors"] = new JsonArray(new JsonObject { ["detail"] = "There is no such application." }) }),
            ("POST", "/v1/notes") => AddNote(Data(request)),
            ("PATCH", string path) when One(path) is { } found => Patch(found, Data(request)),
            _ => Refuse($"there is nothing like {request.Method} {request.Url.PathAndQuery}"),
        };
    }

    private HttpAnswer List(ConnectorRequest request, Dictionary<string, string> query)
    {
        string sort = query.GetValueOrDefault("sort") ?? "";
        string[] known = ["fields[applications]", "include", $"filter[{sort}][gte]", "sort", "page[number]", "page[size]"];
        if (!Feeds.Contains(sort) || query.Keys.Except(known).Any()
            || !DateTimeOffset.TryParseExact(query.GetValueOrDefault($"filter[{sort}][gte]"), "yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out DateTimeOffset since))
        {
            return Refuse($"there is nothing like {request.Method} {request.Url.PathAndQuery}");
        }
        int number = int.Parse(query["page[number]"], CultureInfo.InvariantCulture);
        int size = int.Parse(query["page[size]"], CultureInfo.InvariantCulture);
        DateTimeOffset At(Application a) => sort == "created-at" ? a.AppliedAt : a.UpdatedAt;
        Application[] found = [.. Applications.Where(a => At(a) >= since && a.VisibleAt <= Now).OrderBy(At)];
        Application[] page = [.. found.Skip((number - 1) * size).Take(size)];
        bool isLast = found.Length <= number * size;
        // Who reads on asks anew from a later time.
        if (number == 1 && !(since > _since.GetValueOrDefault(sort)))
        {
            BeginPass(sort);
        }
        _since[sort] = since;
        if (isLast)
        {
            EndPass(sort);
        }
        JsonObject document = Document(new JsonArray([.. page.Select(a => Resource(a, query["fields[applications]"].Split(',')))]), page);
        document["links"] = new JsonObject
        {
            ["next"] = isLast ? null : $"{request.Url.GetLeftPart(UriPartial.Path)}{request.Url.Query.Replace($"page%5Bnumber%5D={number}", $"page%5Bnumber%5D={number + 1}", StringComparison.Ordinal)}",
        };
        return Answer(200, document);
    }

    /// <summary>What is asked for, and beside it what that refers to.</summary>
    private static JsonObject Document(JsonNode data, IEnumerable<Application> of) => new()
    {
        ["data"] = data,
        ["included"] = new JsonArray(
        [
            .. Names.Select(Stage),
            .. of.Select(a => (JsonNode)new JsonObject { ["type"] = "candidates", ["id"] = $"c{a.Id}", ["attributes"] = new JsonObject { ["first-name"] = a.Person.First, ["last-name"] = a.Person.Last, ["email"] = a.Person.Email } }),
            new JsonObject { ["type"] = "jobs", ["id"] = "j1", ["attributes"] = new JsonObject { ["title"] = "Warehouse Associate" } },
        ]),
    };

    private static JsonObject Resource(Application application, string[] fields)
    {
        var all = new JsonObject
        {
            ["version"] = application.Version, ["status"] = "active", ["created-at"] = Written(application.AppliedAt), ["updated-at"] = Written(application.UpdatedAt), ["notes"] = "not asked for",
        };
        return new JsonObject
        {
            ["type"] = "applications",
            ["id"] = application.Id,
            ["attributes"] = new JsonObject(fields.Select(f => KeyValuePair.Create(f, all[f]?.DeepClone()))),
            ["relationships"] = new JsonObject { ["stage"] = To("stages", IdOf(application.Stage)), ["candidate"] = To("candidates", $"c{application.Id}"), ["job"] = To("jobs", "j1") },
        };
    }

    private static JsonObject To(string type, string id) => new() { ["data"] = new JsonObject { ["type"] = type, ["id"] = id } };

    private static bool Says(ConnectorRequest request, string header, string value) => request.Headers.Any(h => string.Equals(h.Key, header, StringComparison.OrdinalIgnoreCase) && h.Value == value);

    private static JsonNode Stage(string name) => new JsonObject { ["type"] = "stages", ["id"] = IdOf(name), ["attributes"] = new JsonObject { ["name"] = name } };

    /// <summary>One stage a page, so that whoever looks for one has to read on.</summary>
    private static HttpAnswer Stages(Dictionary<string, string> query)
    {
        int page = int.Parse(query.GetValueOrDefault("page") ?? "1", CultureInfo.InvariantCulture);
        return Answer(200, new JsonObject
        {
            ["data"] = new JsonArray(Stage(Names[page - 1])),
            ["links"] = new JsonObject { ["next"] = page < Names.Length ? $"/v1/stages?page={page + 1}" : null },
        });
    }

    private HttpAnswer FindNotes(Dictionary<string, string> query) => query.Keys.ToArray() is ["filter[external-id]"]
        ? Answer(200, new JsonObject { ["data"] = new JsonArray([.. _notes.Where(n => n.External == query["filter[external-id]"]).Select(n => (JsonNode)new JsonObject { ["type"] = "notes", ["id"] = n.Id })]) })
        : Refuse("notes are found by their external id");

    private HttpAnswer AddNote(JsonNode data)
    {
        JsonNode? to = data["relationships"]?["application"]?["data"];
        string id = (string?)to?["id"] ?? "";
        if ((string?)data["type"] != "notes" || (string?)to?["type"] != "applications" || Applications.All(a => a.Id != id) || data["attributes"]!.AsObject().Any(a => a.Key is not ("text" or "external-id")))
        {
            return Refuse("a note has a text, an external id, and an application");
        }
        Notes.Add($"{id}: {(string?)data["attributes"]!["text"]}");
        _notes.Add(((string?)data["attributes"]!["external-id"] ?? "", $"n{Notes.Count}"));
        return Answer(201, new JsonObject { ["data"] = new JsonObject { ["type"] = "notes", ["id"] = $"n{Notes.Count}" } });
    }

    private HttpAnswer Patch(Application application, JsonNode data)
    {
        if ((string?)data["type"] != "applications" || (string?)data["id"] != application.Id || data.AsObject().Any(m => m.Key is not ("type" or "id" or "attributes" or "relationships")))
        {
            return Refuse("what is changed is not the application of the path");
        }
        JsonNode? stage = data["relationships"]?["stage"]?["data"];
        JsonObject attributes = data["attributes"]?.AsObject() ?? [];
        if (stage is not null && ((string?)stage["type"] != "stages" || StageOf((string?)stage["id"]) is null)
            || attributes.Any(a => !Application.InterviewMembers.Select(m => $"interview-{m}").Contains(a.Key)))
        {
            return Refuse("the application has no such stage or attribute", 422);
        }
        if (stage is not null)
        {
            Move(application.Id, StageOf((string?)stage["id"])!);
        }
        Save(application.Id, member => attributes[$"interview-{member}"]);
        return Answer(200, new JsonObject { ["data"] = new JsonObject { ["type"] = "applications", ["id"] = application.Id } });
    }

    private Application? One(string path) => Applications.FirstOrDefault(a => path == $"/v1/applications/{a.Id}");

    private static JsonNode Data(ConnectorRequest request) => JsonNode.Parse(request.Body.Span)!["data"]!;
}
