using System.Text.Json;
using System.Text.Json.Nodes;
using Aria.Pipelines.Abstractions;

namespace Aria.Pipelines.Runs;

/// <summary>A failure as it is recorded with its step, and as later mappings see it under <c>steps.&lt;id&gt;.error</c>.</summary>
internal static class StepError
{
    public static JsonElement Of(Diagnostic problem) => JsonSerializer.SerializeToElement(
        new JsonObject
        {
            ["code"] = problem.Code,
            ["message"] = $"{problem.Summary} {problem.Detail}".TrimEnd(),
            ["fault"] = problem.Fault.ToString(),
            ["file"] = problem.File,
            ["line"] = problem.Line,
            ["column"] = problem.Column,
        },
        RunJson.Default.JsonObject);

    public static Diagnostic Read(byte[]? error)
    {
        JsonNode? node = error is null ? null : JsonNode.Parse(error);
        return new Diagnostic(
            node?["code"]?.GetValue<string>() ?? "step_failed",
            DiagnosticSeverity.Error,
            node?["message"]?.GetValue<string>() ?? "",
            "",
            node?["file"]?.GetValue<string>(),
            node?["line"]?.GetValue<int>(),
            node?["column"]?.GetValue<int>(),
            Enum.TryParse(node?["fault"]?.GetValue<string>(), out DiagnosticFault fault) ? fault : DiagnosticFault.Engine);
    }
}
