using System.Text.Json;
using System.Text.Json.Nodes;
using Aria.Pipelines.Mapping;

namespace Aria.Pipelines.Connectors;

/// <summary>Gives what was read, by read id.</summary>
internal sealed class ReadsOutput : CompiledMapping
{
    public override JsonNode? Evaluate(IReadOnlyDictionary<string, JsonElement> values, CancellationToken cancellationToken = default) =>
        ConnectorJson.ToNode(values["reads"]);
}
