using Aria.Pipelines.Connectors;
using Aria.Pipelines.Definitions;

namespace Aria.Pipelines.Authoring.SchemaFiles;

/// <summary>What the aliases of each pipeline stand for, read even while the pipeline has errors: that is when an editor's help is wanted.</summary>
internal static class PipelineAliases
{
    /// <param name="workspace">The workspace folder.</param>
    /// <param name="connections">The connector of each connection.</param>
    public static IEnumerable<(string Pipeline, IReadOnlyDictionary<string, Connector> Aliases)> Read(string workspace, Dictionary<string, Connector> connections)
    {
        // The first connector is written before there are pipelines.
        string[] folders = Directory.Exists(workspace) ? Directory.GetDirectories(workspace) : [];
        foreach (string path in folders.Order(StringComparer.Ordinal))
        {
            var unreported = new DiagnosticBag();
            var folder = new DefinitionFolder(path, Path.GetFileName(path));
            if (folder.Read(DefinitionBundle.PipelineFile) is { } bytes && SourceDocument.Parse(folder.PathOf(DefinitionBundle.PipelineFile), bytes, unreported) is { } document)
            {
                PipelineDefinition pipeline = PipelineReader.Read(Path.GetFileName(path), document, unreported);
                yield return (pipeline.Id, pipeline.Connections.Where(c => c.Value is { } known && connections.ContainsKey(known.Name)).ToDictionary(c => c.Key, c => connections[c.Value!.Name]));
            }
        }
    }
}
