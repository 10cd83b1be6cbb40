using Aria.Pipelines.Abstractions;
using Aria.Pipelines.Catalog;
using Aria.Pipelines.Compilation;
using Aria.Pipelines.Connectors;
using Aria.Pipelines.Definitions;
using Aria.Pipelines.Ingress;
using Aria.Pipelines.Mapping;
using Aria.Pipelines.Plugins;
using Aria.Pipelines.Privacy;
using Aria.Pipelines.Secrets;
using Aria.Pipelines.Store;

namespace Aria.Pipelines;

/// <summary>What must be there before anything is answered: connectors, workspace, master key, store.</summary>
public sealed class AriaEngine : IAsyncDisposable
{
    private readonly CurrentConnectors _connectors;

    private AriaEngine(CurrentConnectors connectors, IStore store, ISecretSource secrets, MappingCompiler mappings, TimeProvider time)
    {
        _connectors = connectors;
        Store = store;
        Secrets = secrets;
        Mappings = mappings;
        Time = time;
        Catalog = new PipelineCatalog(store, mappings);
    }

    /// <summary>What it was opened with.</summary>
    internal EngineOptions Options { get; private init; } = new();

    internal IStore Store { get; }

    internal ISecretSource Secrets { get; }

    internal MappingCompiler Mappings { get; }

    internal TimeProvider Time { get; }

    internal PipelineCatalog Catalog { get; }

    /// <summary>What senders may ask of ingress.</summary>
    internal IngressLimits Limits { get; private init; } = new(EngineOptions.DefaultDeliveriesPerSecond);

    /// <summary>The workspace whose changes are put in force; null when it is not watched.</summary>
    internal WatchedWorkspace? Watched { get; private init; }

    /// <summary>Closes the store and lets go of the connectors.</summary>
    /// <returns>When the store is closed.</returns>
    public async ValueTask DisposeAsync()
    {
        await Store.DisposeAsync().ConfigureAwait(false);
        _connectors.Dispose();
    }

    /// <summary>Reads connectors and workspace without opening anything: what <c>lint</c> and <c>plan</c> work on.</summary>
    internal static (InstalledConnectors Installed, Workspace Workspace) Compile(EngineOptions options, MappingCompiler mappings)
    {
        var bag = new DiagnosticBag();
        InstalledConnectors installed = InstalledConnectors.Load(options.Plugins, Display(options.Plugins), mappings, bag);
        Workspace workspace = CompileWorkspace(options, installed, mappings);
        return (installed, workspace with { Findings = [.. bag.Items, .. workspace.Findings] });
    }

    /// <summary>The same for every environment of the workspace: a mistake in one that is rarely chosen must not wait until it is.</summary>
    /// <returns>The workspace of production, with the findings of all environments, each once.</returns>
    internal static (InstalledConnectors Installed, Workspace Workspace) CompileEverywhere(EngineOptions options, MappingCompiler mappings)
    {
        var bag = new DiagnosticBag();
        InstalledConnectors installed = InstalledConnectors.Load(options.Plugins, Display(options.Plugins), mappings, bag);
        Workspace[] all = [.. WorkspaceCompiler.EnvironmentsOf(options.Workspace).Select(name => CompileWorkspace(options with { Environment = name }, installed, mappings))];
        return (installed, all[0] with { Findings = [.. bag.Items, .. all.SelectMany(w => w.Findings).Distinct()] });
    }

