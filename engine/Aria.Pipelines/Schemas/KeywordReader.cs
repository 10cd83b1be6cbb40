using System.Text.Json;
using System.Text.RegularExpressions;
using Aria.Pipelines.Schemas.Keywords;

namespace Aria.Pipelines.Schemas;

/// <summary>
/// Reads the keywords of one schema, which the meta-schema has already accepted, in the order of their evaluation:
/// cheap ones first, and those that look at what the others left last.
/// </summary>
internal static class KeywordReader
{
    public static SchemaKeyword[] Read(SchemaPlace place, SchemaLinker linker)
    {
        if (place.Element.ValueKind != JsonValueKind.Object)
        {
            return place.Element.ValueKind == JsonValueKind.False ? [new NothingKeyword(place.Location)] : [];
        }
        Vocabularies dialect = place.Resource.Dialect ?? Vocabularies.All;
        List<SchemaKeyword> keywords = [];
        if (dialect.HasFlag(Vocabularies.Validation))
        {
            ValidationReader.Read(place, linker, keywords);
        }
        if (dialect.HasFlag(Vocabularies.Format) && place.Has("format", out JsonElement format)
            && linker.Options.Formats.TryGetValue(format.GetString()!, out Func<string, string?>? check))
        {
            keywords.Add(new FormatKeyword(place.LocationOf("format"), check));
        }
        ReadReferences(place, linker, keywords);
        if (dialect.HasFlag(Vocabularies.Applicator))
        {
            ReadObjectApplicators(place, linker, keywords);
            ReadArrayApplicators(place, linker, keywords);
            ReadLogic(place, linker, keywords);
        }
        if (dialect.HasFlag(Vocabularies.Unevaluated))
        {
            ReadUnevaluated(place, linker, keywords);
        }
        return [.. keywords];
    }

    private static void ReadReferences(SchemaPlace place, SchemaLinker linker, List<SchemaKeyword> keywords)
    {
        if (place.Has("$ref", out JsonElement reference) && linker.Resolve(place, "$ref", reference.GetString()!, out _) is { } target)
        {
            keywords.Add(new ReferenceKeyword(place.LocationOf("$ref"), target));
        }
        if (place.Has("$dynamicRef", out reference) && linker.Resolve(place, "$dynamicRef", reference.GetString()!, out string? anchor) is { } initial)
        {
            string location = place.LocationOf("$dynamicRef");
            keywords.Add(anchor is null ? new ReferenceKeyword(location, initial) : new DynamicReferenceKeyword(location, anchor, initial));
        }
    }

    private static void ReadObjectApplicators(SchemaPlace place, SchemaLinker linker, List<SchemaKeyword> keywords)
    {
        bool declares = place.Has("properties", out JsonElement properties);
        bool patterns = place.Has("patternProperties", out JsonElement patterned);
        SchemaNode? additional = NodeOf(place, linker, "additionalProperties");
        if (declares || patterns || additional is not null)
        {
            var table = new PropertyTable(!declares ? [] : properties.EnumerateObject().Select(
                p => KeyValuePair.Create(p.Name, linker.NodeFor(place.Child(p.Value, "properties", p.Name)))));
            keywords.Add(new PropertiesKeyword(
                place.LocationOf("additionalProperties"), table, patterns ? PatternsOf(place, linker, patterned) : [], additional));
        }
        if (place.Has("dependentSchemas", out JsonElement dependencies))
        {
            keywords.Add(new DependentSchemasKeyword(
                place.LocationOf("dependentSchemas"),
                [.. dependencies.EnumerateObject().Select(p => (p.Name, linker.NodeFor(place.Child(p.Value, "dependentSchemas", p.Name))))]));
        }
        if (NodeOf(place, linker, "propertyNames") is { } names)
        {
            keywords.Add(new PropertyNamesKeyword(place.LocationOf("propertyNames"), names));
        }
    }

    private static (Regex, SchemaNode)[] PatternsOf(SchemaPlace place, SchemaLinker linker, JsonElement patterned)
    {
        List<(Regex, SchemaNode)> read = [];
        foreach (JsonProperty entry in patterned.EnumerateObject())
        {
            if (linker.Pattern(place, "patternProperties", entry.Name) is { } pattern)
            {
                read.Add((pattern, linker.NodeFor(place.Child(entry.Value, "patternProperties", entry.Name))));
            }
        }
        return [.. read];
    }

    private static void ReadArrayApplicators(SchemaPlace place, SchemaLinker linker, List<SchemaKeyword> keywords)
    {
        SchemaNode[] prefix = NodesOf(place, linker, "prefixItems");
        SchemaNode? rest = NodeOf(place, linker, "items");
        if (prefix.Length > 0 || rest is not null)
        {
            keywords.Add(new ItemsKeyword(place.LocationOf("items"), prefix, rest));
        }
        if (NodeOf(place, linker, "contains") is { } contained)
        {
            bool bounds = place.Resource.Dialect!.Value.HasFlag(Vocabularies.Validation);
            int least = bounds && place.Has("minContains", out JsonElement min) ? ValidationReader.CountOf(min) : 1;
            int most = bounds && place.Has("maxContains", out JsonElement max) ? ValidationReader.CountOf(max) : int.MaxValue;
            keywords.Add(new ContainsKeyword(place.LocationOf("contains"), contained, least, most));
        }
    }

    private static void ReadLogic(SchemaPlace place, SchemaLinker linker, List<SchemaKeyword> keywords)
    {
        if (NodesOf(place, linker, "allOf") is { Length: > 0 } all)
        {
            keywords.Add(new AllOfKeyword(place.LocationOf("allOf"), all));
        }
        if (NodesOf(place, linker, "anyOf") is { Length: > 0 } any)
        {
            keywords.Add(new AnyOfKeyword(place.LocationOf("anyOf"), any));
        }
        if (NodesOf(place, linker, "oneOf") is { Length: > 0 } one)
        {
            keywords.Add(new OneOfKeyword(place.LocationOf("oneOf"), one));
        }
        if (NodeOf(place, linker, "not") is { } not)
        {
            keywords.Add(new NotKeyword(place.LocationOf("not"), not));
        }
        if (NodeOf(place, linker, "if") is { } test)
        {
            keywords.Add(new ConditionKeyword(place.LocationOf("if"), test, NodeOf(place, linker, "then"), NodeOf(place, linker, "else")));
        }
    }

    private static void ReadUnevaluated(SchemaPlace place, SchemaLinker linker, List<SchemaKeyword> keywords)
    {
        if (NodeOf(place, linker, "unevaluatedProperties") is { } properties)
        {
            keywords.Add(new UnevaluatedPropertiesKeyword(place.LocationOf("unevaluatedProperties"), properties));
        }
        if (NodeOf(place, linker, "unevaluatedItems") is { } items)
        {
            keywords.Add(new UnevaluatedItemsKeyword(place.LocationOf("unevaluatedItems"), items));
        }
    }

    private static SchemaNode? NodeOf(SchemaPlace place, SchemaLinker linker, string keyword) =>
        place.Has(keyword, out JsonElement schema) ? linker.NodeFor(place.Child(schema, keyword)) : null;

    private static SchemaNode[] NodesOf(SchemaPlace place, SchemaLinker linker, string keyword) =>
        !place.Has(keyword, out JsonElement schemas)
            ? []
            : [.. schemas.EnumerateArray().Select((s, i) => linker.NodeFor(place.Child(s, keyword, $"{i}")))];
}
