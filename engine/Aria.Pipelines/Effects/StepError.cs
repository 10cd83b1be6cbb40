using System.Text;
using System.Text.Json.Nodes;
using Aria.Pipelines.Abstractions;

namespace Aria.Pipelines.Effects;

/// <summary>
/// A failure as it is recorded with its step, and as later mappings see it under <c>steps.&lt;id&gt;.error</c>. With a step that succeeded it is a
/// warning, which mappings do not see.
/// </summary>
internal static class StepError
{
    public static byte[] Of(Diagnostic problem) => Encoding.UTF8.GetBytes(new JsonObject
    {
        ["code"] = problem.Code,
        ["message"] = $"{problem.Summary} {problem.Detail}".TrimEnd(),
        ["fault"] = problem.Fault.ToString(),
        ["file"] = problem.File,
        ["line"] = problem.Line,
        ["column"] = problem.Column,
    }.ToJsonString());

    public static Diagnostic Read(byte[]? error, DiagnosticSeverity severity = DiagnosticSeverity.Error)
    {
        JsonNode? node = error is null ? null : JsonNode.Parse(error);
        return new Diagnostic(
            node?["code"]?.GetValue<string>() ?? "step_failed",
            severity,
            node?["message"]?.GetValue<string>() ?? "",
            "",
            node?["file"]?.GetValue<string>(),
            node?["line"]?.GetValue<int>(),
            node?["column"]?.GetValue<int>(),
            Enum.TryParse(node?["fault"]?.GetValue<string>(), out DiagnosticFault fault) ? fault : DiagnosticFault.Engine);
    }
}
