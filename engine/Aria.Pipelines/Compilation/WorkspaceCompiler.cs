using System.Runtime.ExceptionServices;
using Aria.Pipelines.Compilation.Facts;
using Aria.Pipelines.Compilation.Rules;
using Aria.Pipelines.Connectors;
using Aria.Pipelines.Definitions;
using Aria.Pipelines.Mapping;
using Aria.Pipelines.Pipelines;

namespace Aria.Pipelines.Compilation;

/// <summary>Reads a workspace folder: <c>connections/</c>, <c>environments/</c> and one folder per pipeline.</summary>
internal sealed class WorkspaceCompiler(IReadOnlyDictionary<string, Connector> connectors, IMappingCompiler mappings)
{
    // What somebody may call the file by mistake.
    private static readonly string[] Misnamed = ["pipelines", "pipline", "pipelin", "pipe-line", "pipeline"];

    private const string ConnectionsFolder = "connections";
    private const string EnvironmentsFolder = "environments";

    /// <summary>The environment that exists without a file.</summary>
    private const string Production = "production";

    /// <summary>How many pipelines are compiled at a time.</summary>
    public int Parallelism { get; init; } = Environment.ProcessorCount;

    /// <summary>The folder of a connector that is installed and has errors; null for a name of none.</summary>
    public Func<string, string?> FaultyFolder { get; init; } = _ => null;

    /// <summary>Compiles the workspace for one environment.</summary>
    /// <param name="folder">The workspace folder.</param>
    /// <param name="displayPath">How diagnostics name it, with forward slashes.</param>
    /// <param name="environment">Name of the environment; only <c>production</c> needs no file.</param>
    public Workspace Compile(string folder, string displayPath, string environment)
    {
        var bag = new DiagnosticBag();
        if (!Directory.Exists(folder))
        {
            bag.Error(DefinitionCodes.MissingFile, new SourcePosition(displayPath, null, null), $"The workspace folder '{displayPath}' does not exist.", "Give another one with --workspace.", Abstractions.DiagnosticFault.Operator);
            return new Workspace(new Dictionary<string, Connection>(), [], bag.Items);
        }
        (EnvironmentDefinition overlay, SourceDocument? document) = ReadEnvironment(folder, displayPath, environment, bag);
        Dictionary<string, Connection> connections = Connections(folder, displayPath, overlay, bag);
        if (document is not null)
        {
            SecretTexts.Check(document, bag);
        }
        foreach (ConnectionDefinition unknown in overlay.Connections.Values.Where(c => !File.Exists(Path.Combine(folder, ConnectionsFolder, $"{c.Id}.json"))))
        {
            bag.Error(PipelineCodes.UnknownEnvironment, unknown.Position, $"Environment '{environment}' speaks of connection '{unknown.Id}', which does not exist.", Suggestion.For(unknown.Id, [.. connections.Keys]));
        }
        return new Workspace(connections, Pipelines(folder, displayPath, connections, bag), bag.Items);
    }

    /// <summary>The environments that a workspace can be compiled for, production first.</summary>
    public static IEnumerable<string> EnvironmentsOf(string folder) => JsonNames(Path.Combine(folder, EnvironmentsFolder)).Prepend(Production).Distinct();

    private static (EnvironmentDefinition Environment, SourceDocument? Document) ReadEnvironment(string folder, string displayPath, string name, DiagnosticBag bag)
    {
        var files = new DefinitionFolder(Path.Combine(folder, EnvironmentsFolder), $"{displayPath}/{EnvironmentsFolder}");
        if (files.Read($"{name}.json") is { } bytes)
        {
            if (SourceDocument.Parse(files.PathOf($"{name}.json"), bytes, bag) is not { } document)
            {
                return (EnvironmentDefinition.Strict(name), null);
            }
            return (ConnectionReader.ReadEnvironment(name, document, bag), document);
        }
        if (name != Production)
        {
            bag.Error(PipelineCodes.UnknownEnvironment, new SourcePosition(files.PathOf($"{name}.json"), null, null), $"There is no environment '{name}'.", Suggestion.For(name, [.. JsonNames(Path.Combine(folder, EnvironmentsFolder)), Production]), Abstractions.DiagnosticFault.Operator);
        }
        return (EnvironmentDefinition.Strict(name), null);
    }

    private Dictionary<string, Connection> Connections(string folder, string displayPath, EnvironmentDefinition overlay, DiagnosticBag bag)
    {
        var files = new DefinitionFolder(Path.Combine(folder, ConnectionsFolder), $"{displayPath}/{ConnectionsFolder}");
        var compiler = new ConnectionCompiler(connectors, FaultyFolder, overlay, bag);
        var connections = new Dictionary<string, Connection>();
        foreach (string id in JsonNames(Path.Combine(folder, ConnectionsFolder)))
        {
            SourceDocument? document = ReadNamed(files, $"{id}.json", bag);
            if (document is null)
            {
                continue;
            }
            if (compiler.Compile(ConnectionReader.ReadConnection(id, document, bag)) is { } connection)
            {
                connections[id] = connection;
            }
            SecretTexts.Check(document, bag);
        }
        return connections;
    }

