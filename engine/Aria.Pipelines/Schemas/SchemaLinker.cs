using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Aria.Pipelines.Schemas;

/// <summary>Compiles every schema that can be reached from one, each once, and resolves the references between them.</summary>
internal sealed class SchemaLinker(SchemaRegistry registry, SchemaOptions options, List<SchemaFinding> findings)
{
    private readonly Dictionary<(SchemaDocument Document, string Pointer), SchemaNode> _nodes = [];
    private readonly Dictionary<string, Regex> _patterns = [];
    private readonly Queue<SchemaNode> _open = new();

    public SchemaOptions Options => options;

    /// <summary>Compiles a resource and all that it refers to.</summary>
    public SchemaNode Link(SchemaResource resource)
    {
        SchemaNode root = NodeFor(new SchemaPlace(resource, resource.Pointer, resource.Root));
        while (registry.IsSound && _open.TryDequeue(out SchemaNode? node))
        {
            node.Fill(KeywordReader.Read(node.Place, this));
        }
        return root;
    }

    /// <summary>The node of a schema; its keywords may come later, so that schemas may refer to each other.</summary>
    public SchemaNode NodeFor(SchemaPlace place)
    {
        (SchemaDocument, string) key = (place.Resource.Document, place.Pointer);
        if (!_nodes.TryGetValue(key, out SchemaNode? node))
        {
            node = new SchemaNode(place);
            _nodes.Add(key, node);
            _open.Enqueue(node);
            Prepare(place.Resource);
        }
        return node;
    }

    /// <summary>The schema that a reference names; null, with a finding, when there is none.</summary>
    /// <param name="place">The schema with the reference.</param>
    /// <param name="keyword">The keyword that holds it.</param>
    /// <param name="reference">The reference as written.</param>
    /// <param name="dynamicAnchor">The <c>$dynamicAnchor</c> that it lands on, null when it lands on anything else.</param>
    public SchemaNode? Resolve(SchemaPlace place, string keyword, string reference, out string? dynamicAnchor)
    {
        dynamicAnchor = null;
        (string path, string fragment) = SchemaUri.Split(reference);
        string uri = SchemaUri.Resolve(place.Resource.Uri, path);
        SchemaResource? resource = uri == place.Resource.Uri ? place.Resource : registry.Find(uri);
        if (resource is null)
        {
            Report(place, keyword, $"'{reference}' leads to '{uri}', which is not registered. Schemas are never fetched; register the document, or correct the reference");
            return null;
        }
        if (!registry.IsSound)
        {
            return null;
        }
        if (Locate(resource, fragment) is not { } target)
        {
            Report(place, keyword, $"'{reference}' leads nowhere: there is no schema at '{fragment}' in {(resource == place.Resource ? "this schema" : $"'{uri}'")}");
            return null;
        }
        dynamicAnchor = resource.DynamicAnchors.Contains(fragment) ? fragment : null;
        return registry.IsSound ? NodeFor(target) : null;
    }

    /// <summary>The regular expression of a pattern, made once per compilation; null, with a finding, when it is not valid.</summary>
    public Regex? Pattern(SchemaPlace place, string keyword, string pattern)
    {
        if (_patterns.TryGetValue(pattern, out Regex? known))
        {
            return known;
        }
        if (!EcmaPattern.TryCreate(pattern, options.PatternTimeout, out Regex? regex, out string? problem))
        {
            Report(place, keyword, $"'{pattern}' is not a valid regular expression: {problem}");
            return null;
        }
        return _patterns[pattern] = regex;
    }

    private void Report(SchemaPlace place, string keyword, string message) =>
        findings.Add(new SchemaFinding(place.LocationOf(keyword), place.LocationOf(keyword), message));

