using System.Globalization;
using System.Text.Json.Nodes;
using Aria.Pipelines.Sandbox.Bullhorn.Access;
using Aria.Pipelines.Sandbox.Bullhorn.Records;
using Aria.Pipelines.Sandbox.Limits;
using Aria.Pipelines.Sandbox.Serving;

namespace Aria.Pipelines.Sandbox.Bullhorn.Api;

/// <summary><c>/rest-services/{corpToken}/…</c>, with a session. Used under the sandbox's lock.</summary>
internal sealed class RestApi(BullhornOptions options, LoginApi logins, RecordBook book, EventApi events)
{
    private readonly RollingWindow? _limit = options.RequestsPerMinute is { } most ? new RollingWindow(options.Time, most, TimeSpan.FromMinutes(1)) : null;
    private readonly EntityWrites _writes = new(options, book);

    public string Prefix { get; } = $"/rest-services/{options.CorpToken}/";

    public Answer Handle(SandboxRequest request)
    {
        if (Token(request) is not { Length: > 0 } token)
        {
            return Refusal.Of(412, "BhRestToken is missing.");
        }
        if (logins.End(token) is not { } end)
        {
            return Refusal.Of(401, "Bad 'BhRestToken' or timed-out.");
        }
        if (_limit?.Take() is { Allowed: false })
        {
            return Refusal.Of(429, "Too many requests.");
        }
        return (request.Method, request.Path[Prefix.Length..].Split('/')) switch
        {
            ("GET", ["ping"]) => Answer.Json(200, new JsonObject { ["sessionExpires"] = end.ToUnixTimeMilliseconds() }),
            ("GET" or "POST", ["logout"]) => LogOut(token),
            ("GET", ["entity", string type, string ids]) => Read(Known(type), ids, request),
            ("PUT", ["entity", string type]) => _writes.Create(type, request),
            ("POST", ["entity", string type, string id]) => _writes.Update(Find(Known(type), id), request),
            ("GET" or "POST", ["query", string type]) => Query(Known(type), request),
            ("GET" or "POST", ["search", string type]) => Search(Known(type), request),
            ("GET", ["meta", string type]) => Meta(Known(type), request),
            ("GET", ["settings", string names]) => Settings(names),
            (string method, ["event", "subscription", string id, .. string[] rest]) => events.Handle(method, id, rest, request),
            (_, ["entity" or "query" or "search" or "meta" or "settings", ..]) => Refusal.Of(405, "Method not allowed."),
            _ => Refusal.Of(404, "Not found."),
        };
    }

    private Answer LogOut(string token)
    {
        logins.LogOut(token);
        return Answer.Json(200, new JsonObject { ["logout"] = "OK" });
    }

    private Answer Read(EntityType type, string ids, SandboxRequest request)
    {
        FieldList fields = FieldList.Read(request.Query["fields"].ToString(), type);
        if (!ids.Contains(',', StringComparison.Ordinal))
        {
            JsonObject one = fields.Of(Find(type, ids), book);
            return Answer.Json(200, options.BareEntities ? one : new JsonObject { ["data"] = one });
        }
        JsonNode[] found = [.. ids.Split(',').Select(i => book.Find(type.Name, Number(i))).OfType<Record>().Select(r => fields.Of(r, book))];
        return found.Length == 0 ? Refusal.Of(404, "None of them can be found.") : Answer.Json(200, new JsonObject { ["data"] = new JsonArray(found) });
    }

    private Answer Query(EntityType type, SandboxRequest request)
    {
        string where = Text(request, "where") is { Length: > 0 } given ? given : throw Refusal.With(400, "The parameter where is missing.");
        IEnumerable<Record> found = book.Of(type).Where(Jpql.Read(where, type, book));
        if (request.Query["orderBy"].ToString() is { Length: > 0 } order)
        {
            bool down = order[0] == '-';
            string field = order.TrimStart('-', '+');
            string name = type.Fields.ContainsKey(field) ? field : throw Refusal.With(400, $"Invalid orderBy '{order}'.");
            found = down ? found.OrderByDescending(r => r.Values[name], Values.Order) : found.OrderBy(r => r.Values[name], Values.Order);
        }
        return List(type, [.. found], request, total: false);
    }

