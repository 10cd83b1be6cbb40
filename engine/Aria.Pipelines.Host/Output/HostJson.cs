using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Aria.Pipelines.Abstractions;

namespace Aria.Pipelines.Host.Output;

/// <summary>Output for machines.</summary>
internal static class HostJson
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
    private static readonly JsonSerializerOptions Compact = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static string OneLine(JsonNode node) => node.ToJsonString(Compact);

    public static string Pretty(JsonNode node) => node.ToJsonString(Indented);

    public static JsonArray Findings(IEnumerable<Diagnostic> findings) => new([.. findings.Select(f => (JsonNode)Finding(f))]);

    private static JsonObject Finding(Diagnostic finding) => new()
    {
        ["code"] = finding.Code,
        ["severity"] = Word(finding.Severity),
        ["file"] = finding.File,
        ["line"] = finding.Line,
        ["column"] = finding.Column,
        ["summary"] = finding.Summary,
        ["detail"] = finding.Detail,
        ["fault"] = Word(finding.Fault),
    };

    private static string Word<T>(T value) where T : struct, Enum => JsonNamingPolicy.CamelCase.ConvertName(value.ToString());
}
