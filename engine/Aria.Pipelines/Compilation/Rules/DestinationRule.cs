using Aria.Pipelines.Abstractions;
using Aria.Pipelines.Compilation.Facts;
using Aria.Pipelines.Connectors;
using Aria.Pipelines.Definitions;
using Aria.Pipelines.Mapping.Inference;

namespace Aria.Pipelines.Compilation.Rules;

/// <summary>A step gives a system nothing that the system has no place for.</summary>
internal sealed class DestinationRule : IPipelineRule
{
    public void Check(PipelineFacts pipeline, DiagnosticBag bag)
    {
        foreach (StepFacts step in pipeline.Steps)
        {
            if (step is not { Action: { } action, With: { } with, Definition.Action: { } name })
            {
                continue;
            }
            foreach ((string member, Shape value) in with.Members)
            {
                if (value.Kinds != ShapeKinds.Null && action.Operation.Destinations.TryGetValue(member, out IReadOnlyList<string>? places) && places is [LimitationsReader.Nowhere])
                {
                    bag.Warning(RuleCodes.KeptNowhere, value.NameAt.Line is null ? name.Position : value.NameAt,
                        $"{action.Connection.Connector.Title} has no place for '{member}' of '{name.Name}': it is not written.",
                        "Leave it out, or put it into the text of a note.", DiagnosticFault.Author);
                }
            }
        }
    }
}
