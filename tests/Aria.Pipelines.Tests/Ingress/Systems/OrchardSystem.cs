using System.Globalization;
using System.Text.Json.Nodes;
using Aria.Pipelines.Abstractions;
using Aria.Pipelines.Outbound;

namespace Aria.Pipelines.Tests.Ingress.Systems;

/// <summary>Speaks JSON:API: sparse fields, bracketed filters, counted pages that shift while records change, times in whole seconds.</summary>
internal sealed class OrchardSystem(TimeProvider time) : PolledSystem(time)
{
    private static readonly string[] Known = ["fields[applications]", "filter[updated-at][gte]", "sort", "page[number]", "page[size]"];

    protected override HttpAnswer Handle(ConnectorRequest request)
    {
        if (request.Headers.All(h => h.Value != "Bearer token-1") || request.Headers.All(h => h.Value != "application/vnd.api+json"))
        {
            return Refuse("the request carries no token, or does not ask for JSON:API");
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
        return Answer(200, new JsonObject { ["data"] = data, ["links"] = new JsonObject { ["next"] = next } });
    }

    private static JsonObject Resource(Application application, string[] fields)
    {
        var all = new JsonObject
        {
            ["stage"] = application.Stage, ["version"] = application.Version, ["updated-at"] = application.UpdatedAt.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture), ["notes"] = "not asked for",
        };
        var asked = new JsonObject(fields.Select(f => KeyValuePair.Create(f, all[f]?.DeepClone())));
        return new JsonObject { ["type"] = "applications", ["id"] = application.Id, ["attributes"] = asked };
    }
}
