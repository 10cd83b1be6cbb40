using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Aria.Pipelines.Sandbox.Limits;
using Aria.Pipelines.Sandbox.Serving;

namespace Aria.Pipelines.Sandbox.BambooHR;

/// <summary>
/// <c>/api/v1/applicant_tracking/…</c>. Refusals have an empty body, and say why in <c>x-bamboohr-error-message</c>. Used under the sandbox's lock.
/// </summary>
internal sealed class HiringApi(BambooHROptions options, SortedDictionary<long, Application> applications, Action<Application> touch, Action listed)
{
    public const string Prefix = "/api/v1/applicant_tracking/";
    private readonly RollingWindow? _limit = options.RequestsPerMinute is { } most ? new RollingWindow(options.Time, most, TimeSpan.FromMinutes(1)) : null;
    private long _lastRecord = 500;

    public Answer Handle(SandboxRequest request)
    {
        if (!KeyIsRight(request))
        {
            return Refuse(401, "Invalid API credentials").With("WWW-Authenticate", "Basic realm=\"BambooHR\"");
        }

        if (_limit?.Take() is { Allowed: false } over)
        {
            return Refuse(options.LimitStatus, "Over rate limit").With("Retry-After", $"{Math.Max(1, (long)Math.Ceiling((over.Reset - over.Now).TotalSeconds))}");
        }

        if (!options.AtsSettings)
        {
            return Refuse(403, "Insufficient user permissions");
        }

        return (request.Method, request.Path[Prefix.Length..].Split('/')) switch
        {
            ("GET", ["applications"]) => List(request),
            ("GET", ["applications", string id]) => Answer.Json(200, Find(id).Detail()),
            ("GET", ["statuses"]) => Answer.Json(200, new JsonArray([.. options.Statuses.Select(Shown)])),
            ("POST", ["applications", string id, "comments"]) => Comment(Find(id), Body(request)),
            ("POST", ["applications", string id, "status"]) => Move(Find(id), Body(request)),
            _ => Refuse(404, "Bad request url"),
        };
    }

    private Answer List(SandboxRequest request)
    {
        int page = request.Query["page"].ToString() is { Length: > 0 } given
            ? int.TryParse(given, NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number > 0 ? number : throw new RefusedException(Refuse(400, "Invalid page")) : 1;
        IEnumerable<Application> found = applications.Values;
        if (request.Query["newSince"].ToString() is { Length: > 0 } since)
        {
            // Submission alone counts here: a change of status is not new.
            DateTimeOffset from = DateTimeOffset.TryParseExact(since, "yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out DateTimeOffset at)
                ? at : throw new RefusedException(Refuse(400, "Invalid newSince"));
            found = found.Where(a => a.AppliedAt >= from);
        }

        found = request.Query["sortBy"].ToString() switch
        {
            "" or "created_date" => found.OrderBy(a => a.AppliedAt).ThenBy(a => a.Id),
            "last_updated" => found.OrderBy(a => a.Touched),
            "first_name" => found.OrderBy(a => a.Applicant.FirstName, StringComparer.Ordinal),
            "job_title" => found.OrderBy(a => a.Job.Title, StringComparer.Ordinal),
            "status" => found.OrderBy(a => a.Status.Name, StringComparer.Ordinal),
            _ => throw new RefusedException(Refuse(400, "Invalid sortBy")),
        };
        found = request.Query["sortOrder"].ToString() switch
        {
            "" or "ASC" => found,
            "DESC" => found.Reverse(),
            _ => throw new RefusedException(Refuse(400, "Invalid sortOrder")),
        };
        Application[] all = [.. found];
        bool isLast = page * options.PageSize >= all.Length;
        if (isLast)
        {
            listed();
        }

        // True on the last page, although the vendor's own description reads the other way round.
        return Answer.Json(200, new JsonObject
        {
            ["paginationComplete"] = isLast,
            ["applications"] = new JsonArray([.. all.Skip((page - 1) * options.PageSize).Take(options.PageSize).Select(a => a.Row())]),
            ["nextPageUrl"] = isLast ? null : $"https://api.bamboohr.com{request.Path}?page={page + 1}",
        });
    }

    private Answer Comment(Application application, JsonObject body)
    {
        string text = SandboxJson.Text(body["comment"]) is { Length: > 0 } given ? given : throw new RefusedException(Refuse(400, "The comment is required"));
        if (body["type"] is { } type && SandboxJson.Text(type) != "comment")
        {
            throw new RefusedException(Refuse(400, "Invalid type"));
        }

        application.Comments.Add(text);
        touch(application);
        return Answer.Json(200, new JsonObject { ["type"] = "comment", ["id"] = ++_lastRecord });
    }

    private Answer Move(Application application, JsonObject body)
    {
        // The list of statuses gives texts, and a text is refused here.
        BambooHRStatus status = SandboxJson.Whole(body["status"]) is { } id && options.Statuses.FirstOrDefault(s => s.Id == id && s.Enabled) is { } known
            ? known : throw new RefusedException(Refuse(400, "Invalid status"));
        application.Move(status, options.Time.GetUtcNow());
        touch(application);
        return Answer.Json(200, new JsonObject { ["type"] = "positionApplicantStatus", ["id"] = ++_lastRecord });
    }

    private Application Find(string id) =>
        (long.TryParse(id, NumberStyles.None, CultureInfo.InvariantCulture, out long number) ? applications.GetValueOrDefault(number) : null)
        ?? throw new RefusedException(Refuse(404, "The application does not exist"));

    private static JsonObject Body(SandboxRequest request) =>
        request.MediaType == "application/json" && SandboxJson.TryReadObject(request.Body) is { } body ? body : throw new RefusedException(Refuse(400, "Bad request parameters"));

    private static JsonObject Shown(BambooHRStatus status) => new()
    {
        ["id"] = status.Id.ToString(CultureInfo.InvariantCulture),
        ["code"] = null,
        ["name"] = status.Name,
        ["translatedName"] = status.Name,
        ["description"] = null,
        ["enabled"] = status.Enabled,
        ["manageable"] = true,
    };

    private bool KeyIsRight(SandboxRequest request) => request.Credential("Basic") is { } basic
        && CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(basic), Encoding.UTF8.GetBytes(Convert.ToBase64String(Encoding.UTF8.GetBytes($"{options.ApiKey}:x"))));

    private static Answer Refuse(int status, string message) => new Answer(status, [], "text/html").With("x-bamboohr-error-message", message);
}
