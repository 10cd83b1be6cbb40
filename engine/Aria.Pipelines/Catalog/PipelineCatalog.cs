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
    private Held _held = new(new CatalogSnapshot(new Dictionary<string, Connectors.Connection>(), []), new());

    /// <summary>The snapshot in force. Take it once per delivery.</summary>
    public CatalogSnapshot Current => Volatile.Read(ref _held).Snapshot;

    /// <summary>Keeps the definitions under their hashes, then puts the set in force in one swap.</summary>
    public async Task LoadAsync(Workspace workspace, CancellationToken cancellationToken)
    {
        foreach ((Pipeline pipeline, DefinitionBundle bundle) in workspace.Pipelines)
        {
            await store.SaveDefinitionAsync(pipeline.Hash, pipeline.Id, bundle.Bytes, cancellationToken).ConfigureAwait(false);
        }
        IReadOnlyList<Pipeline> pipelines = [.. workspace.Pipelines.Select(p => p.Pipeline)];
        // An old definition compiled against older connections must be compiled again.
        var byHash = new ConcurrentDictionary<string, Pipeline>(pipelines.Select(p => KeyValuePair.Create(Key(p.Id, p.Hash), p)));
        Volatile.Write(ref _held, new Held(new CatalogSnapshot(workspace.Connections, pipelines), byHash));
    }

    /// <summary>The definition a run started with, compiled against the connections in force.</summary>
    /// <returns>The pipeline, or null with the findings when it can no longer be compiled.</returns>
    public async Task<(Pipeline? Pipeline, DiagnosticBag Findings)> FindAsync(string id, string hash, CancellationToken cancellationToken)
    {
        var bag = new DiagnosticBag();
        Held held = Volatile.Read(ref _held);
        if (held.ByHash.TryGetValue(Key(id, hash), out Pipeline? pipeline))
        {
            return (pipeline, bag);
        }
        byte[]? bytes = await store.ReadDefinitionAsync(hash, cancellationToken).ConfigureAwait(false);
        if (bytes is null)
        {
            bag.Error(DefinitionCodes.MissingFile, SourcePosition.None, $"Definition {hash} of pipeline '{id}' is not in the store.", fault: Abstractions.DiagnosticFault.Engine);
            return (null, bag);
        }
        pipeline = new PipelineCompiler(held.Snapshot.Connections, FrozenSet<string>.Empty, mappings).Compile(id, DefinitionBundle.FromBytes($"{id}@{hash[..8]}", bytes), bag);
        if (pipeline is not null)
        {
            held.ByHash[Key(id, hash)] = pipeline;
        }
        return (pipeline, bag);
    }

    private static string Key(string id, string hash) => $"{id}@{hash}";

    /// <summary>A snapshot with what was compiled against its connections, so that both change in one swap.</summary>
    private sealed record Held(CatalogSnapshot Snapshot, ConcurrentDictionary<string, Pipeline> ByHash);
}
