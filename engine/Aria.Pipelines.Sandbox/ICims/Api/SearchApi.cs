using System.Globalization;
using System.Text.Json.Nodes;
using Aria.Pipelines.Sandbox.ICims.Records;
using Aria.Pipelines.Sandbox.Serving;

namespace Aria.Pipelines.Sandbox.ICims.Api;

/// <summary>
/// <c>GET|POST /search/{type}</c>: ids only, at most 1,000, ascending. Results are kept for 15 minutes and given again unless <c>staleness=0</c> asks for
/// live data. Nothing found is an empty array, as the vendor's prose says; its sample shows errors.
/// </summary>
internal sealed class SearchApi(ICimsOptions options, Account account, Func<Uri> baseUrl)
{
    private const int Most = 1000;
    private static readonly TimeSpan Kept = TimeSpan.FromMinutes(15);
    private readonly Dictionary<string, (DateTimeOffset At, long[] Ids)> _cache = [];

    public Answer Handle(string type, SandboxRequest request)
    {
        JsonObject group = request.Method == "POST" ? CustomerApi.Body(request)
            : SandboxJson.TryReadObject(System.Text.Encoding.UTF8.GetBytes(request.Query["searchJson"].ToString())) ?? throw ICimsError.Of(400, "An unknown parsing error occurred");
        string key = $"{type}\n{group.ToJsonString()}";
        TimeSpan staleness = StalenessOf(request.Query["staleness"]);
        // Read before the cache is asked, so that a filter which is not valid is refused each time.
        Func<long, bool> fits = SearchFilters.Read(type, group, account);
        if (!_cache.TryGetValue(key, out var found) || found.At + staleness <= account.Now)
        {
            found = (account.Now, [.. Ids(type).Where(fits).Take(Most)]);
            _cache[key] = found;
        }

        return Answer.Json(200, new JsonObject
        {
            ["searchResults"] = new JsonArray([.. found.Ids.Select(id => new JsonObject
            {
                ["self"] = new Uri(baseUrl(), $"/customers/{options.CustomerId}/{type}/{id.ToString(CultureInfo.InvariantCulture)}").ToString(),
                ["id"] = id,
            })]),
        });
    }

    private IEnumerable<long> Ids(string type) => type switch
    {
        "applicantworkflows" => account.Workflows.Keys,
        "people" => account.People.Keys,
        "jobs" => account.Jobs.Keys.Order(),
        _ => throw ICimsError.NotFound("Profile type"),
    };

    // Minutes, as the default is told in them; the unit is not published.
    private static TimeSpan StalenessOf(string? given) =>
        string.IsNullOrEmpty(given) ? Kept
        : int.TryParse(given, NumberStyles.None, CultureInfo.InvariantCulture, out int minutes) ? TimeSpan.FromMinutes(minutes)
        : throw ICimsError.Of(400, "The staleness must be an integer.");
}
