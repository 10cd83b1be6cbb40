using System.Collections.Concurrent;
using Aria.Pipelines.Outbound;
using Aria.Pipelines.Store;

namespace Aria.Pipelines.Tests.Connectors;

/// <summary>A budget that grants as many permits as the test allows, and remembers what it was told.</summary>
internal sealed class RecordedBudgets : IRateBudgets
{
    private int _taken;

    public int Allowed { get; set; } = int.MaxValue;

    public DateTimeOffset Later { get; set; } = DateTimeOffset.UnixEpoch.AddYears(60);

    public int Taken => _taken;

    public ConcurrentQueue<DateTimeOffset> Blocks { get; } = [];

    public ConcurrentQueue<int> Remaining { get; } = [];

    public ValueTask<PermitRefusal?> TakeAsync(BudgetScope scope, CancellationToken cancellationToken) =>
        new(Interlocked.Increment(ref _taken) > Allowed ? new PermitRefusal(Later, PermitRefusal.Budget) : null);

    public ValueTask<PermitRefusal?> TakeAsync(BudgetScope scope, Func<Permit, Task<DateTimeOffset?>> take) => throw new NotSupportedException("Nothing here has a store.");

    public ValueTask BlockAsync(BudgetScope scope, DateTimeOffset until, CancellationToken cancellationToken)
    {
        Blocks.Enqueue(until);
        return ValueTask.CompletedTask;
    }

    /// <summary>How often it was told to ask less often.</summary>
    public int Slowed { get; private set; }

    /// <summary>How requests ended, as the breaker was told.</summary>
    public ConcurrentQueue<bool> Answered { get; } = [];

    public ValueTask SlowAsync(BudgetScope scope, CancellationToken cancellationToken)
    {
        Slowed++;
        return ValueTask.CompletedTask;
    }

    public ValueTask ReportAsync(BudgetScope scope, bool answered, CancellationToken cancellationToken)
    {
        Answered.Enqueue(answered);
        return ValueTask.CompletedTask;
    }

    public ValueTask ObserveRemainingAsync(BudgetScope scope, int remaining, CancellationToken cancellationToken)
    {
        Remaining.Enqueue(remaining);
        return ValueTask.CompletedTask;
    }
}
