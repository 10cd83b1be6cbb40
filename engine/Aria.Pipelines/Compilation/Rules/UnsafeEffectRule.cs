using Aria.Pipelines.Compilation.Facts;
using Aria.Pipelines.Definitions;
using Aria.Pipelines.Store;

namespace Aria.Pipelines.Compilation.Rules;

/// <summary>An action whose unknown outcome cannot be found out says that a person decides.</summary>
internal sealed class UnsafeEffectRule : IPipelineRule
{
    public void Check(PipelineFacts pipeline, DiagnosticBag bag)
    {
        foreach (StepFacts step in pipeline.Steps.Where(s => s.Definition.Written.Optional("onUnknown") is null))
        {
            if (step.Action is { } action && action.Operation.EffectFor(action.Connection) == EffectClass.Unsafe)
            {
                bag.Warning(RuleCodes.UndecidedOutcome, step.Definition.Action!.Position,
                    $"Action '{step.Definition.Action.Name}' is of class unsafe: when its answer is lost, nobody can find out whether it happened.",
                    "It is never sent again by itself. Write \"onUnknown\": \"review\" to say that a person will look at such a run.");
            }
        }
    }
}
