using System.Text.Json.Nodes;

namespace Aria.Pipelines.Sandbox.Bullhorn.Records;

/// <summary>A subscription to events: reading takes them away, and what was given out can be asked for again by the number of the request. Guarded by the sandbox's lock.</summary>
internal sealed class Subscription(string id, IReadOnlyList<string> names, IReadOnlyList<string> eventTypes, long createdOn)
{
    private readonly Queue<JsonObject> _waiting = new();
    private readonly Dictionary<long, JsonArray> _given = [];

    /// <summary>Number of the last request that took something.</summary>
    public long LastRequestId { get; private set; }

    public void Offer(JsonObject happened)
    {
        if (names.Contains(happened["entityName"]!.GetValue<string>()) && eventTypes.Contains(happened["entityEventType"]!.GetValue<string>()))
        {
            _waiting.Enqueue(happened);
        }
    }

    /// <summary>Takes up to a number of events; null when there are none.</summary>
    public JsonObject? Take(int most, bool twice)
    {
        if (_waiting.Count == 0)
        {
            return null;
        }
        var events = new JsonArray();
        while (events.Count < most && _waiting.TryDequeue(out JsonObject? next))
        {
            events.Add(next);
        }
        foreach (JsonNode? again in twice ? events.ToArray() : [])
        {
            events.Add(again!.DeepClone());
        }
        _given.Add(++LastRequestId, events);
        return Give(LastRequestId);
    }

    /// <summary>What a request was given; null when there was no such request.</summary>
    public JsonObject? Give(long requestId) =>
        _given.TryGetValue(requestId, out JsonArray? events) ? new JsonObject { ["requestId"] = requestId, ["events"] = events.DeepClone() } : null;

    public JsonObject Shown() => new()
    {
        ["lastRequestId"] = LastRequestId,
        ["subscriptionId"] = id,
        ["createdOn"] = createdOn,
        ["jmsSelector"] = $"JMSType='ENTITY' AND BhCorpId=44 AND BhEntityName IN ({Quoted(names)}) AND BhEntityEventType IN ({Quoted(eventTypes)})",
    };

    private static string Quoted(IEnumerable<string> texts) => string.Join(',', texts.Select(t => $"'{t}'"));
}
