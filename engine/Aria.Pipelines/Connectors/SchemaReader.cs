using System.Text.Json;
using Aria.Pipelines.Definitions;
using Aria.Pipelines.Schemas;

namespace Aria.Pipelines.Connectors;

/// <summary>Reads a declared shape: a JSON Schema in place, or the name of a file that holds one. A file is compiled once per connector.</summary>
internal static class SchemaReader
{
    /// <summary>The schema under <paramref name="name"/>; null when it is absent or cannot be used, which is reported.</summary>
    public static ISchema? Read(JsonCursor owner, string name, ConnectorSource source)
    {
        if (owner.Optional(name) is not { } value)
        {
            return null;
        }
        if (value.Kind != JsonValueKind.String)
        {
            return Compile(value, source);
        }
        string file = value.Element.GetString()!;
        if (source.SchemaFiles.TryGetValue(file, out ISchema? known))
        {
            return known;
        }
        if (source.Files.Read(file) is not { } bytes)
        {
            source.Bag.Error(DefinitionCodes.MissingFile, value.Position, $"Schema '{file}' does not exist.", $"Expected at {source.Files.PathOf(file)}.");
            return null;
        }
        return source.SchemaFiles[file] = SourceDocument.Parse(source.Files.PathOf(file), bytes, source.Bag) is { } document ? Compile(document.Cursor, source) : null;
    }

    private static ISchema? Compile(JsonCursor schema, ConnectorSource source)
    {
        if (SchemaCompiler.TryCompile(schema.Element, out ISchema? compiled, out IReadOnlyList<SchemaFinding> findings))
        {
            return compiled;
        }
        foreach (SchemaFinding finding in findings)
        {
            source.Bag.Error(ConnectorCodes.DeclaredSchema, schema.Document.PositionOf(schema.Pointer + finding.InstancePointer), $"The declared schema is not a valid JSON Schema. {finding.Message}");
        }
        return null;
    }
}