    /// <summary>Opens an engine: compiles, checks that every secret is there, takes the store, puts the pipelines in force.</summary>
    /// <returns>The engine, or null with the findings that prevent it.</returns>
    /// <exception cref="MasterKeyException">The master key is missing, malformed, or not the one this store was made with.</exception>
    /// <exception cref="StoreInUseException">Another process works on this data.</exception>
    /// <exception cref="StoreMismatchException">The data folder holds another store than the one asked for.</exception>
    internal static async Task<(AriaEngine? Engine, IReadOnlyList<Diagnostic> Findings)> OpenAsync(
        EngineOptions options, ISecretSource secrets, MasterKey masterKey, TimeProvider time, CancellationToken cancellationToken)
    {
        var mappings = new MappingCompiler();
        IReadOnlyList<string> folders = CurrentConnectors.FoldersOf(options.Plugins);
        string fingerprint = options.Watch ? WatchedWorkspace.FingerprintOf([options.Workspace, .. folders]) : "";
        string loaded = options.Watch ? WatchedWorkspace.FingerprintOf([.. folders]) : "";
        IReadOnlyDictionary<string, string> each = options.Watch ? WatchedWorkspace.ConnectorsOf(folders) : new Dictionary<string, string>();
        (InstalledConnectors installed, Workspace workspace) = Compile(options, mappings);
        List<Diagnostic> findings = [.. workspace.Findings, .. MissingSecrets(workspace, secrets, time), .. UnknownStore(options.Store)];
        if (findings.Exists(f => f.Severity == DiagnosticSeverity.Error))
        {
            installed.Dispose();
            return (null, findings);
        }
        IStore store = await StoreKinds.OpenAsync(
            options.Store, options.Data, new StoreIdentity(options.Tenant, options.Environment), masterKey, time, cancellationToken).ConfigureAwait(false);
        var connectors = new CurrentConnectors(options.Plugins, Display(options.Plugins), mappings, installed, loaded);
        var engine = new AriaEngine(connectors, store, secrets, mappings, time)
        {
            Options = options,
            Limits = new IngressLimits(options.DeliveriesPerSecond, options.AcceptPlainHttp),
            Watched = options.Watch ? new WatchedWorkspace(options.Workspace, folders, fingerprint, () => Again(options, connectors, mappings, secrets, time)) { Installed = each } : null,
        };
        await engine.Catalog.LoadAsync(workspace, cancellationToken).ConfigureAwait(false);
        return (engine, findings);
    }

    private static Workspace CompileWorkspace(EngineOptions options, InstalledConnectors installed, MappingCompiler mappings) =>
        new WorkspaceCompiler(installed.ByName, mappings) { FaultyFolder = installed.FaultyFolder }.Compile(options.Workspace, Display(options.Workspace), options.Environment);

    /// <summary>The workspace as it is now, against the connectors as they are now, with the same demands as at the start.</summary>
    private static Workspace Again(EngineOptions options, CurrentConnectors connectors, MappingCompiler mappings, ISecretSource secrets, TimeProvider time)
    {
        var bag = new DiagnosticBag();
        string fingerprint = WatchedWorkspace.FingerprintOf([.. CurrentConnectors.FoldersOf(options.Plugins)]);
        InstalledConnectors installed = connectors.Look(fingerprint, bag);
        Workspace workspace = CompileWorkspace(options, installed, mappings);
        workspace = workspace with { Findings = [.. bag.Items, .. workspace.Findings, .. MissingSecrets(workspace, secrets, time)] };
        if (workspace.HasErrors)
        {
            connectors.Refuse(installed);
        }
        else
        {
            connectors.Take(installed, fingerprint);
        }
        return workspace;
    }

    private static IEnumerable<Diagnostic> UnknownStore(string name) => StoreKinds.Names.Contains(name)
        ? []
        : [new Diagnostic("store_unknown", DiagnosticSeverity.Error, $"There is no store of the kind '{name}'.", $"Ask for {StoreKinds.Choice}.", null, null, null, DiagnosticFault.Operator)];

    /// <summary>Secrets that the connections of pipelines name and the host does not have, or that have expired. What no pipeline uses may stand ready without them.</summary>
    internal static IEnumerable<Diagnostic> MissingSecrets(Workspace workspace, ISecretSource secrets, TimeProvider time) =>
        workspace.Pipelines.SelectMany(p => p.Pipeline.Connections.Values).DistinctBy(c => c.Id).SelectMany(c => SecretFindings.Of(c, secrets, time.GetUtcNow()));

    private static string Display(string path) => path.Replace('\\', '/').TrimEnd('/');
}
