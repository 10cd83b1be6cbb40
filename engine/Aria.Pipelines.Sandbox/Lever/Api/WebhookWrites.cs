using System.Text.Json.Nodes;
using Aria.Pipelines.Sandbox.Lever.Records;
using Aria.Pipelines.Sandbox.Serving;
using Aria.Pipelines.Sandbox.Webhooks;

namespace Aria.Pipelines.Sandbox.Lever.Api;

/// <summary><c>/webhooks</c>: one registration per event, each with its own signature token, which is shown only when it is created.</summary>
internal sealed class WebhookWrites(Account account, LeverHooks hooks)
{
    public Answer Handle(string[] path, SandboxRequest request) => (request.Method, path) switch
    {
        ("GET", []) => Answer.Json(200, new JsonObject { ["data"] = new JsonArray([.. hooks.Targets.Select(t => (JsonNode)ToJson(t, null))]), ["hasNext"] = false }),
        ("POST", []) => Create(request),
        ("DELETE", [string id]) => hooks.Remove(id) ? Answer.Empty(204) : throw LeverAnswer.NotFound("webhooks", id),
        _ => throw new RefusedException(LeverAnswer.Error(404, "ResourceNotFound", $"{request.Method} {request.Path} was not found")),
    };

    private Answer Create(SandboxRequest request)
    {
        JsonObject body = LeverBody.Read(request, "url", "event", "configuration");
        string name = LeverBody.Text(body, "event");
        if (!LeverHooks.Events.Contains(name))
        {
            throw LeverAnswer.BadRequest($"Invalid parameter: event: '{name}'");
        }

        if (!Uri.TryCreate(LeverBody.Text(body, "url"), UriKind.Absolute, out Uri? url) || !Loopback.Holds(url))
        {
            throw LeverAnswer.BadRequest("Invalid parameter: url; the sandbox sends to loopback addresses only");
        }

        string token = $"lever-{account.NextId()}";
        // The vendor nests the answer twice.
        return LeverAnswer.Data(201, new JsonObject { ["data"] = ToJson(hooks.Add(url, token, [name]), token) });
    }

    private JsonObject ToJson(WebhookTarget target, string? token) => new()
    {
        ["id"] = target.Id,
        ["event"] = target.Events.Count > 0 ? target.Events[0] : null,
        ["url"] = target.Url.ToString(),
        ["configuration"] = token is null ? [] : new JsonObject { ["signatureToken"] = token },
        ["createdAt"] = account.Now,
        ["updatedAt"] = account.Now,
    };
}
