using System.Text.Json;

namespace Aria.Pipelines.Schemas.Keywords;

/// <summary><c>multipleOf</c>, without rounding.</summary>
internal sealed class MultipleOfKeyword(string location, JsonElement divisor) : SchemaKeyword(location)
{
    private readonly ExactNumber _divisor = new(divisor);
    private readonly string _message = $"expected a multiple of {divisor.GetRawText()}";

    public override bool Check(JsonElement instance, Evaluation run, Coverage? coverage) =>
        instance.ValueKind != JsonValueKind.Number || new ExactNumber(instance).IsMultipleOf(_divisor) || run.Fail(Location, _message);
}
