using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Aria.Pipelines.Sandbox.Bullhorn.Api;

/// <summary>The order of values of one field; null is the first.</summary>
internal sealed class Values : IComparer<JsonNode?>
{
    public static readonly Values Order = new();

    public int Compare(JsonNode? x, JsonNode? y) => (x, y) switch
    {
        (null, null) => 0,
        (null, _) => -1,
        (_, null) => 1,
        _ when x.GetValueKind() == JsonValueKind.Number => decimal.Parse(x.ToJsonString(), CultureInfo.InvariantCulture).CompareTo(decimal.Parse(y.ToJsonString(), CultureInfo.InvariantCulture)),
        _ => string.CompareOrdinal(x.ToJsonString(), y.ToJsonString()),
    };
}
