using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Aria.Pipelines.Sandbox.Serving;
using Aria.Pipelines.Sandbox.Webhooks;

namespace Aria.Pipelines.Sandbox.Aria;

/// <summary><c>/v1/webhooks</c>: the secret is made here and shown once, in the answer of the creation.</summary>
internal sealed class WebhookApi(WebhookSender webhooks)
{
    /// <summary>Any 2xx within 10 s is success; waits are 1 min, 5 min, 30 min, 2 h, 6 h and 24 h (7 attempts).</summary>
    public static WebhookRules Rules(bool prefix) => new()
    {
        Waits = [.. ((int[])[1, 5, 30, 120, 360, 1440]).Select(m => TimeSpan.FromMinutes(m))],
        Succeeds = status => status is >= 200 and < 300,
        Headers = (secret, body, _) => [("X-ARIA-Signature", (prefix ? "sha256=" : "") + HmacHex.Sha256(secret, body))],
    };

    public Answer List() => Answer.Json(200, new JsonObject
    {
        ["webhooks"] = new JsonArray([.. webhooks.Targets.Select(ToJson)]),
    });

    public Answer Create(SandboxRequest request)
    {
        JsonObject body = InvitationRequest.ReadObject(request);
        InvitationRequest.Only(body, "", "url", "events");
        if (!Uri.TryCreate(InvitationRequest.Required(body, "", "url"), UriKind.Absolute, out Uri? url) || !Loopback.Holds(url))
        {
            throw AriaError.Invalid("url", "url must be an absolute http or https URL; the sandbox sends to loopback addresses only.");
        }

        string[] events = body["events"] is JsonArray { Count: > 0 } array ? [.. array.Select(e => SandboxJson.Text(e) ?? "")] : [];
        if (events.Length == 0 || events.Except(AriaEvents.All).Any())
        {
            throw AriaError.Invalid("events", $"events must be some of: {string.Join(", ", AriaEvents.All)}.");
        }

        string secret = "whsec_" + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(24));
        JsonObject answer = ToJson(webhooks.AddTarget(url, secret, events));
        answer["secret"] = secret;
        return Answer.Json(201, answer);
    }

    public Answer Delete(string id) =>
        webhooks.RemoveTarget(id) ? Answer.Empty(204) : AriaError.Of(404, "not_found", $"There is no webhook '{id}'.");

    private static JsonObject ToJson(WebhookTarget target) => new()
    {
        ["webhook_id"] = target.Id,
        ["url"] = target.Url.ToString(),
        ["events"] = new JsonArray([.. target.Events.Select(e => JsonValue.Create(e))]),
    };
}
