using Aria.Pipelines.Compilation.Facts;
using Aria.Pipelines.Definitions;

namespace Aria.Pipelines.Compilation.Rules;

/// <summary>A pipeline does not cause the event that starts it, unless a condition or a claim ends the circle.</summary>
internal sealed class SelfTriggerRule : IPipelineRule
{
    public void Check(PipelineFacts pipeline, DiagnosticBag bag)
    {
        bool claimed = pipeline.Steps.Any(s => s.Definition.Once is not null);
        foreach (StepFacts step in pipeline.Steps.Where(s => s.Definition.When is null && !claimed))
        {
            if (step.Action is { } action && pipeline.Triggers.FirstOrDefault(t => t.Definition.When is null
                && t.Connection.Id == action.Connection.Id && action.Operation.Causes.Contains(t.Event.Type)) is { } trigger)
            {
                bag.Warning(RuleCodes.TriggersItself, step.Definition.Action!.Position,
                    $"Action '{step.Definition.Action.Name}' causes the event '{trigger.Definition.On!.Name}', which starts this pipeline again.",
                    "Give the trigger a 'when' that leaves such events out, or claim the subject with 'once'.");
            }
        }
    }
}
