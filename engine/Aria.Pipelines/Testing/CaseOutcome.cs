using System.Text.Json;
using System.Text.Json.Nodes;
using Aria.Pipelines.Connectors;
using Aria.Pipelines.Runs;
using Aria.Pipelines.Store;

namespace Aria.Pipelines.Testing;

/// <summary>What really happened in a case.</summary>
/// <param name="State">Where the run stands, or the event when it started none.</param>
/// <param name="Code">Why; null for no reason.</param>
/// <param name="Requests">What its steps requested.</param>
/// <param name="Steps">Its steps as mappings see them.</param>
/// <param name="Problems">What makes the case unusable, whatever it expects.</param>
internal sealed record CaseOutcome(string State, string? Code, JsonArray Requests, JsonObject Steps, IReadOnlyList<string> Problems)
{
    /// <summary>Every state a case may end in.</summary>
    public static readonly string[] States =
        ["succeeded", "skipped", "dead", "needs_review", "waiting", "ready", "unmatched", "quarantined", "duplicate"];

    /// <summary>Every state a step may end in.</summary>
    public static readonly string[] StepStates = ["succeeded", "skipped", "failed"];

    /// <summary>The finding with which the run ended; null when there is none.</summary>
    public string? Finding { get; private init; }

    /// <summary>The whole, in the shape of <c>expect</c>.</summary>
    public JsonObject ToJson()
    {
        var json = new JsonObject { ["state"] = State };
        if (Code is not null)
        {
            json["code"] = Code;
        }
        json["requests"] = Requests.DeepClone();
        json["steps"] = Steps.DeepClone();
        return json;
    }

    public static CaseOutcome OfRun(RunDetail run, CaseTargets targets, CaseNames names, IReadOnlyList<string> problems)
    {
        var steps = new JsonObject();
        foreach (StepRecord step in run.Steps.Where(s => s.State != StepState.Started && !s.Path.StartsWith('$')))
        {
            steps[step.Path[(step.Path.LastIndexOf('/') + 1)..]] = new JsonObject
            {
                ["status"] = Word(step.State),
                ["output"] = Node(step.Output, names),
                ["error"] = Node(step.Error, names),
            };
        }
        return new CaseOutcome(Word(run.Run.State), run.Run.Code, Counted(targets.Requests), steps, problems)
        {
            Finding = run.Diagnostic is { } finding ? names.ToNames(JsonSerializer.Deserialize(finding, RunJson.Default.Diagnostic)!.ToString()) : null,
        };
    }

    /// <summary>Equal requests in a row are written once, with <c>times</c>.</summary>
    private static JsonArray Counted(JsonArray requests)
    {
        var counted = new JsonArray();
        JsonNode? before = null;
        foreach (JsonNode? request in requests)
        {
            if (before is not null && JsonNode.DeepEquals(before, request))
            {
                JsonObject last = counted[^1]!.AsObject();
                last["times"] = (last["times"]?.GetValue<int>() ?? 1) + 1;
                continue;
            }
            counted.Add(request!.DeepClone());
            before = request;
        }
        return counted;
    }

    private static JsonNode? Node(byte[]? json, CaseNames names) => json is null ? null : names.ToNames(ConnectorJson.ToNode(JsonElement.Parse(json)));

    private static string Word<T>(T value) where T : struct, Enum => JsonNamingPolicy.SnakeCaseLower.ConvertName(value.ToString());
}
