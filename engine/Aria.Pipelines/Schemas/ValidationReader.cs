using System.Text.Json;
using Aria.Pipelines.Schemas.Keywords;

namespace Aria.Pipelines.Schemas;

/// <summary>Reads the keywords of the validation vocabulary.</summary>
internal static class ValidationReader
{
    public static void Read(SchemaPlace place, SchemaLinker linker, List<SchemaKeyword> keywords)
    {
        if (place.Has("type", out JsonElement type))
        {
            keywords.Add(new TypeKeyword(place.LocationOf("type"), type.ValueKind == JsonValueKind.String ? [type.GetString()!] : StringsOf(type)));
        }
        if (place.Has("const", out JsonElement only))
        {
            keywords.Add(new EnumKeyword(place.LocationOf("const"), [only]));
        }
        if (place.Has("enum", out JsonElement candidates))
        {
            keywords.Add(new EnumKeyword(place.LocationOf("enum"), [.. candidates.EnumerateArray()]));
        }
        ReadNumbers(place, keywords);
        ReadSizes(place, keywords);
        if (place.Has("pattern", out JsonElement written) && linker.Pattern(place, "pattern", written.GetString()!) is { } pattern)
        {
            keywords.Add(new PatternKeyword(place.LocationOf("pattern"), written.GetString()!, pattern));
        }
        if (place.Has("uniqueItems", out JsonElement unique) && unique.ValueKind == JsonValueKind.True)
        {
            keywords.Add(new UniqueItemsKeyword(place.LocationOf("uniqueItems")));
        }
        if (place.Has("required", out JsonElement required))
        {
            keywords.Add(new RequiredKeyword(place.LocationOf("required"), StringsOf(required)));
        }
        if (place.Has("dependentRequired", out JsonElement dependencies))
        {
            keywords.Add(new DependentRequiredKeyword(
                place.LocationOf("dependentRequired"), [.. dependencies.EnumerateObject().Select(p => (p.Name, StringsOf(p.Value)))]));
        }
    }

    /// <summary>A non-negative integer in any spelling; one beyond every possible count becomes the largest count.</summary>
    public static int CountOf(JsonElement number) =>
        number.TryGetInt32(out int count) ? count
        : number.TryGetDouble(out double wide) && wide < int.MaxValue ? (int)wide
        : int.MaxValue;

    private static void ReadNumbers(SchemaPlace place, List<SchemaKeyword> keywords)
    {
        foreach (string keyword in (ReadOnlySpan<string>)["minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"])
        {
            if (place.Has(keyword, out JsonElement bound))
            {
                keywords.Add(new RangeKeyword(place.LocationOf(keyword), keyword, bound));
            }
        }
        if (place.Has("multipleOf", out JsonElement divisor))
        {
            keywords.Add(new MultipleOfKeyword(place.LocationOf("multipleOf"), divisor));
        }
    }

    private static void ReadSizes(SchemaPlace place, List<SchemaKeyword> keywords)
    {
        foreach ((SizeUnit unit, string name) in (ReadOnlySpan<(SizeUnit, string)>)[(SizeUnit.Characters, "Length"), (SizeUnit.Items, "Items"), (SizeUnit.Properties, "Properties")])
        {
            if (place.Has($"min{name}", out JsonElement least))
            {
                keywords.Add(new SizeKeyword(place.LocationOf($"min{name}"), unit, true, CountOf(least)));
            }
            if (place.Has($"max{name}", out JsonElement most))
            {
                keywords.Add(new SizeKeyword(place.LocationOf($"max{name}"), unit, false, CountOf(most)));
            }
        }
    }

    private static string[] StringsOf(JsonElement array) => [.. array.EnumerateArray().Select(item => item.GetString()!)];
}
