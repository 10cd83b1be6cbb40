using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Aria.Pipelines.Authoring.SchemaFiles;
using Aria.Pipelines.Compilation;
using Aria.Pipelines.Mapping;
using Aria.Pipelines.Plugins;
using Aria.Pipelines.Schemas;

namespace Aria.Pipelines.Tests.Authoring;

/// <summary>What this repository ships, and the schemas generated from it.</summary>
internal static class Shipped
{
    private const string Base = "schema:///schemas/";

    private static readonly Lazy<(InstalledConnectors Installed, Workspace Workspace)> Compiled = new(Compile);
    private static readonly Lazy<SortedDictionary<string, string>> LazySchemas = new(() => GeneratedSchemas.All(Connectors.ByName.Values, Workspace, Folder("pipelines")));

    public static string Root => Tests.Connectors.Plugins.Root;

    public static InstalledConnectors Connectors => Compiled.Value.Installed;

    public static Workspace Workspace => Compiled.Value.Workspace;

    /// <summary>Generated texts by path inside the schema folder.</summary>
    public static SortedDictionary<string, string> Schemas => LazySchemas.Value;

    public static string Folder(string name) => Path.Combine(Root, name);

    public static string Read(string file) => File.ReadAllText(Path.Combine(Root, file));

    /// <summary>What a generated schema says of a JSON text, as <c>pointer: message</c>.</summary>
    public static IReadOnlyList<string> Validate(string schema, string json)
    {
        Dictionary<string, JsonElement> documents = Schemas.ToDictionary(s => Base + s.Key, s => JsonElement.Parse(s.Value));
        ISchema compiled = SchemaCompiler.Compile(documents[Base + schema], new SchemaOptions { BaseUri = Base + schema, Documents = documents });
        return [.. compiled.Validate(JsonElement.Parse(json)).Select(f => $"{f.InstancePointer}: {f.Message}")];
    }

    /// <summary>A JSON text after a change of the object at a pointer.</summary>
    public static string Change(string json, string pointer, Action<JsonObject> change)
    {
        JsonNode root = JsonNode.Parse(json)!;
        JsonNode at = pointer.Split('/', StringSplitOptions.RemoveEmptyEntries).Aggregate(root, (n, name) => n is JsonArray list ? list[int.Parse(name, System.Globalization.CultureInfo.InvariantCulture)]! : n[name]!);
        change(at.AsObject());
        return root.ToJsonString();
    }

    public static byte[] Utf8(string text) => Encoding.UTF8.GetBytes(text);

    private static (InstalledConnectors Installed, Workspace Workspace) Compile()
    {
        (InstalledConnectors installed, Workspace workspace) = AriaEngine.Compile(new EngineOptions { Workspace = Folder("pipelines"), Plugins = Folder("plugins") }, new MappingCompiler());
        workspace.Findings.Select(f => f.ToString()).ShouldBeEmpty();
        return (installed, workspace);
    }
}
