using System.Text.Json;
using System.Text.Json.Nodes;
using Aria.Pipelines.Abstractions;
using Aria.Pipelines.Mapping;
using Aria.Pipelines.Pipelines;

namespace Aria.Pipelines.Runs;

/// <summary>Decides after acceptance whether a run goes on: trigger conditions, then rollout.</summary>
internal static class RunConditions
{
    /// <summary>The reason for ending the run as skipped; null to go on. Pure, so it gives the same answer each time the run resumes.</summary>
    /// <exception cref="MappingException">A condition failed.</exception>
    public static string? ReasonToSkip(RunProgress run, DateTimeOffset now) =>
        ReasonToSkip(run.Pipeline, run.Snapshot.Event.Connection, run.Snapshot.Event.Type, run.Values(now));

    /// <summary>The same for an event that is not stored, as plans need it.</summary>
    public static string? ReasonToSkip(Pipeline pipeline, string connection, string eventType, IReadOnlyDictionary<string, JsonElement> values)
    {
        Trigger[] triggers = [.. pipeline.Triggers.Where(t => t.Connection.Id == connection && t.EventType == eventType)];
        if (eventType is not (ManualTrigger.EventType or ScheduleTrigger.EventType) && !Array.Exists(triggers, t => IsTrue(t.When, values)))
        {
            return "when";
        }
        if (pipeline.Rollout is { } rollout)
        {
            JsonNode? value = rollout.By.Evaluate(values);
            string text = value is JsonValue scalar && scalar.TryGetValue(out string? s) ? s : value?.ToJsonString() ?? "";
            if (!rollout.Only.Contains(text))
            {
                return "rollout";
            }
        }
        return null;
    }

    /// <summary>Evaluates a condition: no condition is true, null is false, anything but true and false is an error.</summary>
    public static bool IsTrue(CompiledMapping? condition, IReadOnlyDictionary<string, JsonElement> values)
    {
        if (condition is null)
        {
            return true;
        }
        JsonNode? result = condition.Evaluate(values);
        if (result is null)
        {
            return false;
        }
        if (result is JsonValue value && value.TryGetValue(out bool flag))
        {
            return flag;
        }
        throw new MappingException(new Diagnostic(
            "condition_not_boolean", DiagnosticSeverity.Error, "A condition gave something other than true, false or null.", "Compare explicitly, for example with === or != null.", null, null, null, DiagnosticFault.Author));
    }
}
