using System.Text.Json;
using Aria.Pipelines.Compilation.Facts;
using Aria.Pipelines.Definitions;
using Aria.Pipelines.Mapping.Inference;

namespace Aria.Pipelines.Compilation.Rules;

/// <summary>A claim differs between events; otherwise the first candidate would shut out all others.</summary>
internal sealed class OnceRule : IPipelineRule
{
    public void Check(PipelineFacts pipeline, DiagnosticBag bag)
    {
        foreach (StepFacts step in pipeline.Steps.Where(s => s.Definition.Once is not null))
        {
            if (step.OnceKey is { IsUnknown: false, Sources.Count: 0 } key && IsConstant(key))
            {
                bag.Error(RuleCodes.ConstantOnce, step.Definition.Once!.Key.Position, $"The claim of step '{step.Definition.Id}' is the same for every event, so only the first candidate gets through.", "Put what tells them apart into 'key', for example \"{{ event.candidate.email_canonical }}\".");
            }
            else if (IsNeverTheSame(step.Definition.Once!.Key))
            {
                bag.Warning(RuleCodes.ConstantOnce, step.Definition.Once.Key.Position, $"The claim of step '{step.Definition.Id}' is another one for every event, so it holds nothing back.", "Leave 'event.id' and 'now' out: what is the same when the same is asked again belongs into 'key'.");
            }
        }
    }

    private static bool IsNeverTheSame(JsonCursor key) =>
        key.Kind == JsonValueKind.Array && key.Items().Any(i => i.Kind == JsonValueKind.String && i.Element.GetString()!.Replace(" ", "", StringComparison.Ordinal) is "{{event.id}}" or "{{now}}");

    private static bool IsConstant(Shape key) => key.Kinds == ShapeKinds.List && (key.Item is null || key.Item is { IsCopy: false, Constants: not null });
}
