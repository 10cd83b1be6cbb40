using System.Text.Json;
using System.Text.Json.Nodes;

namespace Aria.Pipelines.Mapping;

/// <summary>JSON taken as it is written, numbers with all their digits.</summary>
internal sealed class LiteralValue(JsonElement value) : MappedValue
{
    public override JsonNode? Evaluate(Evaluation evaluation) => evaluation.Copy(value);
}
