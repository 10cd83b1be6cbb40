using System.Text;
using System.Text.Json;
using Aria.Pipelines.Definitions;
using Aria.Pipelines.Store;

namespace Aria.Pipelines.Host.Control;

/// <summary>Why a run was skipped, in a sentence that says where that stands in the definition which the run recorded.</summary>
internal static class SkipReason
{
    /// <param name="run">A skipped run.</param>
    /// <param name="definition">The bundle of its definition.</param>
    /// <returns>The sentence; null when the definition does not tell.</returns>
    public static string? Of(RunDetail run, byte[] definition)
    {
        DefinitionBundle bundle = DefinitionBundle.FromBytes(run.Run.Pipeline, definition);
        if (bundle.Read(DefinitionBundle.PipelineFile) is not { } bytes || SourceDocument.Parse(bundle.PathOf(DefinitionBundle.PipelineFile), bytes, new DiagnosticBag()) is not { } document)
        {
            return null;
        }
        return run.Run.Code switch
        {
            "when" => When(run.Run, document.Cursor, bundle),
            "rollout" => Rollout(document.Cursor, bundle),
            "once" => Once(run, document.Cursor, bundle),
            _ => null,
        };
    }

    private static string? When(RunSummary run, JsonCursor pipeline, DefinitionBundle bundle)
    {
        string[] conditions =
        [
            .. from trigger in Items(pipeline, "triggers")
               where trigger.Optional("on") is { Kind: JsonValueKind.String } start && IsOf(pipeline, start.Element.GetString()!, run)
               let condition = trigger.Optional("when")
               where condition is not null
               select Written(condition.Value, bundle),
        ];
        return conditions.Length == 0 ? null : $"The event is not wanted: the condition of its trigger did not give true: {string.Join("; ", conditions)}.";
    }

    private static string? Rollout(JsonCursor pipeline, DefinitionBundle bundle) =>
        pipeline.Optional("rollout") is { } rollout && rollout.Optional("by") is { } by && rollout.Optional("only") is { Kind: JsonValueKind.Array } only
            ? $"The rollout takes only {string.Join(", ", only.Items().Select(v => $"'{v.Element}'"))}, and the event gave something else: {Written(by, bundle)}."
            : null;

    /// <summary>The claim is made before anything of its step is recorded: it is the first such step without a record.</summary>
    private static string? Once(RunDetail run, JsonCursor pipeline, DefinitionBundle bundle)
    {
        HashSet<string> recorded = [.. run.Steps.Where(s => s.State != StepState.Started).Select(s => s.Path)];
        foreach (JsonCursor step in Items(pipeline, "steps"))
        {
            string id = step.Optional("id")?.Element.ToString() ?? "";
            if (!recorded.Contains(id) && step.Optional("once") is { } once && once.Optional("key") is { } key)
            {
                string scope = once.Optional("scope") is { } given ? $" in the scope '{given.Element}'" : "";
                return $"Another run did step '{id}' for the same key already, and it is done once within {once.Optional("within")?.Element}{scope}: {Written(key, bundle)}.";
            }
        }
        return null;
    }

    private static bool IsOf(JsonCursor pipeline, string start, RunSummary run)
    {
        int dot = start.IndexOf('.', StringComparison.Ordinal);
        return dot > 0 && start[(dot + 1)..] == run.EventType && pipeline.Optional("connections")?.Optional(start[..dot]) is { } alias && alias.Element.ToString() == run.Connection;
    }

    private static IEnumerable<JsonCursor> Items(JsonCursor owner, string name) => owner.Optional(name) is { Kind: JsonValueKind.Array } list ? list.Items() : [];

    /// <summary>An expression as it is written, and where.</summary>
    private static string Written(JsonCursor expression, DefinitionBundle bundle)
    {
        string place = $"({expression.Position.File}, line {expression.Position.Line})";
        if (expression.Kind == JsonValueKind.Object && expression.Optional("$file")?.Element.GetString() is { } file && bundle.Read(file) is { } bytes)
        {
            return $"{Encoding.UTF8.GetString(bytes).Trim()} ({bundle.PathOf(file)})";
        }
        return expression.Kind == JsonValueKind.Object && expression.Optional("$js") is { } script ? $"{script.Element} {place}" : $"{expression.Element} {place}";
    }
}
