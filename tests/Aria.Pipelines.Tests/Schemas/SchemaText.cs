using System.Text.Json;
using Aria.Pipelines.Schemas;

namespace Aria.Pipelines.Tests.Schemas;

/// <summary>Schemas and values from text.</summary>
internal static class SchemaText
{
    public static JsonElement Json(string text)
    {
        using var document = JsonDocument.Parse(text);
        return document.RootElement.Clone();
    }

    public static IReadOnlyList<SchemaFinding> Validate(string schema, string instance, SchemaOptions? options = null) =>
        SchemaCompiler.Compile(Json(schema), options).Validate(Json(instance));

    /// <summary>"instance pointer | schema pointer | message" of each finding.</summary>
    public static string[] Lines(this IReadOnlyList<SchemaFinding> findings) =>
        [.. findings.Select(f => $"{f.InstancePointer} | {f.SchemaPointer} | {f.Message}")];
}
