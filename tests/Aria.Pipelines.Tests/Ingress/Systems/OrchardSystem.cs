using System.Globalization;
using System.Text.Json.Nodes;
using Aria.Pipelines.Abstractions;
using Aria.Pipelines.Outbound;

namespace Aria.Pipelines.Tests.Ingress.Systems;

/// <summary>Speaks JSON:API: sparse fields, bracketed filters, counted pages that shift while records change, times in whole seconds.</summary>
internal sealed class OrchardSystem(TimeProvider time) : PolledSystem(time)
{
    private static readonly string[] Known = ["fields[applications]", "include", "filter[updated-at][gte]", "sort", "page[number]", "page[size]"];

    protected override HttpAnswer Handle(ConnectorRequest request)
    {
        if (!Says(request, "Authorization", "Token token=token-1") || !Says(request, "X-Orchard-Version", "20260101") || !Says(request, "Accept", "application/vnd.api+json"))
        {
            return Refuse("the request carries no token or version, or does not ask for JSON:API");
        }
        if (request.Method != "GET" && !Says(request, "Content-Type", "application/vnd.api+json"))
        {
            return Refuse("what is sent is not called JSON:API");
        }
        if (request.Method == "GET" && request.Url.AbsolutePath == "/v1/stages")
        {
            return Stages(request);
        }
        if (request.Method != "GET")
        {
            return Write(request);
        }
        Dictionary<string, string> query = request.Url.Query.TrimStart('?').Split('&').Select(p => p.Split('=')).ToDictionary(p => Uri.UnescapeDataString(p[0]), p => Uri.UnescapeDataString(p[1]));
        if (request.Method != "GET" || request.Url.AbsolutePath != "/v1/applications" || query.Keys.Except(Known).Any()
            || !DateTimeOffset.TryParseExact(query.GetValueOrDefault("filter[updated-at][gte]"), "yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out DateTimeOffset since)
            || query.GetValueOrDefault("sort") != "updated-at")
        {
            return Refuse($"there is nothing like {request.Method} {request.Url.PathAndQuery}");
        }
        int number = int.Parse(query["page[number]"], CultureInfo.InvariantCulture);
        int size = int.Parse(query["page[size]"], CultureInfo.InvariantCulture);
        Application[] found = [.. Applications.Where(a => a.UpdatedAt >= since && a.VisibleAt <= Now).OrderBy(a => a.UpdatedAt)];
        string[] fields = query["fields[applications]"].Split(',');
        var data = new JsonArray([.. found.Skip((number - 1) * size).Take(size).Select(a => Resource(a, fields))]);
        string? next = found.Length > number * size ? $"{request.Url.GetLeftPart(UriPartial.Path)}{request.Url.Query.Replace($"page%5Bnumber%5D={number}", $"page%5Bnumber%5D={number + 1}", StringComparison.Ordinal)}" : null;
        return Answer(200, new JsonObject
        {
            ["data"] = data,
            ["included"] = new JsonArray([.. Names.Select(Stage)]),
            ["links"] = new JsonObject { ["next"] = next },
        });
    }

    private static JsonObject Resource(Application application, string[] fields)
    {
        var all = new JsonObject
        {
            ["version"] = application.Version, ["updated-at"] = application.UpdatedAt.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture), ["notes"] = "not asked for",
        };
        var asked = new JsonObject(fields.Select(f => KeyValuePair.Create(f, all[f]?.DeepClone())));
        return new JsonObject
        {
            ["type"] = "applications",
            ["id"] = application.Id,
            ["attributes"] = asked,
            ["relationships"] = new JsonObject { ["stage"] = new JsonObject { ["data"] = new JsonObject { ["type"] = "stages", ["id"] = IdOf(application.Stage) } } },
        };
    }

    private static bool Says(ConnectorRequest request, string header, string value) => request.Headers.Any(h => h.Key == header && h.Value == value);

    private static string IdOf(string stage) => $"s{Array.IndexOf(Names, stage) + 1}";

    private static JsonNode Stage(string name) => new JsonObject { ["type"] = "stages", ["id"] = IdOf(name), ["attributes"] = new JsonObject { ["name"] = name } };

    /// <summary>One stage a page, so that whoever looks for a name has to read on.</summary>
    private static HttpAnswer Stages(ConnectorRequest request)
    {
        int page = request.Url.Query.Length == 0 ? 1 : int.Parse(request.Url.Query[^1..], CultureInfo.InvariantCulture);
        return Answer(200, new JsonObject
        {
            ["data"] = new JsonArray(Stage(Names[page - 1])),
            ["links"] = new JsonObject { ["next"] = page < Names.Length ? $"/v1/stages?page={page + 1}" : null },
        });
    }

    private HttpAnswer Write(ConnectorRequest request)
    {
        JsonNode data = JsonNode.Parse(request.Body.Span)!["data"]!;
        string type = data["type"]!.GetValue<string>();
        JsonNode related = data["relationships"]![request.Method == "POST" ? "application" : "stage"]!["data"]!;
        if (request.Method == "POST" && request.Url.AbsolutePath == "/v1/notes" && type == "notes" && related["type"]!.GetValue<string>() == "applications")
        {
            Notes.Add($"{related["id"]!.GetValue<string>()}: {data["attributes"]!["text"]!.GetValue<string>()}");
            return Answer(201, new JsonObject { ["data"] = new JsonObject { ["type"] = "notes", ["id"] = $"n{Notes.Count}" } });
        }
        string id = data["id"]?.GetValue<string>() ?? "";
        if (request.Method == "PATCH" && request.Url.AbsolutePath == $"/v1/applications/{id}" && type == "applications" && Applications.Any(a => a.Id == id))
        {
            Move(id, Names[related["id"]!.GetValue<string>()[^1] - '1']);
            return Answer(200, new JsonObject { ["data"] = new JsonObject { ["type"] = "applications", ["id"] = id } });
        }
        return Refuse($"there is nothing like {request.Method} {request.Url.PathAndQuery}");
    }
}
