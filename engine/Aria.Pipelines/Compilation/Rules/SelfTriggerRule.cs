using Aria.Pipelines.Compilation.Facts;
using Aria.Pipelines.Definitions;

namespace Aria.Pipelines.Compilation.Rules;

/// <summary>A pipeline does not cause the event that starts it, unless a condition or a claim ends the circle.</summary>
internal sealed class SelfTriggerRule : IPipelineRule
{
    public void Check(PipelineFacts pipeline, DiagnosticBag bag)
    {
        foreach (TriggeringAction found in TriggeringAction.Between(pipeline, pipeline))
        {
            bag.Warning(RuleCodes.TriggersItself, found.Action.Position,
                $"Action '{found.Action.Name}' causes the event '{found.Event.Name}', which starts this pipeline again.",
                "Give the trigger a 'when' that leaves such events out, or claim the subject with 'once'.");
        }
    }
}
