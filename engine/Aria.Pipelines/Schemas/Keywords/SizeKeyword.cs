using System.Runtime.InteropServices;
using System.Text.Json;

namespace Aria.Pipelines.Schemas.Keywords;

/// <summary>What <see cref="SizeKeyword"/> counts.</summary>
internal enum SizeUnit
{
    Characters,
    Items,
    Properties,
}

/// <summary><c>minLength</c>, <c>maxItems</c> and the like: a bound on how much a value holds.</summary>
internal sealed class SizeKeyword(string location, SizeUnit unit, bool isMinimum, int bound) : SchemaKeyword(location)
{
    public override bool Check(JsonElement instance, Evaluation run, Coverage? coverage)
    {
        int size = (unit, instance.ValueKind) switch
        {
            (SizeUnit.Characters, JsonValueKind.String) => CodePoints(instance),
            (SizeUnit.Items, JsonValueKind.Array) => instance.GetArrayLength(),
            (SizeUnit.Properties, JsonValueKind.Object) => instance.GetPropertyCount(),
            _ => bound,
        };
        if (isMinimum ? size >= bound : size <= bound)
        {
            return true;
        }
        return run.Reports && run.Fail(Location, $"expected {(isMinimum ? "at least" : "at most")} {Count(bound)}, found {size}");
    }

    private string Count(int count) => unit switch
    {
        SizeUnit.Characters => KindName.Count(count, "character", "characters"),
        SizeUnit.Items => KindName.Count(count, "item", "items"),
        _ => KindName.Count(count, "property", "properties"),
    };

    private static int CodePoints(JsonElement text)
    {
        ReadOnlySpan<byte> raw = JsonMarshal.GetRawUtf8Value(text);
        if (raw.Contains((byte)'\\'))
        {
            return text.GetString()!.EnumerateRunes().Count();
        }
        int points = -2;
        foreach (byte unit in raw)
        {
            // All bytes of UTF-8 but those that continue a character; the two quotes were taken off above.
            points += (unit & 0xC0) == 0x80 ? 0 : 1;
        }
        return points;
    }
}
