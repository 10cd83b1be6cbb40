using Aria.Pipelines.Compilation.Facts;
using Aria.Pipelines.Definitions;
using Aria.Pipelines.Mapping.Inference;

namespace Aria.Pipelines.Compilation.Rules;

/// <summary>A rollout lets something through, and tells events apart.</summary>
internal sealed class RolloutRule : IPipelineRule
{
    public void Check(PipelineFacts pipeline, DiagnosticBag bag)
    {
        if (pipeline.Definition.Rollout is not { } rollout || pipeline.Document.Cursor.Optional("rollout") is not { } written)
        {
            return;
        }
        JsonCursor only = written.Optional("only")!.Value;
        if (!only.Items().Any())
        {
            bag.Warning(RuleCodes.IneffectiveRollout, only.Position, "The rollout lets nothing through: 'only' is empty.", "Name the values to begin with, or remove 'rollout' to process everything.");
        }
        foreach (JsonCursor again in only.Items().Where(i => i.Kind == System.Text.Json.JsonValueKind.String).GroupBy(i => i.Element.GetString()).SelectMany(g => g.Skip(1)))
        {
            bag.Warning(RuleCodes.IneffectiveRollout, again.Position, $"The rollout names '{again.Element.GetString()}' twice.", "One of the two was probably meant to be another value.");
        }
        if (pipeline.RolloutBy is not { IsUnknown: false } by)
        {
            return;
        }
        if (by is { IsCopy: false, Constants: not null })
        {
            bag.Error(RuleCodes.IneffectiveRollout, rollout.By.Position, "The rollout gives the same value for every event.", "'by' is an expression, for example event.job.id; a text in quotes is only itself.");
        }
        else if ((by.Kinds & (ShapeKinds.Text | ShapeKinds.Number | ShapeKinds.Flag)) == ShapeKinds.None)
        {
            bag.Error(RuleCodes.IneffectiveRollout, rollout.By.Position, $"The rollout compares {InputRule.Describe(by.Kinds)} with texts, so nothing gets through.", "Choose a member that is a text, for example its id.");
        }
    }
}
