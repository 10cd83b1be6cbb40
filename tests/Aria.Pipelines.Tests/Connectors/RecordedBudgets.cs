using System.Collections.Concurrent;
using Aria.Pipelines.Outbound;

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

    public ValueTask<DateTimeOffset?> TakeAsync(BudgetScope scope, CancellationToken cancellationToken) =>
        new(Interlocked.Increment(ref _taken) > Allowed ? Later : null);

    public ValueTask BlockAsync(BudgetScope scope, DateTimeOffset until, CancellationToken cancellationToken)
    {
        Blocks.Enqueue(until);
        return ValueTask.CompletedTask;
    }

    public ValueTask ObserveRemainingAsync(BudgetScope scope, int remaining, CancellationToken cancellationToken)
    {
        Remaining.Enqueue(remaining);
        return ValueTask.CompletedTask;
    }
}