    private void Prepare(SchemaResource resource)
    {
        if (resource.Dialect is not null)
        {
            return;
        }
        resource.Dialect = DialectOf(resource);
        foreach (string anchor in resource.DynamicAnchors)
        {
            (string pointer, JsonElement schema) = resource.Anchors[anchor];
            resource.DynamicNodes[anchor] = NodeFor(new SchemaPlace(resource, pointer, schema));
        }
    }

    private SchemaPlace? Locate(SchemaResource resource, string fragment)
    {
        if (fragment.Length > 0 && fragment[0] != '/')
        {
            return resource.Anchors.TryGetValue(fragment, out (string Pointer, JsonElement Schema) anchored)
                ? new SchemaPlace(resource, anchored.Pointer, anchored.Schema)
                : null;
        }
        var place = new SchemaPlace(resource, resource.Pointer, resource.Root);
        foreach (string segment in fragment.Split('/').Skip(1))
        {
            string name = segment.Replace("~1", "/", StringComparison.Ordinal).Replace("~0", "~", StringComparison.Ordinal);
            if (!TryStep(place.Element, name, out JsonElement next))
            {
                return null;
            }
            place = place.Child(next, name);
        }
        return IsSchema(place) ? place : null;
    }

    private bool IsSchema(SchemaPlace place)
    {
        if (place.Element.ValueKind is not (JsonValueKind.Object or JsonValueKind.True or JsonValueKind.False))
        {
            return false;
        }
        if (!place.Resource.Document.HoldsSchemaAt(place.Pointer) && !_nodes.ContainsKey((place.Resource.Document, place.Pointer)))
        {
            registry.Check(place.Element, place.Location);
        }
        return true;
    }

    private static bool TryStep(JsonElement element, string name, out JsonElement next)
    {
        next = default;
        if (element.ValueKind == JsonValueKind.Object)
        {
            return element.TryGetProperty(name, out next);
        }
        if (element.ValueKind != JsonValueKind.Array || (name.StartsWith('0') && name.Length > 1)
            || !int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out int index) || index >= element.GetArrayLength())
        {
            return false;
        }
        next = element[index];
        return true;
    }

    private Vocabularies DialectOf(SchemaResource resource)
    {
        var place = new SchemaPlace(resource, resource.Pointer, resource.Root);
        if (!place.Has("$schema", out JsonElement declared))
        {
            return resource.Parent is null ? Vocabularies.All : resource.Parent.Dialect ??= DialectOf(resource.Parent);
        }
        string uri = SchemaUri.Normalize(SchemaUri.Split(declared.GetString()!).Uri);
        if (uri == MetaSchemas.Root)
        {
            return Vocabularies.All;
        }
        if (registry.Find(uri) is not { } meta)
        {
            Report(place, "$schema", $"'{uri}' is neither draft 2020-12 ('{MetaSchemas.Root}') nor a registered document");
            return Vocabularies.All;
        }
        return registry.IsSound && meta.Root.TryGetProperty("$vocabulary", out JsonElement listed) ? VocabulariesOf(place, listed) : Vocabularies.All;
    }

    private Vocabularies VocabulariesOf(SchemaPlace place, JsonElement listed)
    {
        Vocabularies found = Vocabularies.Core;
        foreach (JsonProperty entry in listed.EnumerateObject())
        {
            const string Known = "https://json-schema.org/draft/2020-12/vocab/";
            Vocabularies? one = !entry.Name.StartsWith(Known, StringComparison.Ordinal) ? null : entry.Name[Known.Length..] switch
            {
                "applicator" => Vocabularies.Applicator,
                "unevaluated" => Vocabularies.Unevaluated,
                "validation" => Vocabularies.Validation,
                "format-annotation" or "format-assertion" => Vocabularies.Format,
                "core" or "meta-data" or "content" => Vocabularies.Core,
                _ => null,
            };
            if (one is null && entry.Value.ValueKind == JsonValueKind.True)
            {
                Report(place, "$schema", $"requires the vocabulary '{entry.Name}', which is not supported");
            }
            found |= one ?? Vocabularies.Core;
        }
        return found;
    }
}
