using System.Globalization;
using System.Text.Json.Nodes;
using Aria.Pipelines.Sandbox.Bullhorn.Records;
using Aria.Pipelines.Sandbox.Serving;

namespace Aria.Pipelines.Sandbox.Bullhorn.Api;

/// <summary><c>event/subscription/{id}</c>: made by PUT, read by GET, which takes events away. Used under the sandbox's lock.</summary>
internal sealed class EventApi
{
    private static readonly string[] Kinds = ["INSERTED", "UPDATED", "DELETED"];
    private readonly BullhornOptions _options;
    private readonly Dictionary<string, Subscription> _subscriptions = [];
    private long _lastEvent = 40_000_000;

    public EventApi(BullhornOptions options, RecordBook book)
    {
        _options = options;
        book.Changed = Tell;
    }

    /// <summary>How often a subscription was read and had nothing.</summary>
    public int EmptyReads { get; private set; }

    public Answer Handle(string method, string id, string[] rest, SandboxRequest request) => (method, rest) switch
    {
        ("PUT", []) => Subscribe(id, request),
        ("DELETE", []) => _subscriptions.Remove(id) ? Answer.Json(200, new JsonObject { ["result"] = true }) : Unknown(id),
        ("GET", []) => Read(Find(id), request),
        ("GET", ["lastRequestId"]) => Answer.Json(200, new JsonObject { ["result"] = Find(id).LastRequestId }),
        _ => Refusal.Of(405, "Method not allowed."),
    };

    /// <summary>Forgets a subscription, as after 30 days without a reading.</summary>
    public void Forget(string id) => _subscriptions.Remove(id);

    private Answer Subscribe(string id, SandboxRequest request)
    {
        string[] names = request.Query["names"].ToString().Split(',', StringSplitOptions.RemoveEmptyEntries);
        string[] kinds = request.Query["eventTypes"].ToString().Split(',', StringSplitOptions.RemoveEmptyEntries);
        if (request.Query["type"] != "entity" || names.Length == 0 || kinds.Length == 0 || names.Any(n => !EntityType.All.ContainsKey(n)) || kinds.Any(k => !Kinds.Contains(k)))
        {
            return Refusal.Of(400, "The parameters type, names and eventTypes do not describe a subscription.");
        }
        // What is there stays: its unread events would be lost otherwise. The vendor does not say it.
        if (!_subscriptions.TryGetValue(id, out Subscription? subscription))
        {
            _subscriptions[id] = subscription = new Subscription(id, names, kinds, _options.Time.GetUtcNow().ToUnixTimeMilliseconds());
        }
        return Answer.Json(200, subscription.Shown());
    }

    private Answer Read(Subscription subscription, SandboxRequest request)
    {
        if (!int.TryParse(request.Query["maxEvents"], NumberStyles.None, CultureInfo.InvariantCulture, out int most) || most == 0)
        {
            return Refusal.Of(400, "The parameter maxEvents is missing.");
        }
        if (request.Query["requestId"].ToString() is { Length: > 0 } again)
        {
            return long.TryParse(again, NumberStyles.None, CultureInfo.InvariantCulture, out long number) && subscription.Give(number) is { } given
                ? Answer.Json(200, given) : Refusal.Of(400, $"There was no request {again}.");
        }
        if (subscription.Take(most, _options.RepeatEvents) is { } taken)
        {
            return Answer.Json(200, taken);
        }
        EmptyReads++;
        return _options.EmptyQueue switch
        {
            BullhornEmptyAnswer.NoContent => Answer.Empty(204),
            BullhornEmptyAnswer.EmptyObject => Answer.Json(200, new JsonObject()),
            _ => new Answer(200, [], "application/json"),
        };
    }

    private void Tell(RecordChange change)
    {
        var metadata = new JsonObject { ["PERSON_ID"] = change.Person.ToString(CultureInfo.InvariantCulture) };
        if (change.Transaction is not null)
        {
            metadata["TRANSACTION_ID"] = change.Transaction;
        }
        var happened = new JsonObject
        {
            ["eventId"] = $"ID:JBM-{++_lastEvent}",
            ["eventType"] = "ENTITY",
            ["eventTimestamp"] = _options.Time.GetUtcNow().ToUnixTimeMilliseconds(),
            ["eventMetadata"] = metadata,
            ["entityName"] = change.Record.Type.Name,
            ["entityId"] = change.Record.Id,
            ["entityEventType"] = change.IsNew ? "INSERTED" : "UPDATED",
        };
        if (!change.IsNew)
        {
            happened["updatedProperties"] = new JsonArray([.. change.Properties.Select(c => (JsonNode)c)]);
        }
        foreach (Subscription subscription in _subscriptions.Values)
        {
            subscription.Offer(happened.DeepClone().AsObject());
        }
    }

    private Subscription Find(string id) => _subscriptions.GetValueOrDefault(id) ?? throw new RefusedException(Unknown(id));

    private static Answer Unknown(string id) => Refusal.Of(404, $"There is no subscription '{id}'.");
}
