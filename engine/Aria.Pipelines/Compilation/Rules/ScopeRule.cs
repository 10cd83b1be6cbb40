using Aria.Pipelines.Abstractions;
using Aria.Pipelines.Compilation.Facts;
using Aria.Pipelines.Definitions;

namespace Aria.Pipelines.Compilation.Rules;

/// <summary>The account has the scopes that its operations need, when the connection says which it has.</summary>
internal sealed class ScopeRule : IPipelineRule
{
    public void Check(PipelineFacts pipeline, DiagnosticBag bag)
    {
        foreach (StepFacts step in pipeline.Steps)
        {
            if (step.Action is not { Connection: { Scopes: { } granted } connection } action)
            {
                continue;
            }
            foreach (string missing in action.Operation.Scopes.Except(granted))
            {
                bag.Warning(RuleCodes.MissingScope, step.Definition.Action!.Position,
                    $"Action '{step.Definition.Action.Name}' needs the scope '{missing}', which connection '{connection.Id}' does not have.",
                    $"Grant it to the account and add it to 'scopes' of connection '{connection.Id}'.", DiagnosticFault.Operator);
            }
        }
    }
}
