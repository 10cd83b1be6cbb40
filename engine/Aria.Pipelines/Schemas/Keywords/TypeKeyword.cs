using System.Text.Json;

namespace Aria.Pipelines.Schemas.Keywords;

/// <summary><c>type</c>.</summary>
internal sealed class TypeKeyword(string location, IReadOnlyList<string> types) : SchemaKeyword(location)
{
    private readonly string _expected = string.Join(" or ", types.Select(KindName.Of));
    private readonly bool _integer = types.Contains("integer");
    private readonly int _kinds = types.SelectMany(KindsOf).Aggregate(0, (kinds, kind) => kinds | (1 << (int)kind));

    public override bool Check(JsonElement instance, Evaluation run, Coverage? coverage)
    {
        if ((_kinds & (1 << (int)instance.ValueKind)) != 0 || (_integer && KindName.IsInteger(instance)))
        {
            return true;
        }
        return run.Reports && run.Fail(Location, $"expected {_expected}, found {KindName.Of(instance, _integer)}");
    }

    private static JsonValueKind[] KindsOf(string type) => type switch
    {
        "null" => [JsonValueKind.Null],
        "boolean" => [JsonValueKind.True, JsonValueKind.False],
        "object" => [JsonValueKind.Object],
        "array" => [JsonValueKind.Array],
        "number" => [JsonValueKind.Number],
        "string" => [JsonValueKind.String],
        _ => [],
    };
}
