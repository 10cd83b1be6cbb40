using System.Text.Json.Nodes;

namespace Aria.Pipelines.Sandbox.Webhooks;

/// <summary>One configured receiver of webhooks.</summary>
/// <param name="Id">Id inside this sandbox.</param>
/// <param name="Url">Where bodies are posted.</param>
/// <param name="Events">The events (actions) sent; empty means all.</param>
/// <param name="Enabled">False after a failed ping, until it is enabled by hand.</param>
public sealed record WebhookTarget(string Id, Uri Url, IReadOnlyList<string> Events, bool Enabled)
{
    internal string Secret { get; init; } = "";

    internal bool Takes(string name) => Enabled && (Events.Count == 0 || Events.Contains(name));

    internal JsonObject ToJson() => new()
    {
        ["id"] = Id,
        ["url"] = Url.ToString(),
        ["events"] = new JsonArray([.. Events.Select(e => JsonValue.Create(e))]),
        ["enabled"] = Enabled,
    };
}
