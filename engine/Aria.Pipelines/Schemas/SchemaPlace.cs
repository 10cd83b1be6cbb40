using System.Text.Json;
using Aria.Pipelines.Definitions;

namespace Aria.Pipelines.Schemas;

/// <summary>A schema as written, and where it stands.</summary>
/// <param name="Resource">The resource whose URI its references are relative to.</param>
/// <param name="Pointer">JSON pointer into the document.</param>
/// <param name="Element">The schema: an object or a boolean.</param>
internal readonly record struct SchemaPlace(SchemaResource Resource, string Pointer, JsonElement Element)
{
    /// <summary>The pointer as people see it.</summary>
    public string Location => Resource.Document.Locate(Pointer);

    /// <summary>The location of one of its keywords.</summary>
    public string LocationOf(string keyword) => Resource.Document.Locate($"{Pointer}/{SourceDocument.Escape(keyword)}");

    public bool Has(string keyword, out JsonElement value)
    {
        value = default;
        return Element.ValueKind == JsonValueKind.Object && Element.TryGetProperty(keyword, out value);
    }

    /// <summary>The schema under a keyword, or under a member or item of a keyword.</summary>
    public SchemaPlace Child(JsonElement schema, string keyword, string? member = null)
    {
        string pointer = $"{Pointer}/{SourceDocument.Escape(keyword)}";
        pointer = member is null ? pointer : $"{pointer}/{SourceDocument.Escape(member)}";
        return new SchemaPlace(Resource.Document.OwnerOf(pointer, Resource), pointer, schema);
    }
}
