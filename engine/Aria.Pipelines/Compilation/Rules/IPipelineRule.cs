using Aria.Pipelines.Compilation.Facts;
using Aria.Pipelines.Definitions;

namespace Aria.Pipelines.Compilation.Rules;

/// <summary>One compile-time check of a pipeline. It reports all it finds and relies on no other rule.</summary>
internal interface IPipelineRule
{
    void Check(PipelineFacts pipeline, DiagnosticBag bag);
}
