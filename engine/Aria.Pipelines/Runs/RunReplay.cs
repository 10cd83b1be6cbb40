using Aria.Pipelines.Catalog;
using Aria.Pipelines.Definitions;
using Aria.Pipelines.Pipelines;
using Aria.Pipelines.Store;

namespace Aria.Pipelines.Runs;

/// <summary>
/// Has ended runs made again. Effects belong to the event and pipeline, not to the run, so a replay sends nothing that is confirmed unless it
/// is forced to.
/// </summary>
internal sealed class RunReplay(IStore store, PipelineCatalog catalog, DueSignal due)
{
    // One commit takes this many, so that ingress never waits for a large replay.
    private const int Batch = 200;

    /// <summary>Replays runs.</summary>
    /// <param name="runs">The latest runs of their events and pipelines.</param>
    /// <param name="isCurrent">True for the definitions in force; false for the one that each run recorded.</param>
    /// <param name="force">True to send confirmed effects again.</param>
    /// <param name="act">Who asks.</param>
    /// <param name="cancellationToken">Stops between two batches.</param>
    /// <returns>What became of each, in order.</returns>
    public async Task<IReadOnlyList<ReplayedRun>> ReplayAsync(
        IReadOnlyList<RunSummary> runs, bool isCurrent, bool force, OperatorAct act, CancellationToken cancellationToken)
    {
        var replayed = new List<ReplayedRun>(runs.Count);
        foreach (RunSummary[] batch in runs.Chunk(Batch))
        {
            var orders = new List<ReplayOrder>(batch.Length);
            foreach (RunSummary run in batch)
            {
                (Pipeline? pipeline, string? refusal) = await DefinitionAsync(run, isCurrent, cancellationToken).ConfigureAwait(false);
                if (pipeline is null)
                {
                    replayed.Add(new ReplayedRun(run.Id, null, refusal));
                }
                else
                {
                    orders.Add(new ReplayOrder(run.Id, pipeline.Hash, force));
                }
            }
            replayed.AddRange(await store.Acts.ReplayAsync(orders, act, cancellationToken).ConfigureAwait(false));
            due.Raise();
        }
        return replayed;
    }

    /// <summary>The definition that a replay of a run would follow.</summary>
    /// <returns>The pipeline, or why there is none.</returns>
    public async Task<(Pipeline? Pipeline, string? Refusal)> DefinitionAsync(RunSummary run, bool isCurrent, CancellationToken cancellationToken)
    {
        if (isCurrent)
        {
            return catalog.Current.Pipelines.TryGetValue(run.Pipeline, out Pipeline? now)
                ? (now, null)
                : (null, $"Pipeline '{run.Pipeline}' is not in force any more. Leave '--definition current' out to use the recorded one.");
        }
        (Pipeline? pipeline, DiagnosticBag findings) = await catalog.FindAsync(run.Pipeline, run.DefinitionHash, cancellationToken).ConfigureAwait(false);
        return pipeline is not null
            ? (pipeline, null)
            : (null, $"The definition that run '{run.Id}' recorded cannot be used: {findings.Items[0].Summary} Use '--definition current'.");
    }
}
