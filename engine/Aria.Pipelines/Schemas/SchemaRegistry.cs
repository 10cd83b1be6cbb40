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

    /// <summary>Adds the schema being compiled.</summary>
    public SchemaResource AddMain(string uri, JsonElement root) => new SchemaIndex(_resources, _findings).Read("", uri, root);

    /// <summary>The resource with an absolute URI, null when nothing is registered under it.</summary>
    public SchemaResource? Find(string uri)
    {
        if (!_resources.ContainsKey(uri) && _documents.TryGetValue(uri, out JsonElement document))
        {
            if (!MetaSchemas.All.ContainsKey(uri))
            {
                SchemaCompiler.CheckKeywords(document, $"{uri}#", _findings);
            }
            new SchemaIndex(_resources, _findings).Read(uri, uri, document);
        }
        return _resources.GetValueOrDefault(uri);
    }
}
