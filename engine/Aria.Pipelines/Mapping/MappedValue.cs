using System.Text.Json.Nodes;

namespace Aria.Pipelines.Mapping;

/// <summary>One value of a compiled mapping. Immutable: all that changes during an evaluation is in <see cref="Evaluation"/>.</summary>
internal abstract class MappedValue
{
    public abstract JsonNode? Evaluate(Evaluation evaluation);
}
