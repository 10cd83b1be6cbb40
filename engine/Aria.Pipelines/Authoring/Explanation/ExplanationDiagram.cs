using System.Globalization;
using System.Text;

namespace Aria.Pipelines.Authoring.Explanation;

/// <summary>An explanation as a Mermaid flowchart.</summary>
internal static class ExplanationDiagram
{
    public static string Write(PipelineExplanation pipeline)
    {
        var text = new StringBuilder("flowchart TD\n");
        string first = pipeline.Rollout is null ? "s1" : "rollout";
        foreach ((int index, ExplainedTrigger trigger) in pipeline.Triggers.Index())
        {
            string label = trigger.Schedule is { } times ? Label(times, null)
                : trigger.On is { } on ? Label(on, trigger.When is { } when ? $"if {when}" : null) : Label($"aria send {pipeline.Id}", trigger.Subject);
            text.Append(CultureInfo.InvariantCulture, $"  t{index + 1}([{label}]) --> {first}\n");
        }
        if (pipeline.Rollout is { } rollout)
        {
            text.Append(CultureInfo.InvariantCulture, $"  rollout{{{Label(rollout.By, $"is {Wording.OneOf(rollout.Only)}?")}}} -->|yes| s1\n  rollout -->|no| skipped([skipped])\n");
        }
        text.Append("  subgraph steps [\" \"]\n");
        Chain(text, pipeline.Steps, "s", "    ");
        text.Append("  end\n");
        text.Append(CultureInfo.InvariantCulture, $"  s{pipeline.Steps.Count} --> succeeded([succeeded])\n");
        string failure = pipeline.OnFailure.Count > 0 ? "f1" : "failed";
        text.Append(CultureInfo.InvariantCulture, $"  steps -.->|a failure| {failure}\n");
        if (pipeline.OnFailure.Count > 0)
        {
            Chain(text, pipeline.OnFailure, "f", "  ");
            text.Append(CultureInfo.InvariantCulture, $"  f{pipeline.OnFailure.Count} --> failed([failed])\n");
        }
        else
        {
            text.Append("  failed([failed])\n");
        }
        return text.ToString();
    }

    /// <summary>Nodes in order, each with an arrow to the next; steps of a failure of their own hang beside.</summary>
    private static void Chain(StringBuilder text, IReadOnlyList<ExplainedStep> steps, string prefix, string indent)
    {
        foreach ((int index, ExplainedStep step) in steps.Index())
        {
            string id = string.Create(CultureInfo.InvariantCulture, $"{prefix}{index + 1}");
            text.Append(indent).Append(id).Append(Node(step)).Append('\n');
            if (index > 0)
            {
                string arrow = steps[index - 1] is { OnTimeout: "continue" } wait ? $"-->|{wait.Timeout} at most|" : "-->";
                text.Append(CultureInfo.InvariantCulture, $"{indent}{prefix}{index} {arrow} {id}\n");
            }
            if (step.OnFailureSteps.Count > 0)
            {
                Chain(text, step.OnFailureSteps, $"{id}f", indent);
                text.Append(CultureInfo.InvariantCulture, $"{indent}{id} -.->|a failure| {id}f1\n");
            }
        }
    }

    private static string Node(ExplainedStep step)
    {
        string? condition = step.When is { } when ? $"if {when}" : null;
        return step.Kind switch
        {
            "action" => $"[{Label($"{step.Id}: {step.Action}", $"{step.Connector}, {step.Effect}", condition)}]",
            "await" => $"{{{{{Label($"{step.Id}: waits for", string.Join(", ", step.Events), $"at most {step.Timeout}", condition)}}}}}",
            _ => $"[/{Label($"{step.Id}: {step.Input}", condition)}/]",
        };
    }

    /// <summary>Lines in quotes. Mermaid reads entities written with '#', and nothing else of HTML is let through.</summary>
    private static string Label(params ReadOnlySpan<string?> lines)
    {
        IEnumerable<string> escaped = lines.ToArray().OfType<string>().Select(l => new StringBuilder(l)
            .Replace("#", "#35;").Replace("\"", "#quot;").Replace("<", "#lt;").Replace(">", "#gt;").Replace("\n", " ").Replace("`", "#96;").ToString());
        return $"\"{string.Join("<br/>", escaped)}\"";
    }
}
