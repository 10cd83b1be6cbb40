using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Aria.Pipelines.Abstractions;
using Aria.Pipelines.Outbound;

namespace Aria.Pipelines.Tests.Ingress.Systems;

/// <summary>Every call is a POST. A pass ends with a token; asked with it, the system tells what changed since. Errors come as 200 with <c>success: false</c>. A change that comes again under its key is made once.</summary>
internal sealed class RelaySystem(TimeProvider time) : PolledSystem(time)
{
    private const string KeyHeader = "Idempotency-Key";
    private static readonly Dictionary<string, string[]> Calls = new()
    {
        ["/application.info"] = [],
        ["/application.addNote"] = ["note"],
        ["/application.changeStage"] = ["stageId"],
        ["/application.saveInterview"] = ["status", "score", "recommendation", "transcriptUrl", "recordingUrl"],
    };

    private readonly Dictionary<string, (IReadOnlyList<Application> Left, int Mark)> _lists = [];
    private readonly Dictionary<string, (string Body, HttpAnswer Answer)> _keys = [];
    private readonly List<string> _changes = [];
    private int _oldest;
    private int _cursors;

    public override IReadOnlyList<string> Feeds => ["application.list"];

    /// <summary>Answers the next call with a refusal because of its limit, inside a 200.</summary>
    public bool IsLimited { get; set; }

    /// <summary>Forgets every token that was given.</summary>
    public void ForgetTokens() => _oldest = _changes.Count + 1;

    /// <summary>What it sends of a change.</summary>
    public static byte[] Delivery(Application changed)
    {
        JsonObject delivery = Record(changed);
        delivery["event"] = "application.changed";
        return Encoding.UTF8.GetBytes(delivery.ToJsonString());
    }

    protected override void Note(Application changed)
    {
        _changes.Add(changed.Id);
        base.Note(changed);
    }

    protected override HttpAnswer Handle(ConnectorRequest request)
    {
        if (Header(request, "Authorization") != "Basic " + Convert.ToBase64String("key-1:"u8))
        {
            return Refuse("the request carries no key", 401);
        }
        if (request.Method != "POST")
        {
            return Refuse($"there is no call {request.Method} {request.Url.PathAndQuery}");
        }
        string text = Encoding.UTF8.GetString(request.Body.Span);
        if (request.Url.PathAndQuery == "/application.list")
        {
            return List(JsonNode.Parse(text)!.AsObject());
        }
        if (IsLimited)
        {
            IsLimited = false;
            return Answer(200, new JsonObject { ["success"] = false, ["errors"] = new JsonArray("rate_limited"), ["retryInMs"] = 4000 });
        }
        if (Header(request, KeyHeader) is not { } key)
        {
            return Call(request.Url.PathAndQuery, text);
        }
        if (_keys.TryGetValue(key, out (string Body, HttpAnswer Answer) before))
        {
            return before.Body == text ? before.Answer : Failed("idempotency_key_reused");
        }
        HttpAnswer answer = Call(request.Url.PathAndQuery, text);
        _keys[key] = (text, answer);
        return answer;
    }

    private HttpAnswer List(JsonObject body)
    {
        if (body.Select(p => p.Key).Except(["limit", "syncToken", "cursor"]).Any())
        {
            return Refuse("the body has a member that is not known");
        }
        string? token = (string?)body["syncToken"];
        string? cursor = (string?)body["cursor"];
        if (cursor is null && token is not null && Mark(token) < _oldest)
        {
            return Failed("sync_token_expired");
        }
        // A cursor stands for a list as it was when its first page was asked for.
        (IReadOnlyList<Application> left, int mark) = cursor is not null ? _lists[cursor] : (Since(token is null ? 0 : Mark(token)), _changes.Count);
        int limit = (int)body["limit"]!;
        string? next = left.Count > limit ? $"cursor-{++_cursors}" : null;
        if (next is not null)
        {
            _lists[next] = ([.. left.Skip(limit)], mark);
        }
        if (cursor is null)
        {
            BeginPass(Feeds[0]);
        }
        if (next is null)
        {
            EndPass(Feeds[0]);
        }
        return Answer(200, new JsonObject
        {
            ["success"] = true,
            ["results"] = new JsonArray([.. left.Take(limit).Select(a => (JsonNode)Record(a))]),
            ["nextCursor"] = next,
            ["syncToken"] = next is null ? string.Create(CultureInfo.InvariantCulture, $"token-{mark}") : null,
        });
    }

    private HttpAnswer Call(string call, string text)
    {
        JsonObject given = text.StartsWith('{')
            ? JsonNode.Parse(text)!.AsObject()
            : new JsonObject(text.Split('&').Select(p => p.Split('=')).Select(p => KeyValuePair.Create(p[0], (JsonNode?)Uri.UnescapeDataString(p[1].Replace('+', ' ')))));
        if (Applications.FirstOrDefault(a => a.Id == (string?)given["applicationId"]) is not { } application)
        {
            return Failed("application_not_found");
        }
        if (!Calls.TryGetValue(call, out string[]? known) || given.Select(g => g.Key).Except([.. known, "applicationId"]).Any())
        {
            return Refuse($"{call} is not known, or not with {text}");
        }
        switch (call)
        {
            case "/application.addNote":
                Notes.Add($"{application.Id}: {(string?)given["note"]}");
                // Nothing at all.
                return new HttpAnswer(new ConnectorResponse(200, new Dictionary<string, IReadOnlyList<string>> { ["Content-Type"] = ["text/plain"] }, ReadOnlyMemory<byte>.Empty), true, null, null, TimeSpan.Zero);
            case "/application.changeStage":
                if (StageOf((string?)given["stageId"]) is not { } stage)
                {
                    return Failed("stage_not_found");
                }
                Move(application.Id, stage);
                return Done();
            case "/application.saveInterview":
                Save(application.Id, member => given[member is "transcript" or "recording" ? $"{member}Url" : member]);
                return Done();
            default:
                return Answer(200, new JsonObject { ["success"] = true, ["results"] = Record(application) });
        }
    }

    private static HttpAnswer Done() => Answer(200, new JsonObject { ["success"] = true });

    private static HttpAnswer Failed(string error) => Answer(200, new JsonObject { ["success"] = false, ["errors"] = new JsonArray(error) });

    private static JsonObject Record(Application application) => new()
    {
        ["id"] = application.Id, ["stage"] = application.Stage, ["stageId"] = IdOf(application.Stage), ["status"] = "active", ["version"] = application.Version, ["appliedAt"] = Written(application.AppliedAt),
        ["candidate"] = new JsonObject { ["id"] = $"c{application.Id}", ["firstName"] = application.Person.First, ["lastName"] = application.Person.Last, ["email"] = application.Person.Email },
        ["job"] = new JsonObject { ["id"] = "j1", ["title"] = "Warehouse Associate" },
    };

    private static string? Header(ConnectorRequest request, string name) => request.Headers.FirstOrDefault(h => string.Equals(h.Key, name, StringComparison.OrdinalIgnoreCase)).Value;

    private Application[] Since(int mark) => [.. Applications.Where(a => _changes.Skip(mark).Contains(a.Id))];

    private static int Mark(string token) => int.Parse(token["token-".Length..], CultureInfo.InvariantCulture);
}
