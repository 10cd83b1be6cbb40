using System.Globalization;
using System.Net.Sockets;
using System.Text.Json.Nodes;

namespace Aria.Pipelines.Faults.InProcess;

/// <summary>What the remote system makes of requests: it keeps the contract of each effect class, and counts what really happened to each thing.</summary>
internal sealed class ThingBook
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, int> _done = [];
    private readonly Dictionary<string, int> _received = [];
    private readonly Dictionary<string, string> _byKey = [];

    /// <summary>How often a thing was done: a key or an address that was seen before does nothing again.</summary>
    public int Done(string thing) => Count(_done, thing);

    /// <summary>How many requests to do a thing arrived.</summary>
    public int Received(string thing) => Count(_received, thing);

    /// <summary>Does what a request asks for.</summary>
    /// <returns>The answer's JSON.</returns>
    public string Take(SeenRequest request)
    {
        string[] line = request.Line.Split(' ');
        lock (_gate)
        {
            if (line[0] == "GET")
            {
                string mark = line[1].Split("mark=")[1];
                return new JsonObject { ["found"] = _byKey.GetValueOrDefault(mark) }.ToJsonString();
            }
            JsonObject body = JsonNode.Parse(request.Body)!.AsObject();
            string thing = (string)body["thing"]!;
            _received[thing] = _received.GetValueOrDefault(thing) + 1;
            // A target that is only findable does a marked thing again when it is asked again; that is what the look-up is for.
            string? key = line[0] == "PUT" ? line[1] : request.Header("Idempotency-Key");
            if (key is not null && _byKey.TryGetValue(key, out string? first))
            {
                return new JsonObject { ["id"] = first }.ToJsonString();
            }
            int done = _done[thing] = _done.GetValueOrDefault(thing) + 1;
            string id = string.Create(CultureInfo.InvariantCulture, $"{thing}-{done}");
            _byKey[key ?? (string?)body["mark"] ?? id] = id;
            return new JsonObject { ["id"] = id }.ToJsonString();
        }
    }

    /// <summary>Answers as a healthy target does.</summary>
    public Task<bool> AnswerAsync(SeenRequest request, NetworkStream stream, CancellationToken stop) => RawTarget.JsonAsync(stream, 200, Take(request), stop);

    private int Count(Dictionary<string, int> counts, string thing)
    {
        lock (_gate)
        {
            return counts.GetValueOrDefault(thing);
        }
    }
}
