using Aria.Pipelines.Abstractions;
using Aria.Pipelines.Connectors;
using Aria.Pipelines.Definitions;
using Aria.Pipelines.Mapping;

namespace Aria.Pipelines.Plugins;

/// <summary>All connectors of a plugins folder, each with its code half in a load context of its own.</summary>
internal sealed class InstalledConnectors : IDisposable
{
    private readonly List<LoadedPlugin> _code = [];
    private readonly Dictionary<string, Connector> _byName = [];
    private readonly List<InstalledConnector> _all = [];
    private readonly Dictionary<string, string> _faulty = new(StringComparer.OrdinalIgnoreCase);

    private InstalledConnectors()
    {
    }

    /// <summary>Connectors without errors, by the name that connections use.</summary>
    public IReadOnlyDictionary<string, Connector> ByName => _byName;

    /// <summary>The same with their folders, in ordinal order of those.</summary>
    public IReadOnlyList<InstalledConnector> All => _all;

    /// <summary>Loads every connector folder; a bad one is reported and left out, the others load.</summary>
    /// <param name="root">The folder of connectors.</param>
    /// <param name="displayPath">The same as shown in findings.</param>
    /// <param name="mappings">Compiles their mappings.</param>
    /// <param name="bag">Receives what is wrong.</param>
    /// <param name="only">Name of the one folder to load; null for all.</param>
    public static InstalledConnectors Load(string root, string displayPath, IMappingCompiler mappings, DiagnosticBag bag, string? only = null)
    {
        var installed = new InstalledConnectors();
        foreach (PluginFolder folder in PluginFolder.Find(root, displayPath, bag).Where(f => only is null || f.Name == only))
        {
            installed.Add(folder, mappings, bag);
        }
        return installed;
    }

    /// <summary>The folder of a connector that is installed and has errors, as findings show it; null when there is none of the name.</summary>
    /// <param name="name">The name that connections use.</param>
    public string? FaultyFolder(string name) =>
        // A definition that cannot be read does not say its name, and its folder is called by the same words.
        _faulty.GetValueOrDefault(name) ?? _faulty.GetValueOrDefault(name.Replace("-", "", StringComparison.Ordinal));

    public void Dispose()
    {
        _byName.Clear();
        _all.Clear();
        _code.ForEach(c => c.Dispose());
        _code.Clear();
    }

    private void Add(PluginFolder folder, IMappingCompiler mappings, DiagnosticBag bag)
    {
        if (Read(folder, mappings, bag) is not var (connector, code))
        {
            _faulty.TryAdd(ConnectorReader.NameIn(folder.Files) ?? folder.Name, folder.DisplayPath);
            return;
        }
        if (!_byName.TryAdd(connector.Name, connector))
        {
            bag.Error(PluginCodes.FolderRefused, new SourcePosition(folder.Files.PathOf(ConnectorReader.FileName), 1, 1), $"Connector '{connector.Name}' is installed twice.", "Remove one of the two folders.", DiagnosticFault.Operator);
            return;
        }
        _all.Add(new InstalledConnector(connector, folder, code));
    }

    private (Connector Connector, LoadedPlugin? Code)? Read(PluginFolder folder, IMappingCompiler mappings, DiagnosticBag bag)
    {
        if (ConnectorLock.Exists(folder.Directory) && !Holds(folder, bag))
        {
            return null;
        }
        LoadedPlugin? code = null;
        if (ConnectorReader.CodeFile(folder.Files) is { } assembly)
        {
            if (PluginLoader.Load(folder, assembly.Name, assembly.Position, bag) is not { } plugin)
            {
                return null;
            }
            _code.Add(plugin);
            code = plugin;
        }
        return ConnectorReader.Read(folder.Files, code?.Connector, mappings, bag) is { } read ? (read with { Loaded = code }, code) : null;
    }

    /// <summary>A connector of JSON alone needs no lock, and is held to the one it has.</summary>
    private static bool Holds(PluginFolder folder, DiagnosticBag bag)
    {
        try
        {
            return ConnectorLock.Holds(folder, folder.Directory, FolderImage.Read(folder.Directory), bag);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            bag.Error(PluginCodes.AssemblyUnreadable, new SourcePosition(folder.DisplayPath, null, null), $"'{folder.DisplayPath}' cannot be read.", e.Message, DiagnosticFault.Operator);
            return false;
        }
    }
}