    private Answer Search(EntityType type, SandboxRequest request)
    {
        if (!type.IsSearched)
        {
            return Refusal.Of(404, $"{type.Name} is not in the search index.");
        }
        string query = Text(request, "query") is { Length: > 0 } given ? given : throw Refusal.With(400, "The parameter query is missing.");
        return List(type, [.. book.Of(type).Where(Lucene.Read(query, type))], request, total: true);
    }

    private Answer List(EntityType type, IReadOnlyList<Record> found, SandboxRequest request, bool total)
    {
        FieldList fields = FieldList.Read(request.Query["fields"].ToString(), type);
        int start = Whole(request, "start", 0);
        int count = Math.Min(Whole(request, "count", 20), 500);
        JsonNode[] rows = [.. found.Skip(start).Take(count).Select(r => fields.Of(r, book))];
        var answer = new JsonObject { ["start"] = start, ["count"] = rows.Length, ["data"] = new JsonArray(rows) };
        if (total)
        {
            answer["total"] = found.Count;
        }
        return Answer.Json(200, answer);
    }

    private static Answer Meta(EntityType type, SandboxRequest request)
    {
        string asked = request.Query["fields"].ToString();
        if (asked.Length == 0)
        {
            return Refusal.Of(400, "The parameter fields is missing.");
        }
        return Answer.Json(200, new JsonObject
        {
            ["entity"] = type.Name,
            ["label"] = type.Name,
            ["fields"] = new JsonArray([.. type.Fields.Values.Where(f => asked == "*" || asked.Split(',').Contains(f.Name)).Select(Shown)]),
        });
    }

    private static JsonObject Shown(Field field)
    {
        var shown = new JsonObject { ["name"] = field.Name, ["type"] = field.Kind switch { FieldKind.Id => "ID", FieldKind.ToOne => "TO_ONE", _ => "SCALAR" } };
        if (field.Kind != FieldKind.ToOne)
        {
            shown["dataType"] = field.Kind switch { FieldKind.Text => "String", FieldKind.Number => "Double", FieldKind.Flag => "Boolean", FieldKind.Time => "Timestamp", _ => "Integer" };
        }
        if (field.Length is { } length)
        {
            shown["maxLength"] = length;
        }
        return shown;
    }

    private Answer Settings(string names)
    {
        var answer = new JsonObject();
        foreach (string name in names.Split(','))
        {
            answer[name] = name switch
            {
                "jobResponseStatusList" => new JsonArray([.. options.Statuses.Select(s => (JsonNode)s)]),
                "commentActionList" => new JsonArray([.. BullhornSeeds.NoteActions.Select(a => (JsonNode)a)]),
                _ => throw Refusal.With(400, $"There is no setting '{name}'."),
            };
        }
        return Answer.Json(200, answer);
    }

    private static string? Token(SandboxRequest request) => request.Query["BhRestToken"].ToString() is { Length: > 0 } inQuery ? inQuery : request.Headers["BhRestToken"].ToString();

    /// <summary>A parameter of the query, or of the body where it is posted.</summary>
    private static string? Text(SandboxRequest request, string name) => request.Method == "GET" ? request.Query[name].ToString()
        : request.MediaType == "application/json" && SandboxJson.TryReadObject(request.Body) is { } body ? SandboxJson.Text(body[name]) : null;

    private static int Whole(SandboxRequest request, string name, int otherwise) => request.Query[name].ToString() is not { Length: > 0 } text ? otherwise
        : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int number) ? number : throw Refusal.With(400, $"The parameter {name} is not a number.");

    private static EntityType Known(string type) => EntityType.All.GetValueOrDefault(type) ?? throw Refusal.With(404, $"There is no entity '{type}'.");

    private Record Find(EntityType type, string id) => book.Find(type.Name, Number(id)) ?? throw Refusal.With(404, $"The {type.Name} {id} cannot be found.");

    private static long Number(string id) => long.TryParse(id, NumberStyles.None, CultureInfo.InvariantCulture, out long number) ? number : throw Refusal.With(400, $"'{id}' is not an id.");
}
