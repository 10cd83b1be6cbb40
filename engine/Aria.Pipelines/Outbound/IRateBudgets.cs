namespace Aria.Pipelines.Outbound;

/// <summary>The persisted request budget of each connection, shared by all pipelines.</summary>
internal interface IRateBudgets
{
    /// <summary>Takes one permit.</summary>
    /// <returns>Null when granted; otherwise when to ask again. Work waits in the store, never here.</returns>
    ValueTask<DateTimeOffset?> TakeAsync(BudgetScope scope, CancellationToken cancellationToken);

    /// <summary>Closes the budget until a time because the remote system said so (at most one hour ahead).</summary>
    ValueTask BlockAsync(BudgetScope scope, DateTimeOffset until, CancellationToken cancellationToken);

    /// <summary>The remote system says how many requests are left: never assume more.</summary>
    ValueTask ObserveRemainingAsync(BudgetScope scope, int remaining, CancellationToken cancellationToken);
}
