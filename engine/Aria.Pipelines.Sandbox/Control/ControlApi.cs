using System.Text.Json.Nodes;
using Aria.Pipelines.Sandbox.Faults;
using Aria.Pipelines.Sandbox.Serving;
using Aria.Pipelines.Sandbox.Webhooks;

namespace Aria.Pipelines.Sandbox.Control;

/// <summary>
/// The part of <c>/_sandbox/…</c> that every simulated system has; its own routes are added to it.
/// <list type="bullet">
/// <item><c>POST faults</c> <c>{"match":{"method","pathPrefix"},"times":1,"kind":"status|delay|drop_before|drop_after|hold_after|garbage","status":503,"retryAfter":5,"delayMs":0}</c> → 201; <c>DELETE faults</c> → 204</item>
/// <item><c>GET requests</c> → array, oldest first; <c>DELETE requests</c> → 204</item>
/// <item>of a system with webhooks: <c>GET deliveries</c> → array of outgoing webhooks with their attempts</item>
/// <item><c>GET webhooks</c>; <c>POST webhooks/{id}/enable</c>; <c>DELETE webhooks/{id}</c> → 204</item>
/// </list>
/// Errors: 404 unknown route or id, 422 <c>{"errors":["…"]}</c>. No credential is asked for: the server listens on loopback only.
/// </summary>
internal sealed class ControlApi
{
    public const string Prefix = "/_sandbox/";
    private static readonly Answer NotFound = Answer.Errors(404, "Not found.");
    private readonly List<ControlRoute> _routes;

    public ControlApi(TimeProvider time, WebhookSender? webhooks, IEnumerable<ControlRoute> own)
    {
        Requests = new RequestLog(time);
        _routes =
        [
            ControlRoute.Of("POST", "faults", (_, body) => AddFault(body)),
            ControlRoute.Of("DELETE", "faults", (_, _) => Done(Faults.Clear)),
            ControlRoute.Of("GET", "requests", (_, _) => Answer.Json(200, Requests.ToJson())),
            ControlRoute.Of("DELETE", "requests", (_, _) => Done(Requests.Clear)),
            .. webhooks is null ? [] : Hooks(webhooks),
            .. own,
        ];
    }

    public FaultList Faults { get; } = new();

    public RequestLog Requests { get; }

    public async Task<Answer> HandleAsync(SandboxRequest request, CancellationToken cancel)
    {
        string path = request.Path[Prefix.Length..];
        foreach (ControlRoute route in _routes)
        {
            if (route.Match(request.Method, path) is not { } free)
            {
                continue;
            }

            JsonObject? body = request.Body.Length == 0 ? [] : SandboxJson.TryReadObject(request.Body);
            if (body is null)
            {
                return Answer.Errors(400, "The body must be one JSON object.");
            }

            try
            {
                return await route.Work(free, body, cancel);
            }
            catch (RefusedException refused)
            {
                return refused.Answer;
            }
            catch (ArgumentException wrong)
            {
                return Answer.Errors(422, wrong.Message);
            }
            catch (InvalidOperationException conflict)
            {
                return Answer.Errors(409, conflict.Message);
            }
            catch (KeyNotFoundException missing)
            {
                return Answer.Errors(404, missing.Message);
            }
        }

        return NotFound;
    }

    private static IEnumerable<ControlRoute> Hooks(WebhookSender webhooks) =>
    [
        ControlRoute.Of("GET", "deliveries", (_, _) => Array(webhooks.Deliveries.Select(d => d.ToJson()))),
        ControlRoute.Of("GET", "webhooks", (_, _) => Array(webhooks.Targets.Select(t => t.ToJson()))),
        ControlRoute.Of("POST", "webhooks/*/enable", (id, _) => webhooks.Enable(id, true) is { } t ? Answer.Json(200, t.ToJson()) : NotFound),
        ControlRoute.Of("DELETE", "webhooks/*", (id, _) => webhooks.RemoveTarget(id) ? Answer.Empty(204) : NotFound),
    ];

    private static Answer Array(IEnumerable<JsonObject> items) => Answer.Json(200, new JsonArray([.. items]));

    private static Answer Done(Action work)
    {
        work();
        return Answer.Empty(204);
    }

    private Answer AddFault(JsonObject body)
    {
        ControlBody.Only(body, "match", "times", "kind", "status", "retryAfter", "delayMs");
        JsonObject match = body["match"] as JsonObject ?? [];
        ControlBody.Only(match, "method", "pathPrefix");
        string kind = ControlBody.Text(body, "kind");
        Faults.Add(new Fault
        {
            Kind = Enum.TryParse(kind.Replace("_", "", StringComparison.Ordinal), true, out FaultKind known) ? known
                : throw ControlBody.Refuse($"'kind' is '{kind}'. Use status, delay, drop_before, drop_after, hold_after or garbage."),
            Method = ControlBody.OptionalText(match, "method"),
            PathPrefix = ControlBody.OptionalText(match, "pathPrefix"),
            Times = (int)(ControlBody.OptionalWhole(body, "times") ?? 1),
            Status = (int)(ControlBody.OptionalWhole(body, "status") ?? 503),
            RetryAfter = (int?)ControlBody.OptionalWhole(body, "retryAfter"),
            Delay = TimeSpan.FromMilliseconds(ControlBody.OptionalWhole(body, "delayMs") ?? 0),
        });
        return Answer.Empty(201);
    }
}
