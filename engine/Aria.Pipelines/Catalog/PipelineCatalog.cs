using System.Collections.Concurrent;
using System.Collections.Frozen;
using Aria.Pipelines.Compilation;
using Aria.Pipelines.Definitions;
using Aria.Pipelines.Mapping;
using Aria.Pipelines.Pipelines;
using Aria.Pipelines.Store;

namespace Aria.Pipelines.Catalog;

/// <summary>Holds the snapshot in force, and the older definitions that parked runs still need.</summary>
internal sealed class PipelineCatalog(IStore store, IMappingCompiler mappings)
{
    private readonly ConcurrentDictionary<string, Pipeline> _byHash = new();
    private CatalogSnapshot _current = new(new Dictionary<string, Connectors.Connection>(), []);

    /// <summary>The snapshot in force. Take it once per delivery.</summary>
    public CatalogSnapshot Current => Volatile.Read(ref _current);

    /// <summary>Keeps the definitions under their hashes, then puts the set in force in one swap.</summary>
    public async Task LoadAsync(Workspace workspace, CancellationToken cancellationToken)
    {
        foreach ((Pipeline pipeline, DefinitionBundle bundle) in workspace.Pipelines)
        {
            await store.SaveDefinitionAsync(pipeline.Hash, pipeline.Id, bundle.Bytes, cancellationToken).ConfigureAwait(false);
        }
        // An old definition compiled against older connections must be compiled again.
        _byHash.Clear();
        foreach ((Pipeline pipeline, _) in workspace.Pipelines)
        {
            _byHash[Key(pipeline.Id, pipeline.Hash)] = pipeline;
        }
        Volatile.Write(ref _current, new CatalogSnapshot(workspace.Connections, [.. workspace.Pipelines.Select(p => p.Pipeline)]));
    }

    /// <summary>The definition a run started with, compiled against the connections in force.</summary>
    /// <returns>The pipeline, or null with the findings when it can no longer be compiled.</returns>
    public async Task<(Pipeline? Pipeline, DiagnosticBag Findings)> FindAsync(string id, string hash, CancellationToken cancellationToken)
    {
        var bag = new DiagnosticBag();
        if (_byHash.TryGetValue(Key(id, hash), out Pipeline? pipeline))
        {
            return (pipeline, bag);
        }
        byte[]? bytes = await store.ReadDefinitionAsync(hash, cancellationToken).ConfigureAwait(false);
        if (bytes is null)
        {
            bag.Error(DefinitionCodes.MissingFile, SourcePosition.None, $"Definition {hash} of pipeline '{id}' is not in the store.", fault: Abstractions.DiagnosticFault.Engine);
            return (null, bag);
        }
        pipeline = new PipelineCompiler(Current.Connections, FrozenSet<string>.Empty, mappings).Compile(id, DefinitionBundle.FromBytes($"{id}@{hash[..8]}", bytes), bag);
        if (pipeline is not null)
        {
            _byHash[Key(id, hash)] = pipeline;
        }
        return (pipeline, bag);
    }

    private static string Key(string id, string hash) => $"{id}@{hash}";
}
