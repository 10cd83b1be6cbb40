using System.Text.Json;
using System.Text.Json.Nodes;
using Aria.Pipelines.Mapping.Inference;

namespace Aria.Pipelines.Mapping;

/// <summary>A mapping checked and compiled at load: JSON in, JSON out, deterministic, limited, safe to evaluate from several threads.</summary>
internal abstract class CompiledMapping
{
    /// <summary>Evaluates the mapping over named JSON values.</summary>
    /// <param name="values">The roots it may see, for example <c>event</c>, <c>steps</c>; a root that was declared but is absent here reads as null.</param>
    /// <param name="cancellationToken">Ends a long evaluation.</param>
    /// <returns>The JSON made; null is JSON null.</returns>
    /// <exception cref="MappingException">The mapping failed or went over a limit; it carries a diagnostic with file, line and column.</exception>
    public abstract JsonNode? Evaluate(IReadOnlyDictionary<string, JsonElement> values, CancellationToken cancellationToken = default);

    /// <summary>What it makes, as far as is known before it runs.</summary>
    /// <param name="reading">Holds the shapes of the roots, and receives what is read in vain.</param>
    public virtual Shape Infer(Reading reading) => Shape.Unknown;
}
