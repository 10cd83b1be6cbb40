using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Aria.Pipelines.Sandbox.Limits;
using Aria.Pipelines.Sandbox.Serving;

namespace Aria.Pipelines.Sandbox.JazzHR;

/// <summary>
/// <c>/v1/…</c>. Filters and the page are segments of the path, the key is in the query. What a refusal looks like is not documented: it has a status and
/// no body. Used under the sandbox's lock.
/// </summary>
internal sealed class RestApi(Account account, Action listed)
{
    public const string Prefix = "/v1/";
    private const int PageSize = 100;
    private readonly RollingWindow _limit = new(account.Options.Time, account.Options.RequestsPerMinute, TimeSpan.FromMinutes(1));
    private readonly RestWrites _writes = new(account);

    public Answer Handle(SandboxRequest request)
    {
        bool isPost = request.Method == "POST";
        JsonObject? body = isPost ? Body(request) : null;
        if (!IsRight(request.Query["apikey"].ToString(), !isPost || account.Options.PostKey.HasFlag(JazzHRKeyPlaces.Query))
            || (isPost && !IsRight(SandboxJson.Text(body!["apikey"]), account.Options.PostKey.HasFlag(JazzHRKeyPlaces.Body))))
        {
            return Answer.Empty(401);
        }

        if (!_limit.Take().Allowed)
        {
            return Answer.Empty(429);
        }

        if (request.Query.Keys.FirstOrDefault(k => k != "apikey") is not null)
        {
            // One client filters by the query; whether that does anything is not confirmed, so nothing may rest on it.
            return Answer.Empty(400);
        }

        string[] path = request.Path[Prefix.Length..].Split('/');
        return request.Method switch
        {
            "GET" => Read(path),
            "POST" when path is [string resource] => _writes.Handle(resource, body!),
            "POST" => Answer.Empty(404),
            _ => Answer.Empty(405),
        };
    }

    private Answer Read(string[] path)
    {
        if (path is [string resource, string id] && id.Length > 0)
        {
            return One(resource, id) is { } found ? Answer.Json(200, found) : Missing(resource);
        }

        (Rows? rows, string[] rest) = path is [string list, .. string[] segments] ? (Rows.Of(account, list), segments) : (null, []);
        if (rows is null || rest.Length % 2 != 0)
        {
            return Answer.Empty(404);
        }

        IEnumerable<JsonObject> kept = rows.All;
        int page = 1;
        for (int i = 0; i < rest.Length; i += 2)
        {
            if (rest[i] == "page" && i == rest.Length - 2)
            {
                page = int.TryParse(rest[i + 1], NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number > 0 ? number : throw new RefusedException(Answer.Empty(400));
            }
            else
            {
                kept = rows.Where(kept, rest[i], rest[i + 1]);
            }
        }

        JsonObject[] all = [.. kept.Skip((page - 1) * PageSize).Take(PageSize)];
        if (path[0] == "applicants2jobs" && all.Length < PageSize)
        {
            listed();
        }

        return Answer.Json(200, Account.OneOrMany(all));
    }

    private JsonObject? One(string resource, string id) => resource switch
    {
        "applicants" => account.Applicants.FirstOrDefault(a => a.Id == id) is { } applicant ? account.Detail(applicant) : null,
        "applicants2jobs" => account.Applications.FirstOrDefault(a => a.Id == id) is { } application ? account.Row(application) : null,
        "jobs" => account.Options.Jobs.FirstOrDefault(j => j.Id == id) is { } job ? account.Row(job) : null,
        "categories" => account.Categories.FirstOrDefault(c => c.Id == id) is { } category ? Account.Row(category) : null,
        "users" => id == JazzHRSeeds.UserId ? Account.User() : null,
        _ => null,
    };

    private Answer Missing(string resource) =>
        Rows.Of(account, resource) is null ? Answer.Empty(404) : new Answer(account.Options.UnknownIdStatus, [], "application/json");

    private bool IsRight(string? given, bool isNeeded) => string.IsNullOrEmpty(given)
        ? !isNeeded
        : CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(given), Encoding.UTF8.GetBytes(account.Options.ApiKey));

    private static JsonObject Body(SandboxRequest request) =>
        request.MediaType == "application/json" && SandboxJson.TryReadObject(request.Body) is { } body ? body : throw new RefusedException(Answer.Empty(400));
}
