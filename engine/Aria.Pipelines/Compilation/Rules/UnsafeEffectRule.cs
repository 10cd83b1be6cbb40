using Aria.Pipelines.Compilation.Facts;
using Aria.Pipelines.Definitions;
using Aria.Pipelines.Store;

namespace Aria.Pipelines.Compilation.Rules;

/// <summary>An action whose unknown outcome cannot be found out says what follows; one whose outcome can has nothing to say.</summary>
internal sealed class UnsafeEffectRule : IPipelineRule
{
    public void Check(PipelineFacts pipeline, DiagnosticBag bag)
    {
        foreach (StepFacts step in pipeline.Steps)
        {
            if (step.Action is not { } action)
            {
                continue;
            }
            EffectClass effect = action.Operation.EffectFor(action.Connection);
            string name = step.Definition.Action!.Name;
            JsonCursor? decision = step.Definition.Written.Optional("onUnknown");
            if (effect == EffectClass.Unsafe && decision is null)
            {
                bag.Warning(RuleCodes.UndecidedOutcome, step.Definition.Action.Position,
                    $"Action '{name}' is of class unsafe: when its answer is lost, nobody can find out whether it happened.",
                    "It is never sent again by itself. Write \"onUnknown\": \"review\" to say that a person will look at such a run, or \"sendAgain\" if it may happen twice.");
            }
            if (action.AllowsDuplicates && action.Operation.Parts.Count == 0 && effect != EffectClass.Unsafe)
            {
                bag.Warning(RuleCodes.NeedlessDecision, decision!.Value.NamePosition,
                    $"Action '{name}' is of class {StateNames.Of(effect)}: what follows a lost answer is known, and duplicates are not needed.",
                    "Leave 'onUnknown' out.");
            }
        }
    }
}
