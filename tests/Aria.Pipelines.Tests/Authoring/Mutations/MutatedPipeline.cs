using System.Text;
using Aria.Pipelines.Compilation;
using Aria.Pipelines.Compilation.Facts;
using Aria.Pipelines.Definitions;
using Aria.Pipelines.Mapping;
using Aria.Pipelines.Pipelines;
using Aria.Pipelines.Testing;

namespace Aria.Pipelines.Tests.Authoring.Mutations;

/// <summary>A shipped pipeline, its mistakes, and whether lint or a case finds one.</summary>
/// <param name="workspace">The workspace that it is right in.</param>
/// <param name="folder">Folder of that workspace.</param>
/// <param name="pipeline">The pipeline.</param>
/// <param name="bundle">Its files.</param>
internal sealed class MutatedPipeline(Workspace workspace, string folder, Pipeline pipeline, DefinitionBundle bundle)
{
    // The cases that show most come first: most mistakes are found by the first one.
    private readonly string[] _cases = [.. new DirectoryInfo(Path.Combine(folder, pipeline.Id, CaseSuite.CasesFolder)).EnumerateFiles("*.json").OrderByDescending(f => f.Length).Select(f => Path.GetFileNameWithoutExtension(f.Name))];

    public string Id => pipeline.Id;

    /// <summary>Every mistake in every file, in the order of the files.</summary>
    public IEnumerable<Mutant> Mutants()
    {
        string[] words = [.. pipeline.Connections.SelectMany(c => c.Value.Connector.Operations.Keys.Concat(c.Value.Connector.Events.Keys).Select(name => $"{c.Key}.{name}"))];
        return bundle.Names.SelectMany(file =>
        {
            string text = Encoding.UTF8.GetString(bundle.Read(file)!);
            return file.EndsWith(".json", StringComparison.Ordinal) ? JsonMutants.Of(file, text, words) : CodeMutants.OfFile(file, text);
        });
    }

    /// <summary>Who finds a mistake: <c>lint</c>, the name of a case, or null for nobody.</summary>
    public async Task<string?> FinderOfAsync(Mutant mutant, CancellationToken cancellationToken)
    {
        DefinitionBundle mistaken = DefinitionBundle.From(new Overlay(bundle, mutant), pipeline.Id);
        var bag = new DiagnosticBag();
        Pipeline? compiled = new PipelineCompiler(workspace.Connections, new HashSet<string>(), new MappingCompiler(), new ConnectorShapes()).Compile(pipeline.Id, mistaken, bag);
        if (compiled is null || bag.Items.Count > 0)
        {
            return "lint";
        }
        var suite = new CaseSuite(new Workspace(workspace.Connections, [(compiled, mistaken)], []), folder, "pipelines");
        foreach (string name in _cases)
        {
            SuiteResult result = await suite.RunAsync([new CaseSelection(pipeline.Id, name)], cancellationToken);
            if (result.Failed > 0)
            {
                return name;
            }
        }
        return null;
    }

    private sealed class Overlay(DefinitionBundle right, Mutant mutant) : IDefinitionFiles
    {
        public string PathOf(string name) => right.PathOf(name);

        public byte[]? Read(string name) => name == mutant.File ? Encoding.UTF8.GetBytes(mutant.Text) : right.Read(name);
    }
}
