namespace Aria.Pipelines.Schemas;

/// <summary>One JSON text with schemas in it, and which resource (see <c>$id</c>) each of its schemas belongs to.</summary>
/// <param name="name">How locations in it begin: empty for the schema being compiled, else its URI.</param>
internal sealed class SchemaDocument(string name)
{
    private readonly Dictionary<string, SchemaResource> _owners = [];

    /// <summary>Notes the resource of the schema at a pointer.</summary>
    public void Own(string pointer, SchemaResource resource) => _owners[pointer] = resource;

    /// <summary>The resource of the schema at a pointer; the given one where no known keyword holds a schema there.</summary>
    public SchemaResource OwnerOf(string pointer, SchemaResource otherwise) => _owners.GetValueOrDefault(pointer, otherwise);

    /// <summary>True where a known keyword holds a schema.</summary>
    public bool HoldsSchemaAt(string pointer) => _owners.ContainsKey(pointer);

    /// <summary>A pointer as people see it: with the document's URI in front unless it is the schema being compiled.</summary>
    public string Locate(string pointer) => name.Length == 0 ? pointer : $"{name}#{pointer}";
}
