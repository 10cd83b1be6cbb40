using System.Globalization;
using System.Text;

namespace Aria.Pipelines.Authoring.Explanation;

/// <summary>An explanation as plain text.</summary>
internal static class ExplanationText
{
    public static string Write(PipelineExplanation pipeline)
    {
        var text = new StringBuilder();
        text.Append(pipeline.Id).Append(pipeline.Enabled ? "" : " (disabled: no new runs start, parked ones finish)").Append('\n');
        if (pipeline.Description.Length > 0)
        {
            text.Append(pipeline.Description).Append('\n');
        }
        text.Append("Definition ").Append(pipeline.Definition[..8]).Append("; ");
        text.AppendJoin(", ", pipeline.Connections.Select(c => $"{c.Alias} = connection '{c.Connection}' of {c.Title} {c.Version}")).Append('\n');

        text.Append("\nA run starts\n");
        foreach (ExplainedTrigger trigger in pipeline.Triggers)
        {
            text.Append(trigger.Schedule is { } times ? $"  by itself, {times}.\n"
                : trigger.On is { } on
                ? $"  when {on} comes in. {trigger.Description}\n"
                : $"  when a person asks for it: aria send {pipeline.Id} <id>. The rest is read with {trigger.Subject}.\n");
            Line(text, "    ", "only if", trigger.When);
        }
        if (pipeline.Rollout is { } rollout)
        {
            text.Append(CultureInfo.InvariantCulture, $"  In every case only where {rollout.By} is {Wording.OneOf(rollout.Only)}; other events end as skipped.\n");
        }
        text.Append("\nSteps\n");
        Steps(text, pipeline.Steps, "  ");
        text.Append(pipeline.OnFailure.Count > 0 ? "\nWhen a failure ends the run, first\n" : "\nWhen a failure ends the run, nothing more is done.\n");
        Steps(text, pipeline.OnFailure, "  ");
        return text.ToString();
    }

    private static void Steps(StringBuilder text, IReadOnlyList<ExplainedStep> steps, string indent)
    {
        foreach ((int index, ExplainedStep step) in steps.Index())
        {
            text.Append(CultureInfo.InvariantCulture, $"{indent}{index + 1}. {step.Id}: {Headline(step)}\n");
            string inner = indent + "   ";
            Line(text, inner, "only if", step.When);
            Line(text, inner, "input", step.Action is null ? null : step.Input);
            Line(text, inner, "once", step.Once is { } once ? $"{once}; otherwise skipped" : null);
            Line(text, inner, $"effect {step.Effect}: when an outcome is unknown,", step.Unknown, "");
            Line(text, inner, "tries", step.Retry);
            Line(text, inner, "each try takes at most", step.Action is null ? null : step.Timeout, "");
            Line(text, inner, "where", step.Match.Count == 0 ? null : string.Join(" and ", step.Match), "");
            Line(text, inner, "for at most", step.OnTimeout is null ? null : $"{step.Timeout}; then {(step.OnTimeout == "continue" ? "the run goes on, with outcome \"timeout\"" : "the step has failed")}", "");
            Line(text, inner, "on failure", step.OnFailure == "continue" ? "recorded, and the run goes on" : null);
            if (step.OnFailureSteps.Count > 0)
            {
                text.Append(inner).Append("on failure, before the run ends\n");
                Steps(text, step.OnFailureSteps, inner + "  ");
            }
        }
    }

    private static string Headline(ExplainedStep step) => step.Kind switch
    {
        "action" => $"{step.Action} ({step.Connector}). {step.Description}".TrimEnd(),
        "await" => $"waits, parked, until {Wording.OneOf(step.Events)}",
        _ => $"makes JSON from {step.Input}",
    };

    private static void Line(StringBuilder text, string indent, string label, string? value, string colon = ":")
    {
        if (value is not null)
        {
            text.Append(indent).Append(label).Append(colon).Append(' ').Append(value).Append('\n');
        }
    }
}
