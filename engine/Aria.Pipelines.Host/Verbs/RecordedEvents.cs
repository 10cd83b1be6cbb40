using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Aria.Pipelines.Authoring.Forecast;
using Aria.Pipelines.Host.Control;
using Aria.Pipelines.Host.Output;
using Aria.Pipelines.Pipelines;

namespace Aria.Pipelines.Host.Verbs;

/// <summary>Events that a running host keeps, as <c>aria test record</c> gives them: personal data are replaced before they leave it.</summary>
internal static class RecordedEvents
{
    private const int MostRuns = 1000;

    /// <summary>The last events that a pipeline's triggers take.</summary>
    /// <param name="data">Data folder of the host.</param>
    /// <param name="pipeline">Whose triggers.</param>
    /// <param name="count">How many at most.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <exception cref="HttpRequestException">No host runs on this data folder.</exception>
    public static async Task<IReadOnlyList<RecordedDelivery>> ReadAsync(string data, Pipeline pipeline, int count, CancellationToken cancellationToken)
    {
        using var client = new ControlClient(data);
        (_, JsonNode runs) = await client.AskAsync(HttpMethod.Get, $"runs?max={MostRuns.ToString(CultureInfo.InvariantCulture)}", cancellationToken);
        JsonNode[] wanted =
        [
            .. runs.AsArray().OfType<JsonNode>()
                .Where(r => pipeline.Triggers.Any(t => t.EventType == Text(r, "type") && t.Connection.Id == Text(r, "connection")))
                .DistinctBy(r => Text(r, "event")).Take(count),
        ];
        var events = new List<RecordedDelivery>();
        foreach (JsonNode run in wanted)
        {
            (bool good, JsonNode answer) = await client.AskAsync(HttpMethod.Get, $"runs/{Text(run, "id")}/case", cancellationToken);
            if (good && answer["case"]?["event"]?["body"] is { } body)
            {
                events.Add(new RecordedDelivery($"{Text(run, "event")} of {Text(run, "received")}", Encoding.UTF8.GetBytes(HostJson.OneLine(body)), answer["case"]!["event"]!["polled"]?.GetValue<string>()));
            }
            else
            {
                Terminal.Fail($"Event '{Text(run, "event")}' is left out: {answer["error"]}");
            }
        }
        return events;
    }

    private static string? Text(JsonNode run, string member) => run[member]?.GetValue<string>();
}
