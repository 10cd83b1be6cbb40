using System.Text.Json;

namespace Aria.Pipelines.Schemas;

/// <summary>A schema with its own URI (a whole document, or a part with <c>$id</c>), and the anchors in it.</summary>
internal sealed class SchemaResource(SchemaDocument document, string uri, SchemaResource? parent, string pointer, JsonElement root)
{
    public SchemaDocument Document { get; } = document;

    /// <summary>The absolute URI, without fragment.</summary>
    public string Uri { get; } = uri;

    /// <summary>The resource it is embedded in.</summary>
    public SchemaResource? Parent { get; } = parent;

    /// <summary>Where in the document it begins.</summary>
    public string Pointer { get; } = pointer;

    public JsonElement Root { get; } = root;

    /// <summary>Pointers into the document by <c>$anchor</c> and <c>$dynamicAnchor</c>.</summary>
    public Dictionary<string, (string Pointer, JsonElement Schema)> Anchors { get; } = [];

    /// <summary>The names in <see cref="Anchors"/> that a <c>$dynamicRef</c> may land on from elsewhere.</summary>
    public HashSet<string> DynamicAnchors { get; } = [];

    /// <summary>The compiled schemas of <see cref="DynamicAnchors"/>, once any schema of the resource is compiled.</summary>
    public Dictionary<string, SchemaNode> DynamicNodes { get; } = [];

    /// <summary>The vocabularies in force; null until the first schema of the resource is compiled.</summary>
    public Vocabularies? Dialect { get; set; }
}
