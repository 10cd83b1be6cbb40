using System.Text.Json;
using System.Text.Json.Nodes;
using Aria.Pipelines.Testing;

namespace Aria.Pipelines.Host.Output;

/// <summary>What machines read of <c>aria test</c>.</summary>
internal static class TestJson
{
    public static JsonObject Of(SuiteResult result) => new()
    {
        ["passed"] = result.Cases.Count - result.Failed,
        ["failed"] = result.Failed,
        ["milliseconds"] = (long)result.Elapsed.TotalMilliseconds,
        ["cases"] = new JsonArray([.. result.Cases.Select(c => (JsonNode)Case(c))]),
        ["coverage"] = new JsonArray([.. result.Coverage.Select(c => (JsonNode)Coverage(c))]),
    };

    private static JsonObject Case(CaseResult one) => new()
    {
        ["pipeline"] = one.Pipeline,
        ["name"] = one.Name,
        ["file"] = one.File,
        ["description"] = one.Description,
        ["passed"] = one.Passed,
        ["milliseconds"] = (long)one.Elapsed.TotalMilliseconds,
        ["diagnostics"] = HostJson.Findings(one.Findings),
        ["problems"] = new JsonArray([.. one.Problems.Select(p => (JsonNode)JsonValue.Create(p))]),
        ["differences"] = new JsonArray([.. one.Differences.Select(d => (JsonNode)new JsonObject { ["path"] = d.Path, ["expected"] = Node(d.Expected), ["actual"] = Node(d.Actual) })]),
    };

    private static JsonObject Coverage(PipelineCoverage coverage)
    {
        var json = new JsonObject { ["pipeline"] = coverage.Pipeline, ["percent"] = Math.Round(coverage.Percent, 1) };
        foreach (CoverageKind kind in Enum.GetValues<CoverageKind>())
        {
            (int reached, int all) = coverage.Of(kind);
            json[JsonNamingPolicy.CamelCase.ConvertName(kind.ToString())] = new JsonObject { ["reached"] = reached, ["all"] = all };
        }
        json["missing"] = new JsonArray([.. coverage.Missing.Select(m => (JsonNode)JsonValue.Create(m.Name))]);
        return json;
    }

    private static JsonNode? Node(string? json) => json is null ? null : JsonNode.Parse(json);
}
