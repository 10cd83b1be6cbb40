using Aria.Pipelines.Abstractions;
using Aria.Pipelines.Store;

namespace Aria.Pipelines.Outbound;

/// <summary>The way out when there is none: planning builds requests and never sends one.</summary>
internal sealed class NoNetwork : IHttpPath, IRateBudgets
{
    public Task<HttpAnswer> SendAsync(ConnectorRequest request, TargetPolicy policy, TimeSpan timeout, CancellationToken cancellationToken) =>
        Task.FromResult(new HttpAnswer(null, false, "not_connected", "Nothing is sent while planning.", TimeSpan.Zero));

    public ValueTask<PermitRefusal?> TakeAsync(BudgetScope scope, CancellationToken cancellationToken) => ValueTask.FromResult<PermitRefusal?>(null);

    public ValueTask<PermitRefusal?> TakeAsync(BudgetScope scope, Func<Permit, Task<DateTimeOffset?>> take) =>
        throw new InvalidOperationException("There is no store to take a permit from.");

    public ValueTask BlockAsync(BudgetScope scope, DateTimeOffset until, CancellationToken cancellationToken) => ValueTask.CompletedTask;

    public ValueTask SlowAsync(BudgetScope scope, CancellationToken cancellationToken) => ValueTask.CompletedTask;

    public ValueTask ReportAsync(BudgetScope scope, bool answered, CancellationToken cancellationToken) => ValueTask.CompletedTask;

    public ValueTask ObserveRemainingAsync(BudgetScope scope, int remaining, CancellationToken cancellationToken) => ValueTask.CompletedTask;
}
