using Aria.Pipelines.Compilation.Facts;
using Aria.Pipelines.Definitions;

namespace Aria.Pipelines.Compilation.Rules;

/// <summary>Each trigger starts runs that no other trigger of the pipeline starts.</summary>
internal sealed class TriggerRule : IPipelineRule
{
    public void Check(PipelineFacts pipeline, DiagnosticBag bag)
    {
        for (int i = 0; i < pipeline.Triggers.Count; i++)
        {
            TriggerFacts trigger = pipeline.Triggers[i];
            TriggerFacts? other = pipeline.Triggers.Where((t, at) => at != i && IsSameEvent(t, trigger)).FirstOrDefault(t => Condition(t) is null || (Condition(t) == Condition(trigger) && IsBefore(t, trigger)));
            bool bothOpen = other is not null && Condition(other) is null && Condition(trigger) is null;
            if (other is null || (bothOpen && !IsBefore(other, trigger)))
            {
                continue;
            }
            string why = Condition(other) is null ? "starts for every such event" : "has the same condition";
            bag.Warning(RuleCodes.RedundantTrigger, trigger.Definition.On!.Position, $"Trigger '{trigger.Definition.On.Name}' adds nothing: the one at line {other.Definition.On!.Position.Line} {why}.", "Remove one of the two; a run starts once per event.");
        }
    }

    private static bool IsSameEvent(TriggerFacts a, TriggerFacts b) => a.Connection.Id == b.Connection.Id && a.Event.Type == b.Event.Type;

    private static string? Condition(TriggerFacts trigger) => trigger.Definition.When?.Element.ToString().Trim();

    private static bool IsBefore(TriggerFacts a, TriggerFacts b) =>
        (a.Definition.On!.Position.Line, a.Definition.On.Position.Column).CompareTo((b.Definition.On!.Position.Line, b.Definition.On.Position.Column)) < 0;
}
