using System.Text;
using System.Text.Json.Nodes;
using Aria.Pipelines.Abstractions;
using Aria.Pipelines.Faults.Rig;
using Aria.Pipelines.Outbound;

namespace Aria.Pipelines.Faults.Campaigns.Schedules;

/// <summary>
/// A remote system without a network. Between a request and its answer time passes and other workers run; the request is processed somewhere
/// in between, at the latest when its sender gives up. It keeps the contract of each effect class and counts what happened.
/// </summary>
internal sealed class StagedTarget(TimeProvider time, Func<Dice> dice) : IHttpPath
{
    private readonly Dictionary<string, string> _byKey = [];
    private readonly Dictionary<string, Ledger> _things = [];

    /// <summary>What happened to a thing.</summary>
    public Ledger Of(string thing) => _things.TryGetValue(thing, out Ledger? ledger) ? ledger : _things[thing] = new Ledger();

    /// <summary>Forgets all things.</summary>
    public void Clear()
    {
        _byKey.Clear();
        _things.Clear();
    }

    public async Task<HttpAnswer> SendAsync(ConnectorRequest request, TargetPolicy policy, TimeSpan timeout, CancellationToken cancellationToken)
    {
        int fate = dice().Below(12);
        if (fate == 0)
        {
            return new HttpAnswer(null, false, "not_connected", "Nobody listens.", TimeSpan.Zero);
        }
        if (fate <= 2)
        {
            await Stage.StopAsync();
            return Answer(fate == 1 ? 429 : 400, "{}");
        }
        bool isEarly = dice().Percent(50);
        bool arrives = fate != 3;
        DateTimeOffset sent = time.GetUtcNow();
        string? body = isEarly && arrives ? Process(request) : null;
        await Stage.StopAsync();
        // Its sender has given up by then, and what comes later than that is beyond any target's word.
        bool isLate = time.GetUtcNow() - sent > timeout;
        body ??= arrives && !isLate ? Process(request) : null;
        if (body is null || fate <= 6 || isLate)
        {
            return fate == 6 ? Answer(500, "{}") : new HttpAnswer(null, true, "connection_lost", "It was cut.", TimeSpan.Zero);
        }
        return Answer(200, body);
    }

    private static HttpAnswer Answer(int status, string body) =>
        new(new ConnectorResponse(status, new Dictionary<string, IReadOnlyList<string>>(), Encoding.UTF8.GetBytes(body)), true, null, null, TimeSpan.Zero);

    private string Process(ConnectorRequest request)
    {
        if (request.Method == "GET")
        {
            return new JsonObject { ["found"] = _byKey.GetValueOrDefault(request.Url.Query.Split("mark=")[1]) }.ToJsonString();
        }
        string bytes = $"{request.Method} {request.Url} {string.Join(';', request.Headers)} {Encoding.UTF8.GetString(request.Body.Span)}";
        JsonObject body = JsonNode.Parse(request.Body.Span)!.AsObject();
        Ledger thing = Of((string)body["thing"]!);
        thing.Received++;
        thing.Bytes.Add(bytes);
        string? key = request.Method == "PUT" ? request.Url.AbsolutePath : request.Headers.FirstOrDefault(h => h.Key == "Idempotency-Key").Value;
        if (key is null || !_byKey.ContainsKey(key))
        {
            thing.Done++;
        }
        string id = FormattableString.Invariant($"{body["thing"]}-{thing.Done}");
        _byKey.TryAdd(key ?? (string?)body["mark"] ?? id, id);
        return new JsonObject { ["id"] = id }.ToJsonString();
    }

    /// <summary>What happened to one thing.</summary>
    internal sealed class Ledger
    {
        /// <summary>Requests that were processed.</summary>
        public int Received { get; set; }

        /// <summary>How often it was really done.</summary>
        public int Done { get; set; }

        /// <summary>The different requests.</summary>
        public HashSet<string> Bytes { get; } = [];
    }
}
