using Aria.Pipelines.Store;

namespace Aria.Pipelines.Effects;

/// <summary>
/// Results of steps of a run that wait for its next commit. Until something is planned, claimed or waited for, nobody outside relies on them,
/// and made again they are the same (R7): so a run does not commit each by itself.
/// </summary>
internal sealed class HeldSteps
{
    private List<StepRecord> _steps = [];

    /// <summary>What has not been recorded yet, in order.</summary>
    public IReadOnlyList<StepRecord> Steps => _steps;

    /// <summary>Holds one back.</summary>
    public void Add(StepRecord step)
    {
        FaultPoint.Reach("step.before_save");
        _steps.Add(step);
    }

    /// <summary>They have been recorded together with something else.</summary>
    public void Recorded()
    {
        if (_steps.Count > 0)
        {
            _steps = [];
            FaultPoint.Reach("step.after_save");
        }
    }

    /// <summary>Records them by themselves.</summary>
    /// <exception cref="LeaseLostException">Another owner holds the run.</exception>
    public async Task RecordAsync(IStore store, RunLease lease, CancellationToken cancellationToken)
    {
        foreach (StepRecord step in _steps)
        {
            await store.SaveStepAsync(lease, step, cancellationToken).ConfigureAwait(false);
        }
        Recorded();
    }
}
