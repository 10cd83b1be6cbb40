using System.Text.Json.Nodes;
using Aria.Pipelines.Connectors;

namespace Aria.Pipelines.Testing;

/// <summary>Holds what happened against what a case expects: state, code and requests exactly, steps as far as they are named.</summary>
internal static class CaseComparison
{
    public static IReadOnlyList<JsonDifference> Compare(CaseExpectation expectation, CaseOutcome outcome)
    {
        var expected = (JsonObject)ConnectorJson.ToNode(expectation.Written)!;
        return
        [
            .. JsonDifference.Between("state", expected["state"], outcome.State, partial: false),
            .. JsonDifference.Between("code", expected["code"], outcome.Code, partial: false),
            .. JsonDifference.Between("requests", expected["requests"] ?? new JsonArray(), outcome.Requests, partial: false),
            .. JsonDifference.Between("steps", expected["steps"] ?? new JsonObject(), outcome.Steps, partial: true),
        ];
    }

    /// <summary>The expectation that would hold: of the steps, only what was named before.</summary>
    public static JsonObject Renewed(CaseExpectation? expectation, CaseOutcome outcome)
    {
        JsonObject renewed = outcome.ToJson();
        JsonNode? named = expectation is null ? null : ConnectorJson.ToNode(expectation.Written)!["steps"];
        JsonNode? steps = named is null ? null : Named(named, outcome.Steps);
        renewed.Remove("steps");
        if (steps is not null)
        {
            renewed["steps"] = steps;
        }
        return renewed;
    }

    private static JsonNode? Named(JsonNode? named, JsonNode? actual)
    {
        if (named is not JsonObject members || actual is not JsonObject all)
        {
            return actual?.DeepClone();
        }
        var kept = new JsonObject();
        foreach ((string name, JsonNode? value) in members.Where(m => all.ContainsKey(m.Key)))
        {
            kept[name] = Named(value, all[name]);
        }
        return kept;
    }
}
