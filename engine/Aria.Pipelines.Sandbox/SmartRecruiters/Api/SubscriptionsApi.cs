using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Aria.Pipelines.Sandbox.Serving;
using Aria.Pipelines.Sandbox.SmartRecruiters.Records;
using Aria.Pipelines.Sandbox.Webhooks;

namespace Aria.Pipelines.Sandbox.SmartRecruiters.Api;

/// <summary>
/// <c>/webhooks-api/v201907/subscriptions</c>: at most 20; inactive until the handshake with <c>X-Hook-Secret</c>, answered 200 with the same header
/// within 20 s; up to 16 keys, of which a former one stays valid for 24 h. Only loopback callbacks are taken. Used under the account's lock, but for the handshake.
/// </summary>
internal sealed class SubscriptionsApi(Account account, WebhookSender sender)
{
    public const string Path = "/webhooks-api/v201907/subscriptions";
    private static readonly TimeSpan HandshakeTime = TimeSpan.FromSeconds(20);

    public Answer Create(SandboxRequest request)
    {
        JsonObject body = Form.Object(request, "callbackUrl", "events", "alertingEmailAddress", "callbackAuthentication");
        if (!Uri.TryCreate(Form.Text(body, "callbackUrl"), UriKind.Absolute, out Uri? url) || !Loopback.Holds(url))
        {
            throw ApiError.Refuse(422, "INVALID_CALLBACK_URL", "'callbackUrl' must be an http or https URL; the sandbox takes loopback addresses only.");
        }

        return Answer.Json(201, Add(url, Form.Texts(body, "events"), Form.OptionalText(body, "alertingEmailAddress"), Authentication(body)).ToJson());
    }

    /// <summary>Adds an inactive subscription.</summary>
    public Subscription Add(Uri url, IReadOnlyList<string> events, string? alerting, IReadOnlyList<(string Name, string Value)> authentication)
    {
        if (events.Count == 0 || events.FirstOrDefault(e => !SmartRecruitersEvents.All.Contains(e)) is not null)
        {
            throw ApiError.Refuse(422, "EVENT_NOT_FOUND", "'events' must name events of the catalogue, at least one.");
        }

        if (account.Subscriptions.Count >= 20)
        {
            throw ApiError.Refuse(403, "SUBSCRIPTIONS_LIMIT_EXCEEDED", "There are 20 subscriptions already.");
        }

        var subscription = new Subscription(account.NewId("50b5"), url, events) { AlertingEmailAddress = alerting, Authentication = authentication };
        account.Subscriptions.Add(subscription);
        return subscription;
    }

    public Answer List(SandboxRequest request)
    {
        Form.Query(request.Query, ["pageId", "limit"]);
        return Answer.Json(200, new JsonArray([.. account.Subscriptions.Take(Form.Limit(request.Query)).Select(s => s.ToJson())]));
    }

    public Answer Get(string id) => Answer.Json(200, Find(id).ToJson());

    public Answer Delete(string id)
    {
        Subscription subscription = Find(id);
        account.Subscriptions.Remove(subscription);
        if (subscription.TargetId is { } target)
        {
            sender.RemoveTarget(target);
        }

        return Answer.Empty(204);
    }

    /// <summary>Shakes hands with the receiver, outside of the account's lock.</summary>
    public async Task<Answer> ActivateAsync(string id, CancellationToken cancel)
    {
        Subscription subscription;
        lock (account.Gate)
        {
            subscription = Find(id);
            if (subscription.Active)
            {
                return ApiError.Of(409, "SUBSCRIPTION_ALREADY_ACTIVE", $"Subscription {id} is already active.");
            }
        }

        string secret = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));
        if (!await sender.ShakeHandsAsync(subscription.CallbackUrl, "X-Hook-Secret", secret, HandshakeTime, cancel))
        {
            return ApiError.Of(424, "HANDSHAKE_FAILED", "Webhook activation handshake failed.");
        }

        lock (account.Gate)
        {
            subscription.TargetId ??= sender.AddTarget(subscription.CallbackUrl, "", subscription.Events).Id;
        }

        return Answer.Empty(204);
    }

    public Answer CreateKey(string id)
    {
        Subscription subscription = Find(id);
        if (subscription.Keys(account.Now).Count >= 16)
        {
            throw ApiError.Refuse(403, "SECRET_KEYS_LIMIT_EXCEEDED", "There are 16 keys that are not expired.");
        }

        string key = Convert.ToBase64String(RandomNumberGenerator.GetBytes(16)).TrimEnd('=');
        subscription.AddKey(key, account.Now);
        return Answer.Json(201, new JsonObject { ["secretKey"] = key });
    }

    public Answer GetKey(string id) => Find(id).Keys(account.Now) is [.., { } last]
        ? Answer.Json(200, new JsonObject { ["secretKey"] = last.Value }) : throw ApiError.Refuse(404, "SECRET_KEY_NOT_FOUND", "There is no key.");

    /// <summary>What was sent: successful or failed attempts, the whole log of one page.</summary>
    public Answer Log(string id, SandboxRequest request)
    {
        Form.Query(request.Query, ["pageId", "limit", "callbackStatus", "after", "before"]);
        Subscription subscription = Find(id);
        string wanted = request.Query["callbackStatus"].ToString();
        var entries = sender.Deliveries.Where(d => d.TargetId == subscription.TargetId).SelectMany(d => d.Attempts.Select(a => new JsonObject
        {
            ["status"] = a.Status == 202 ? "successful" : "failed",
            ["timestamp"] = SandboxJson.Time(a.At),
            ["requestDetails"] = new JsonObject { ["url"] = subscription.CallbackUrl.ToString(), ["body"] = d.Body, ["headers"] = new JsonObject { ["event-id"] = d.Id, ["event-name"] = d.Event } },
        }));
        return Answer.Json(200, new JsonArray([.. entries.Where(e => wanted.Length == 0 || (string?)e["status"] == wanted).Take(Form.Limit(request.Query))]));
    }

    private Subscription Find(string id) =>
        account.Subscriptions.Find(s => s.Id == id) ?? throw ApiError.Refuse(404, "SUBSCRIPTION_NOT_FOUND", $"Subscription {id} does not exist.");

    private static IReadOnlyList<(string Name, string Value)> Authentication(JsonObject body)
    {
        if (!body.TryGetPropertyValue("callbackAuthentication", out JsonNode? node))
        {
            return [];
        }

        JsonObject given = node as JsonObject ?? throw ApiError.Invalid("'callbackAuthentication' must be an object.");
        return Form.Text(given, "type") switch
        {
            "header" => [(Form.Text(Form.Only(given, "type", "headerName", "headerValue"), "headerName"), Form.Text(given, "headerValue"))],
            "basic" => [("Authorization", "Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes(
                $"{Form.Text(Form.Only(given, "type", "username", "password"), "username")}:{Form.Text(given, "password")}")))],
            _ => throw ApiError.Invalid("'callbackAuthentication.type' must be basic or header; oauth2 is not played by the sandbox."),
        };
    }
}
