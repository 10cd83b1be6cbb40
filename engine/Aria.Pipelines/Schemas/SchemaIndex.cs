using System.Globalization;
using System.Text.Json;
using Aria.Pipelines.Definitions;

namespace Aria.Pipelines.Schemas;

/// <summary>
/// Finds the schemas of a document without compiling them: their resources and anchors. Only known keywords are followed,
/// because an <c>$id</c> inside <c>const</c>, <c>enum</c> or an unknown keyword is data.
/// </summary>
internal sealed class SchemaIndex(Dictionary<string, SchemaResource> resources, List<SchemaFinding> findings)
{
    private static readonly HashSet<string> OneSchema =
    [
        "items", "contains", "additionalProperties", "propertyNames", "if", "then", "else", "not",
        "unevaluatedItems", "unevaluatedProperties", "contentSchema",
    ];

    private static readonly HashSet<string> SchemaArray = ["prefixItems", "allOf", "anyOf", "oneOf"];

    private static readonly HashSet<string> SchemaMap = ["$defs", "definitions", "properties", "patternProperties", "dependentSchemas"];

    private readonly Stack<SchemaPlace> _open = new();

    /// <summary>Reads a whole document.</summary>
    /// <param name="name">See <see cref="SchemaDocument"/>.</param>
    /// <param name="uri">Where the document is known to come from.</param>
    /// <param name="root">The schema.</param>
    /// <returns>The resource of the document's root.</returns>
    public SchemaResource Read(string name, string uri, JsonElement root)
    {
        var document = new SchemaDocument(name);
        var resource = new SchemaResource(document, uri, null, "", root);
        resources.TryAdd(uri, resource);
        _open.Push(new SchemaPlace(resource, "", root));
        while (_open.TryPop(out SchemaPlace place))
        {
            Read(place);
        }
        return document.OwnerOf("", resource);
    }

    private void Read(SchemaPlace place)
    {
        SchemaResource owner = place.Resource;
        if (place.Has("$id", out JsonElement id) && id.ValueKind == JsonValueKind.String)
        {
            owner = Identify(place, id.GetString()!);
        }
        owner.Document.Own(place.Pointer, owner);
        if (place.Element.ValueKind != JsonValueKind.Object)
        {
            return;
        }
        place = place with { Resource = owner };
        foreach (JsonProperty member in place.Element.EnumerateObject())
        {
            if (member.Name is "$anchor" or "$dynamicAnchor" && member.Value.ValueKind == JsonValueKind.String)
            {
                Anchor(place, member.Value.GetString()!, member.Name);
            }
            else
            {
                Follow(place, member);
            }
        }
    }

    private SchemaResource Identify(SchemaPlace place, string id)
    {
        (string path, _) = SchemaUri.Split(id);
        string uri = SchemaUri.Resolve(place.Resource.Uri, path);
        if (uri == place.Resource.Uri && place.Pointer == place.Resource.Pointer)
        {
            return place.Resource;
        }
        var resource = new SchemaResource(place.Resource.Document, uri, place.Resource, place.Pointer, place.Element);
        if (!resources.TryAdd(uri, resource) && place.Pointer.Length > 0)
        {
            findings.Add(Invalid(place, "$id", $"'$id' '{id}' is used twice"));
        }
        return resource;
    }

    private void Anchor(SchemaPlace place, string name, string keyword)
    {
        if (!place.Resource.Anchors.TryAdd(name, (place.Pointer, place.Element)))
        {
            findings.Add(Invalid(place, keyword, $"The anchor '{name}' is used twice"));
        }
        if (keyword == "$dynamicAnchor")
        {
            place.Resource.DynamicAnchors.Add(name);
        }
    }

    private void Follow(SchemaPlace place, JsonProperty member)
    {
        string at = $"{place.Pointer}/{SourceDocument.Escape(member.Name)}";
        if (OneSchema.Contains(member.Name))
        {
            _open.Push(new SchemaPlace(place.Resource, at, member.Value));
        }
        else if (SchemaArray.Contains(member.Name) && member.Value.ValueKind == JsonValueKind.Array)
        {
            int index = 0;
            foreach (JsonElement item in member.Value.EnumerateArray())
            {
                _open.Push(new SchemaPlace(place.Resource, string.Create(CultureInfo.InvariantCulture, $"{at}/{index++}"), item));
            }
        }
        else if (SchemaMap.Contains(member.Name) && member.Value.ValueKind == JsonValueKind.Object)
        {
            foreach (JsonProperty inner in member.Value.EnumerateObject())
            {
                _open.Push(new SchemaPlace(place.Resource, $"{at}/{SourceDocument.Escape(inner.Name)}", inner.Value));
            }
        }
    }

    private static SchemaFinding Invalid(SchemaPlace place, string keyword, string message) =>
        new(place.LocationOf(keyword), place.LocationOf(keyword), message);
}
