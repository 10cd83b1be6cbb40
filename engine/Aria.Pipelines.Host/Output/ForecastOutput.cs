using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Aria.Pipelines.Authoring.Forecast;

namespace Aria.Pipelines.Host.Output;

/// <summary>What <c>aria plan --events</c> tells: a line per event, what would be sent, and counts.</summary>
internal static class ForecastOutput
{
    /// <summary>For people.</summary>
    /// <param name="changes">Events with what they were under the other definition; the same on both sides when there is none.</param>
    /// <param name="isCompared">True to tell only what is different.</param>
    public static void Write(IReadOnlyList<PlannedChange> changes, bool isCompared)
    {
        foreach (PlannedChange change in changes.Where(c => !isCompared || c.IsAny))
        {
            PlannedEvent one = change.Event;
            string before = isCompared && change.Before.Fate != one.Fate ? $" (before: {Word(change.Before.Fate)})" : "";
            Console.WriteLine($"{Word(one.Fate),-8} {one.Name}{before}{(one.Reason is null ? "" : $": {one.Reason}")}");
            if (isCompared)
            {
                foreach ((string step, PlannedRequest? was, PlannedRequest? now) in change.Requests)
                {
                    Console.WriteLine($"         {step}: {(was is null ? "added" : now is null ? "removed" : "changed")}");
                    Console.Write(was is null ? "" : $"           - {Line(was)}\n");
                    Console.Write(now is null ? "" : $"           + {Line(now)}\n");
                }
                continue;
            }
            foreach (PlannedRequest request in one.Requests)
            {
                Console.WriteLine($"         {request.Step}: {Line(request)}");
            }
        }
        IEnumerable<string> counts = Counts(changes, isCompared).Select(c => string.Create(CultureInfo.InvariantCulture, $"{c.Value} {c.Key}"));
        Console.WriteLine($"{changes.Count} events: {string.Join(", ", counts)}");
    }

    /// <summary>For machines.</summary>
    public static JsonObject ToJson(IReadOnlyList<PlannedChange> changes, bool isCompared) => new()
    {
        ["events"] = new JsonArray([.. changes.Select(c => (JsonNode)Event(c, isCompared))]),
        ["summary"] = new JsonObject([KeyValuePair.Create("events", (JsonNode?)changes.Count), .. Counts(changes, isCompared).Select(c => KeyValuePair.Create(c.Key, (JsonNode?)c.Value))]),
    };

    private static JsonObject Event(PlannedChange change, bool isCompared)
    {
        var json = new JsonObject
        {
            ["event"] = change.Event.Name,
            ["fate"] = Word(change.Event.Fate),
            ["reason"] = change.Event.Reason,
            ["requests"] = new JsonArray([.. change.Event.Requests.Select(r => (JsonNode)Request(r)!)]),
        };
        if (isCompared)
        {
            json["before"] = Word(change.Before.Fate);
            json["changes"] = new JsonArray([.. change.Requests.Select(r => (JsonNode)new JsonObject { ["step"] = r.Step, ["before"] = Request(r.Before), ["after"] = Request(r.After) })]);
        }
        return json;
    }

    private static JsonObject? Request(PlannedRequest? request) =>
        request is null ? null : new JsonObject { ["step"] = request.Step, ["method"] = request.Method, ["url"] = request.Url, ["body"] = request.Body?.DeepClone() };

    private static IEnumerable<KeyValuePair<string, int>> Counts(IReadOnlyList<PlannedChange> changes, bool isCompared) =>
    [
        .. Enum.GetValues<EventFate>().Select(f => KeyValuePair.Create(Word(f), changes.Count(c => c.Event.Fate == f))),
        .. isCompared ? [KeyValuePair.Create("changed", changes.Count(c => c.IsAny))] : Array.Empty<KeyValuePair<string, int>>(),
    ];

    private static string Line(PlannedRequest request) => $"{request.Method} {request.Url}{(request.Body is null ? "" : $" {HostJson.OneLine(request.Body)}")}";

    private static string Word(EventFate fate) => JsonNamingPolicy.CamelCase.ConvertName(fate.ToString());
}
