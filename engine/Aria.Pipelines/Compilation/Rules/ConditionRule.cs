using Aria.Pipelines.Compilation.Facts;
using Aria.Pipelines.Definitions;
using Aria.Pipelines.Mapping.Inference;

namespace Aria.Pipelines.Compilation.Rules;

/// <summary>Conditions give true or false, and not always false: a step or trigger behind such a condition is never reached.</summary>
internal sealed class ConditionRule : IPipelineRule
{
    public void Check(PipelineFacts pipeline, DiagnosticBag bag)
    {
        foreach (TriggerFacts trigger in pipeline.Triggers)
        {
            Check(trigger.When, trigger.Definition.When, $"Trigger '{trigger.Definition.On!.Name}' never starts a run", bag);
        }
        foreach (StepFacts step in pipeline.Steps)
        {
            Check(step.When, step.Definition.When, $"Step '{step.Definition.Id}' is never reached", bag);
        }
    }

    private static void Check(Shape? shape, JsonCursor? written, string consequence, DiagnosticBag bag)
    {
        if (shape is null || written is not { } at || shape.IsUnknown)
        {
            return;
        }
        ShapeKinds wrong = shape.Kinds & ~(ShapeKinds.Flag | ShapeKinds.Null);
        if (wrong != ShapeKinds.None)
        {
            string also = shape.Kinds.HasFlag(ShapeKinds.Flag) ? "may give" : "gives";
            bag.Error(RuleCodes.NotACondition, at.Position, $"The condition {also} {InputRule.Describe(wrong)}, not true or false.", "Compare explicitly: with === or != null, and once more for each alternative.");
        }
        else if (shape.Kinds == ShapeKinds.Null || shape.Constants is { Count: > 0 } constants && constants.All(c => c.Json is "false" or "null"))
        {
            bag.Warning(RuleCodes.NeverTrue, at.Position, $"{consequence}: its condition is always false.", "Remove it, or write the condition that is meant.");
        }
    }
}
