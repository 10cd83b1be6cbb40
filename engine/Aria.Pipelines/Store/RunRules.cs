namespace Aria.Pipelines.Store;

/// <summary>What may be asked of a leased run, for every store.</summary>
internal static class RunRules
{
    /// <exception cref="ArgumentException">A run cannot be released into this state.</exception>
    public static void RequireMayRelease(RunLease lease, RunTransition transition)
    {
        if (transition.State is RunState.Leased or RunState.Waiting)
        {
            throw new ArgumentException($"Run {lease.RunId} cannot be released as {StateNames.Of(transition.State)}: parking makes it wait.", nameof(transition));
        }
    }

    /// <exception cref="ArgumentException">The wait would take any event.</exception>
    public static void RequireKeys(RunLease lease, WaitPlan plan)
    {
        if (plan.Match.Count == 0)
        {
            throw new ArgumentException($"Wait '{plan.Path}' of run {lease.RunId} has no keys to match: it would take any event.", nameof(plan));
        }
    }

    /// <exception cref="InvalidOperationException">The run has a wait of this path and iteration already.</exception>
    public static void RequireFirstWait(RunLease lease, WaitPlan plan, bool exists)
    {
        if (exists)
        {
            throw new InvalidOperationException($"Run {lease.RunId} has a wait '{plan.Path}' (iteration {plan.Iteration}) already: it cannot be parked there a second time.");
        }
    }
}
