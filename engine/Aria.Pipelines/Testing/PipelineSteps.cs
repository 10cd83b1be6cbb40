using Aria.Pipelines.Pipelines;

namespace Aria.Pipelines.Testing;

/// <summary>Walks the steps of a pipeline, those after failures included, in the order of the file.</summary>
internal static class PipelineSteps
{
    public static IEnumerable<Step> All(Pipeline pipeline) => pipeline.Steps.Concat(pipeline.OnFailure).SelectMany(WithOwn);

    private static IEnumerable<Step> WithOwn(Step step) =>
        step is ActionStep action ? action.OnFailureSteps.SelectMany(WithOwn).Prepend(step) : [step];
}
