using System.Text.Json;

namespace Aria.Pipelines.Schemas;

/// <summary>The resources that one compilation can refer to: the schema itself, registered documents, the meta-schemas.</summary>
internal sealed class SchemaRegistry
{
    private readonly Dictionary<string, SchemaResource> _resources = [];
    private readonly Dictionary<string, JsonElement> _documents = [];
    private readonly List<SchemaFinding> _findings;

    public SchemaRegistry(SchemaOptions options, List<SchemaFinding> findings)
    {
        _findings = findings;
        foreach ((string uri, JsonElement document) in MetaSchemas.All.Concat(options.Documents))
        {
            _documents[SchemaUri.Normalize(uri)] = document;
        }
    }

    /// <summary>False once a schema that was referred to has broken the meta-schema; its keywords must then not be read.</summary>
    public bool IsSound { get; private set; } = true;

    /// <summary>Adds the schema being compiled.</summary>
    public SchemaResource AddMain(string uri, JsonElement root) => new SchemaIndex(_resources, _findings).Read("", uri, root);

    /// <summary>The resource with an absolute URI, null when nothing is registered under it.</summary>
    public SchemaResource? Find(string uri)
    {
        if (!_resources.ContainsKey(uri) && _documents.TryGetValue(uri, out JsonElement document))
        {
            if (!MetaSchemas.All.ContainsKey(uri))
            {
                Check(document, $"{uri}#");
            }
            new SchemaIndex(_resources, _findings).Read(uri, uri, document);
        }
        return _resources.GetValueOrDefault(uri);
    }

    /// <summary>Checks a schema that was referred to against the meta-schema.</summary>
    public void Check(JsonElement schema, string location)
    {
        int before = _findings.Count;
        SchemaCompiler.CheckKeywords(schema, location, _findings);
        IsSound &= _findings.Count == before;
    }
}
