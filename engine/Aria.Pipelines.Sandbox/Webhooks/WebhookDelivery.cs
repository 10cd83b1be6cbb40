using System.Text.Json.Nodes;
using Aria.Pipelines.Sandbox.Serving;

namespace Aria.Pipelines.Sandbox.Webhooks;

/// <summary>One attempt: when it ended on the sandbox's clock, the status (0 without an answer) and what went wrong.</summary>
public sealed record WebhookAttempt(DateTimeOffset At, int Status, string? Error);

/// <summary>One webhook on its way to one receiver, as it stood when it was asked for.</summary>
public sealed record WebhookDelivery(
    string Id, string TargetId, string Event, string Body, DeliveryState State, IReadOnlyList<WebhookAttempt> Attempts, DateTimeOffset? NextAt)
{
    internal JsonObject ToJson() => new()
    {
        ["id"] = Id,
        ["target"] = TargetId,
        ["event"] = Event,
        ["state"] = State.ToString(),
        ["next_at"] = NextAt is { } at ? SandboxJson.Time(at) : null,
        ["attempts"] = new JsonArray([.. Attempts.Select(a => new JsonObject
        {
            ["at"] = SandboxJson.Time(a.At),
            ["status"] = a.Status,
            ["error"] = a.Error,
        })]),
        ["body"] = Body,
    };
}
