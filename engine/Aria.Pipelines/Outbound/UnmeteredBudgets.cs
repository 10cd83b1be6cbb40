using Aria.Pipelines.Store;

namespace Aria.Pipelines.Outbound;

/// <summary>
/// Budgets of a process without a store, for the few requests that a person waits for. A running host keeps its own count, which the
/// target's headers correct.
/// </summary>
internal sealed class UnmeteredBudgets : IRateBudgets
{
    public ValueTask<PermitRefusal?> TakeAsync(BudgetScope scope, CancellationToken cancellationToken) => ValueTask.FromResult<PermitRefusal?>(null);

    public ValueTask<PermitRefusal?> TakeAsync(BudgetScope scope, Func<Permit, Task<DateTimeOffset?>> take) =>
        throw new InvalidOperationException("There is no store to take a permit from.");

    public ValueTask BlockAsync(BudgetScope scope, DateTimeOffset until, CancellationToken cancellationToken) => ValueTask.CompletedTask;

    public ValueTask SlowAsync(BudgetScope scope, CancellationToken cancellationToken) => ValueTask.CompletedTask;

    public ValueTask ObserveRemainingAsync(BudgetScope scope, int remaining, CancellationToken cancellationToken) => ValueTask.CompletedTask;

    public ValueTask ReportAsync(BudgetScope scope, bool answered, CancellationToken cancellationToken) => ValueTask.CompletedTask;
}