    private List<(Pipeline, DefinitionBundle)> Pipelines(string folder, string displayPath, Dictionary<string, Connection> connections, DiagnosticBag bag)
    {
        HashSet<string> faulty = [.. JsonNames(Path.Combine(folder, ConnectionsFolder)).Where(id => !connections.ContainsKey(id))];
        var compiler = new PipelineCompiler(connections, faulty, mappings, new ConnectorShapes());
        var pipelines = new List<(Pipeline, DefinitionBundle)>();
        IEnumerable<string> ids = Directory.EnumerateDirectories(folder).Select(d => Path.GetFileName(d)!)
            .Where(f => f is not (ConnectionsFolder or EnvironmentsFolder) && File.Exists(Path.Combine(folder, f, DefinitionBundle.PipelineFile)))
            .Order(StringComparer.Ordinal);
        Lost(folder, displayPath, bag);
        // Each pipeline has a bag of its own and bags are joined in order, so that findings stand where they stood when one compiled after the other.
        var facts = new List<PipelineFacts>();
        foreach ((Pipeline? pipeline, PipelineFacts? known, DefinitionBundle? bundle, DiagnosticBag own) in SideBySide([.. ids], id => Pipeline(id, folder, displayPath, compiler)))
        {
            bag.AddRange(own.Items);
            if (pipeline is not null)
            {
                pipelines.Add((pipeline, bundle!));
            }
            if (known is not null)
            {
                facts.Add(known);
            }
        }
        PipelineCircleRule.Check(facts, bag);
        return pipelines;
    }

    /// <summary>A folder without a pipeline, in which a file is nearly called as one.</summary>
    private static void Lost(string folder, string displayPath, DiagnosticBag bag)
    {
        foreach (string at in Directory.EnumerateDirectories(folder).Where(d => !File.Exists(Path.Combine(d, DefinitionBundle.PipelineFile))).Order(StringComparer.Ordinal))
        {
            foreach (string name in Directory.EnumerateFiles(at).Select(f => Path.GetFileName(f)!).Where(IsMisnamed).Order(StringComparer.Ordinal))
            {
                bag.Warning(DefinitionCodes.InvalidFileName, new SourcePosition($"{displayPath}/{Path.GetFileName(at)}/{name}", 1, 1), $"'{name}' is not read: a pipeline is the file '{DefinitionBundle.PipelineFile}' in a folder of its own.", $"Rename it to '{DefinitionBundle.PipelineFile}'.");
            }
        }
    }

    private static bool IsMisnamed(string file) =>
        Misnamed.Contains(Path.GetFileNameWithoutExtension(file).ToLowerInvariant()) && Path.GetExtension(file).ToLowerInvariant() is ".json" or ".jsonc" or ".json5" or ".yaml" or ".yml";

    private T[] SideBySide<T>(string[] ids, Func<string, T> compile)
    {
        try
        {
            var compiled = new T[ids.Length];
            Parallel.For(0, ids.Length, new ParallelOptions { MaxDegreeOfParallelism = Parallelism }, i => compiled[i] = compile(ids[i]));
            return compiled;
        }
        catch (AggregateException e) when (e.InnerException is { } first)
        {
            // Whoever watches the folder waits for the exception itself: a file that went away meanwhile.
            ExceptionDispatchInfo.Throw(first);
            throw;
        }
    }

    private static (Pipeline? Pipeline, PipelineFacts? Facts, DefinitionBundle? Bundle, DiagnosticBag Own) Pipeline(string id, string folder, string displayPath, PipelineCompiler compiler)
    {
        var own = new DiagnosticBag();
        string path = $"{displayPath}/{id}";
        if (!FileName.IsAllowed(id) || new DirectoryInfo(Path.Combine(folder, id)).LinkTarget is not null)
        {
            own.Error(DefinitionCodes.InvalidFileName, new SourcePosition(path, null, null), $"'{id}' is not a usable folder name for a pipeline.", FileName.Rule);
            return (null, null, null, own);
        }
        DefinitionBundle bundle = DefinitionBundle.From(new DefinitionFolder(Path.Combine(folder, id), path), path);
        (Pipeline? pipeline, PipelineFacts? facts) = compiler.CompileWithFacts(id, bundle, own);
        return (pipeline, facts, bundle, own);
    }

    private static SourceDocument? ReadNamed(DefinitionFolder files, string name, DiagnosticBag bag)
    {
        if (files.Read(name) is { } bytes)
        {
            return SourceDocument.Parse(files.PathOf(name), bytes, bag);
        }
        bag.Error(DefinitionCodes.InvalidFileName, new SourcePosition(files.PathOf(name), null, null), $"'{name}' cannot be read as a definition file.", FileName.Rule + " Links, empty files and files over 1 MiB are not read.");
        return null;
    }

    private static IEnumerable<string> JsonNames(string folder) => Directory.Exists(folder)
        ? Directory.EnumerateFiles(folder, "*.json").Select(f => Path.GetFileNameWithoutExtension(f)).Order(StringComparer.Ordinal)
        : [];
}
