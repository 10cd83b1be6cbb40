using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Aria.Pipelines.Abstractions;
using Aria.Pipelines.Outbound;

namespace Aria.Pipelines.Tests.Ingress.Systems;

/// <summary>Every call is a POST. A pass ends with a token; asked with it, the system tells what changed since. Errors come as 200 with <c>success: false</c>.</summary>
internal sealed class RelaySystem(TimeProvider time) : PolledSystem(time)
{
    private readonly Dictionary<string, (IReadOnlyList<Application> Left, int Mark)> _lists = [];
    private readonly List<string> _changes = [];
    private int _oldest;
    private int _cursors;

    /// <summary>Forgets every token that was given.</summary>
    public void ForgetTokens() => _oldest = _changes.Count + 1;

    public override Application Change(int number, TimeSpan late = default)
    {
        Application changed = base.Change(number);
        _changes.Add(changed.Id);
        return changed;
    }

    protected override HttpAnswer Handle(ConnectorRequest request)
    {
        if (request.Headers.All(h => h.Value != "Basic " + Convert.ToBase64String("key-1:"u8)))
        {
            return Refuse("the request carries no key");
        }
        if (request.Method == "POST" && request.Url.PathAndQuery is "/application.info" or "/application.addNote" or "/application.changeStage")
        {
            return Call(request);
        }
        if (request.Method != "POST" || request.Url.PathAndQuery != "/application.list")
        {
            return Refuse($"there is no call {request.Method} {request.Url.PathAndQuery}");
        }
        JsonElement body = JsonDocument.Parse(request.Body).RootElement;
        if (body.EnumerateObject().Select(p => p.Name).Except(["limit", "syncToken", "cursor"]).Any())
        {
            return Refuse("the body has a member that is not known");
        }
        string? token = body.GetProperty("syncToken").GetString();
        string? cursor = body.GetProperty("cursor").GetString();
        if (cursor is null && token is not null && Mark(token) < _oldest)
        {
            return Answer(200, new JsonObject { ["success"] = false, ["errors"] = new JsonArray("sync_token_expired") });
        }
        // A cursor stands for a list as it was when its first page was asked for.
        (IReadOnlyList<Application> left, int mark) = cursor is not null ? _lists[cursor] : (Since(token is null ? 0 : Mark(token)), _changes.Count);
        int limit = body.GetProperty("limit").GetInt32();
        string? next = left.Count > limit ? $"cursor-{++_cursors}" : null;
        if (next is not null)
        {
            _lists[next] = ([.. left.Skip(limit)], mark);
        }
        return Answer(200, new JsonObject
        {
            ["success"] = true,
            ["results"] = new JsonArray([.. left.Take(limit).Select(a => (JsonNode)new JsonObject { ["id"] = a.Id, ["stage"] = a.Stage, ["version"] = a.Version })]),
            ["nextCursor"] = next,
            ["syncToken"] = next is null ? string.Create(CultureInfo.InvariantCulture, $"token-{mark}") : null,
        });
    }

    /// <summary>Answers the next call with a refusal because of its limit, inside a 200.</summary>
    public bool IsLimited { get; set; }

    protected override void Move(string id, string stage)
    {
        base.Move(id, stage);
        _changes.Add(id);
    }

    private HttpAnswer Call(ConnectorRequest request)
    {
        if (IsLimited)
        {
            IsLimited = false;
            return Answer(200, new JsonObject { ["success"] = false, ["errors"] = new JsonArray("rate_limited"), ["retryInMs"] = 4000 });
        }
        string text = System.Text.Encoding.UTF8.GetString(request.Body.Span);
        Dictionary<string, string> given = text.StartsWith('{')
            ? JsonDocument.Parse(request.Body).RootElement.EnumerateObject().ToDictionary(p => p.Name, p => p.Value.GetString()!)
            : text.Split('&').Select(p => p.Split('=')).ToDictionary(p => p[0], p => Uri.UnescapeDataString(p[1]));
        if (Applications.FirstOrDefault(a => a.Id == given["applicationId"]) is not { } application)
        {
            return Answer(200, new JsonObject { ["success"] = false, ["errors"] = new JsonArray("application_not_found") });
        }
        switch (request.Url.PathAndQuery)
        {
            case "/application.addNote":
                Notes.Add($"{application.Id}: {given["note"]}");
                // Nothing at all.
                return new HttpAnswer(new ConnectorResponse(200, new Dictionary<string, IReadOnlyList<string>> { ["Content-Type"] = ["text/plain"] }, ReadOnlyMemory<byte>.Empty), true, null, null, TimeSpan.Zero);
            case "/application.changeStage":
                Move(application.Id, given["stage"]);
                return Answer(200, new JsonObject { ["success"] = true });
            default:
                return Answer(200, new JsonObject { ["success"] = true, ["results"] = new JsonObject { ["id"] = application.Id, ["stage"] = application.Stage, ["version"] = application.Version } });
        }
    }

    private Application[] Since(int mark) => [.. Applications.Where(a => _changes.Skip(mark).Contains(a.Id))];

    private static int Mark(string token) => int.Parse(token["token-".Length..], CultureInfo.InvariantCulture);
}
