using System.Text.Json.Nodes;
using Aria.Pipelines.Definitions;
using Aria.Pipelines.Mapping.Inference;

namespace Aria.Pipelines.Mapping;

/// <summary>JSON taken as it is written, numbers with all their digits.</summary>
internal sealed class LiteralValue(JsonCursor value) : MappedValue
{
    public override JsonNode? Evaluate(Evaluation evaluation) => evaluation.Copy(value.Element);

    public override Shape Infer(Reading reading) => Shape.OfLiteral(value);
}
