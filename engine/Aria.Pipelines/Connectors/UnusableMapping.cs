using System.Text.Json;
using System.Text.Json.Nodes;
using Aria.Pipelines.Mapping;

namespace Aria.Pipelines.Connectors;

/// <summary>Stands where a mapping had findings, so that the reader can go on; a connector that holds one is never given out.</summary>
internal sealed class UnusableMapping : CompiledMapping
{
    public static readonly UnusableMapping Instance = new();

    private UnusableMapping()
    {
    }

    public override JsonNode? Evaluate(IReadOnlyDictionary<string, JsonElement> values, CancellationToken cancellationToken = default) =>
        throw new InvalidOperationException("A mapping with findings must not be evaluated.");
}
