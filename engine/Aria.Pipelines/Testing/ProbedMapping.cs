using System.Text.Json;
using System.Text.Json.Nodes;
using Aria.Pipelines.Mapping;

namespace Aria.Pipelines.Testing;

/// <summary>A mapping that tells when it is evaluated.</summary>
internal sealed class ProbedMapping(CompiledMapping mapping, Action<JsonNode?> evaluated) : CompiledMapping
{
    public override JsonNode? Evaluate(IReadOnlyDictionary<string, JsonElement> values, CancellationToken cancellationToken = default)
    {
        JsonNode? result = mapping.Evaluate(values, cancellationToken);
        evaluated(result);
        return result;
    }
}
