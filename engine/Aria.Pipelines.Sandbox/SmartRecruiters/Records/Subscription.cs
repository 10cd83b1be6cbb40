using System.Collections.Immutable;
using System.Text.Json.Nodes;

namespace Aria.Pipelines.Sandbox.SmartRecruiters.Records;

/// <summary>A webhook subscription.</summary>
internal sealed class Subscription(string id, Uri callbackUrl, IReadOnlyList<string> events)
{
    private ImmutableList<SecretKey> _keys = [];

    public string Id { get; } = id;

    public Uri CallbackUrl { get; } = callbackUrl;

    public IReadOnlyList<string> Events { get; } = events;

    public string? AlertingEmailAddress { get; init; }

    /// <summary>Headers that authenticate the vendor at the receiver.</summary>
    public IReadOnlyList<(string Name, string Value)> Authentication { get; init; } = [];

    /// <summary>The sender's receiver; null while inactive.</summary>
    public string? TargetId { get; set; }

    public bool Active => TargetId is not null;

    /// <summary>Adds a key; the one before stays valid for 24 hours.</summary>
    public void AddKey(string key, DateTimeOffset now) =>
        _keys = [.. Keys(now).Select(k => k with { Until = k.Until ?? now.AddHours(24) }), new SecretKey(key, null)];

    /// <summary>The keys that are not expired, oldest first. May be read outside of the account's lock.</summary>
    public IReadOnlyList<SecretKey> Keys(DateTimeOffset now) => [.. Volatile.Read(ref _keys).Where(k => k.Until is null || k.Until > now)];

    public JsonObject ToJson()
    {
        var json = new JsonObject
        {
            ["id"] = Id,
            ["callbackUrl"] = CallbackUrl.ToString(),
            ["events"] = new JsonArray([.. Events.Select(e => JsonValue.Create(e))]),
            ["status"] = Active ? "active" : "inactive",
        };
        if (AlertingEmailAddress is not null)
        {
            json["alertingEmailAddress"] = AlertingEmailAddress;
        }

        return json;
    }
}

/// <summary>A key that signs notifications, and until when it does; null for the latest.</summary>
internal sealed record SecretKey(string Value, DateTimeOffset? Until);
