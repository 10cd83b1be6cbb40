using Aria.Pipelines.Store;

namespace Aria.Pipelines.Outbound;

/// <summary>The persisted request budget of each connection, shared by all pipelines, and its circuit breaker.</summary>
internal interface IRateBudgets
{
    /// <summary>Takes one permit.</summary>
    /// <returns>Null when granted; otherwise why not, and when to ask again. Work waits in the store, never here.</returns>
    ValueTask<PermitRefusal?> TakeAsync(BudgetScope scope, CancellationToken cancellationToken);

    /// <summary>Takes one permit together with something else, in one commit.</summary>
    /// <param name="scope">Whose budget.</param>
    /// <param name="take">Takes the permit from the store and says when to ask again; null when granted. Not called when there is no need to ask.</param>
    /// <returns>As the other.</returns>
    ValueTask<PermitRefusal?> TakeAsync(BudgetScope scope, Func<Permit, Task<DateTimeOffset?>> take);

    /// <summary>Closes the budget until a time because the remote system said so (at most one hour ahead).</summary>
    ValueTask BlockAsync(BudgetScope scope, DateTimeOffset until, CancellationToken cancellationToken);

    /// <summary>The remote system was over its limit and did not say for how long: ask it less often from now on.</summary>
    ValueTask SlowAsync(BudgetScope scope, CancellationToken cancellationToken);

    /// <summary>The remote system says how many requests are left: never assume more.</summary>
    ValueTask ObserveRemainingAsync(BudgetScope scope, int remaining, CancellationToken cancellationToken);

    /// <summary>Tells the breaker how a request ended.</summary>
    /// <param name="scope">Whose request.</param>
    /// <param name="answered">False when the system did not answer, or answered that it is broken.</param>
    /// <param name="cancellationToken">Gives up.</param>
    ValueTask ReportAsync(BudgetScope scope, bool answered, CancellationToken cancellationToken);
}
