using System.Text.Json;
using Aria.Pipelines.Store;

namespace Aria.Pipelines.ConnectorContract.Live;

/// <summary>The events that a host has taken from its system, as pipelines saw them.</summary>
internal static class SeenEvents
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(120);

    // Looks without anything new or under way, while several minutes pass on the stand's clock.
    private const int LongestIdle = 60;
    private static readonly TimeSpan Step = TimeSpan.FromMinutes(1);

    /// <summary>Reads the events, letting time pass until there are as many as expected, or until nothing more can be expected.</summary>
    public static async Task<IReadOnlyList<JsonElement>> WhenAsync(LiveSubject subject, ListeningHost host, int expected, CancellationToken cancellationToken)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(Patience);
        using var ticks = new PeriodicTimer(TimeSpan.FromMilliseconds(20), TimeProvider.System);
        IReadOnlyList<JsonElement> seen = [];
        try
        {
            // Whoever waits, a sender whose delivery was refused or a run without a permit, comes again on the stand's clock.
            for ((int looks, int idle) = (0, 0); seen.Count < expected && idle < LongestIdle; looks++)
            {
                await subject.Stand.WhenQuietAsync(patience.Token);
                IReadOnlyList<JsonElement> more = await ReadAsync(host.Store, patience.Token);
                idle = more.Count > seen.Count || await IsBusyAsync(host.Store, patience.Token) ? 0 : idle + 1;
                seen = more;
                if (looks % 10 == 9)
                {
                    subject.Stand.Advance(Step);
                }
                await ticks.WaitForNextTickAsync(patience.Token);
            }
            // What should not come had another occasion to.
            subject.Stand.Advance(Step);
            await subject.Stand.WhenQuietAsync(patience.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            // What is missing is told by whoever asked.
        }
        return await ReadAsync(host.Store, cancellationToken);
    }

    private static async Task<bool> IsBusyAsync(IStore store, CancellationToken cancellationToken) =>
        (await store.CountAsync(cancellationToken)).Runs.Any(r => r is { Key: "ready" or "leased", Value: > 0 });

    private static async Task<IReadOnlyList<JsonElement>> ReadAsync(IStore store, CancellationToken cancellationToken)
    {
        List<JsonElement> seen = [];
        foreach (RunSummary run in await store.ListRunsAsync(new RunQuery(StandWorkspace.Watch, RunState.Succeeded, 1000), cancellationToken))
        {
            RunDetail detail = (await store.FindRunAsync(run.Id, cancellationToken))!;
            seen.Add(JsonElement.Parse(detail.Steps.Single(s => s.Path == StandWorkspace.Seen).Output!));
        }
        return seen;
    }
}
