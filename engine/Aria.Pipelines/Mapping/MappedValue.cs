using System.Text.Json.Nodes;
using Aria.Pipelines.Mapping.Inference;

namespace Aria.Pipelines.Mapping;

/// <summary>One value of a compiled mapping. Immutable: all that changes during an evaluation is in <see cref="Evaluation"/>.</summary>
internal abstract class MappedValue
{
    public abstract JsonNode? Evaluate(Evaluation evaluation);

    /// <summary>What it makes, as far as is known before it runs.</summary>
    public abstract Shape Infer(Reading reading);
}
