using System.Text.Json;

namespace Aria.Pipelines.Schemas.Keywords;

/// <summary><c>minimum</c>, <c>maximum</c> and their exclusive forms.</summary>
internal sealed class RangeKeyword(string location, string keyword, JsonElement bound) : SchemaKeyword(location)
{
    private readonly ExactNumber _bound = new(bound);

    private readonly string _message = keyword switch
    {
        "minimum" => $"expected {bound.GetRawText()} or more",
        "maximum" => $"expected {bound.GetRawText()} or less",
        "exclusiveMinimum" => $"expected more than {bound.GetRawText()}",
        _ => $"expected less than {bound.GetRawText()}",
    };

    public override bool Check(JsonElement instance, Evaluation run, Coverage? coverage)
    {
        if (instance.ValueKind != JsonValueKind.Number)
        {
            return true;
        }
        int order = new ExactNumber(instance).Compare(_bound);
        bool fits = keyword switch
        {
            "minimum" => order >= 0,
            "maximum" => order <= 0,
            "exclusiveMinimum" => order > 0,
            _ => order < 0,
        };
        return fits || run.Fail(Location, _message);
    }
}
