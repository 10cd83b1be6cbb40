using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Aria.Pipelines.Compilation;
using Aria.Pipelines.Connectors;

namespace Aria.Pipelines.Authoring.SchemaFiles;

/// <summary>All schema files for the installed connectors and a workspace, and the folder that holds them.</summary>
internal static class GeneratedSchemas
{
    private static readonly JsonSerializerOptions Layout = new() { WriteIndented = true, IndentSize = 2, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    // Only these folders belong to the generator alone: what is left over in them is removed.
    private static readonly string[] OwnFolders = [ConnectorSchema.Folder, AliasedPipelineSchema.Folder];

    /// <summary>Every file by its path inside the schema folder. A further schema is a further line here.</summary>
    /// <param name="connectors">The installed connectors.</param>
    /// <param name="workspace">The compiled workspace, for its connections.</param>
    /// <param name="folder">The workspace folder, for the aliases of its pipelines, which may have errors.</param>
    public static SortedDictionary<string, string> All(IEnumerable<Connector> connectors, Workspace workspace, string folder)
    {
        List<Connector> installed = [.. connectors.OrderBy(c => c.Name, StringComparer.Ordinal)];
        Dictionary<string, Connector> connections = workspace.Connections.ToDictionary(c => c.Key, c => c.Value.Connector);
        var files = new SortedDictionary<string, string>(StringComparer.Ordinal)
        {
            [PipelineSchema.File] = Text(PipelineSchema.Make()),
            [ConnectionSchema.File] = Text(ConnectionSchema.Make(installed)),
            [ConnectionSchema.EnvironmentFile] = Text(ConnectionSchema.MakeEnvironment(connections)),
            [CaseSchema.File] = Text(CaseSchema.Make(installed)),
            [ConnectorDefinitionSchema.File] = Text(ConnectorDefinitionSchema.Make()),
        };
        foreach (Connector connector in installed)
        {
            files[ConnectorSchema.FileOf(connector)] = Text(ConnectorSchema.Make(connector));
        }
        foreach ((string id, IReadOnlyDictionary<string, Connector> aliases) in PipelineAliases.Read(folder, connections))
        {
            files[AliasedPipelineSchema.FileOf(id)] = Text(AliasedPipelineSchema.Make(id, aliases, connections));
        }
        return files;
    }

    /// <summary>Writes what differs and removes what is left over.</summary>
    /// <returns>The paths that changed, inside the folder.</returns>
    public static IReadOnlyList<string> Write(string folder, SortedDictionary<string, string> files)
    {
        IReadOnlyList<string> changed = Differences(folder, files);
        foreach (string name in changed)
        {
            string path = Path.Combine(folder, name);
            if (files.TryGetValue(name, out string? text))
            {
                Directory.CreateDirectory(Path.GetDirectoryName(path)!);
                File.WriteAllText(path, text);
            }
            else
            {
                File.Delete(path);
            }
        }
        return changed;
    }

    /// <summary>The files that are missing, differ, or are left over.</summary>
    public static IReadOnlyList<string> Differences(string folder, SortedDictionary<string, string> files)
    {
        IEnumerable<string> stale = files.Where(f => !File.Exists(Path.Combine(folder, f.Key)) || File.ReadAllText(Path.Combine(folder, f.Key)) != f.Value).Select(f => f.Key);
        IEnumerable<string> leftOver = OwnFolders
            .Where(own => Directory.Exists(Path.Combine(folder, own)))
            .SelectMany(own => Directory.EnumerateFiles(Path.Combine(folder, own), "*.schema.json").Select(f => $"{own}/{Path.GetFileName(f)}"))
            .Where(f => !files.ContainsKey(f));
        return [.. stale.Concat(leftOver).Order(StringComparer.Ordinal)];
    }

    private static string Text(JsonObject schema) => new StringBuilder(schema.ToJsonString(Layout)).Append('\n').ToString();
}
