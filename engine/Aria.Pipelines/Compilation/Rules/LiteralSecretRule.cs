using Aria.Pipelines.Compilation.Facts;
using Aria.Pipelines.Definitions;

namespace Aria.Pipelines.Compilation.Rules;

/// <summary>No file of a pipeline holds a secret.</summary>
internal sealed class LiteralSecretRule : IPipelineRule
{
    public void Check(PipelineFacts pipeline, DiagnosticBag bag)
    {
        SecretTexts.Check(pipeline.Document, bag);
        foreach (string name in pipeline.Bundle.Names.Where(n => n != DefinitionBundle.PipelineFile))
        {
            SecretTexts.Check(pipeline.Bundle.PathOf(name), pipeline.Bundle.Read(name)!, bag);
        }
    }
}
