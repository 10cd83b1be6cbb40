using System.Diagnostics;
using System.Text.Json;
using Aria.Pipelines.Store;

namespace Aria.Pipelines.ConnectorContract.Live;

/// <summary>The events that a host has taken from its system, as pipelines saw them.</summary>
internal static class SeenEvents
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(120);

    // Without anything new or under way, on the stand's clock.
    private static readonly TimeSpan LongestIdle = TimeSpan.FromMinutes(6);
    private static readonly TimeSpan Step = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Noticeable = TimeSpan.FromSeconds(1);
    private const int LooksBetweenSteps = 10;
    private const int MostLooksAtTheEnd = 50;

    /// <summary>Reads the events, letting time pass until those are there that are expected, or until nothing more can be expected.</summary>
    public static async Task<IReadOnlyList<JsonElement>> WhenAsync(LiveSubject subject, ListeningHost host, Func<IReadOnlyList<JsonElement>, bool> areThere, CancellationToken cancellationToken)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(Patience);
        using var ticks = new PeriodicTimer(TimeSpan.FromMilliseconds(20), TimeProvider.System);
        IReadOnlyList<JsonElement> seen = [];
        try
        {
            // Whoever waits, a sender whose delivery was refused or a run without a permit, comes again on the stand's clock.
            DateTimeOffset latest = subject.Stand.Time.GetUtcNow();
            for (int looks = 1; !areThere(seen) && subject.Stand.Time.GetUtcNow() < latest + LongestIdle; looks++)
            {
                bool isAsked = await WhenQuietAsync(subject, patience.Token);
                IReadOnlyList<JsonElement> more = await ReadAsync(host.Store, patience.Token);
                latest = more.Count > seen.Count || await IsBusyAsync(host.Store, patience.Token) ? subject.Stand.Time.GetUtcNow() : latest;
                seen = more;
                if (!isAsked && looks % LooksBetweenSteps == 0)
                {
                    subject.Stand.Advance(Step);
                }
                await ticks.WaitForNextTickAsync(patience.Token);
            }
            // What should not come had another occasion to.
            if (!await WhenQuietAsync(subject, patience.Token))
            {
                subject.Stand.Advance(Step);
                await ticks.WaitForNextTickAsync(patience.Token);
                await subject.Stand.WhenQuietAsync(patience.Token);
            }
            for (int looks = 0; looks < MostLooksAtTheEnd && await IsBusyAsync(host.Store, patience.Token); looks++)
            {
                await ticks.WaitForNextTickAsync(patience.Token);
            }
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            // What is missing is told by whoever asked.
        }
        return await ReadAsync(host.Store, cancellationToken);
    }

    /// <summary>Waits for the system. True when it let time pass itself, because it is asked: more at once would end requests that are under way.</summary>
    private static async Task<bool> WhenQuietAsync(LiveSubject subject, CancellationToken cancellationToken)
    {
        (DateTimeOffset before, long began) = (subject.Stand.Time.GetUtcNow(), Stopwatch.GetTimestamp());
        await subject.Stand.WhenQuietAsync(cancellationToken);
        return subject.Stand.Time.GetUtcNow() - before > Stopwatch.GetElapsedTime(began) + Noticeable;
    }

    private static async Task<bool> IsBusyAsync(IStore store, CancellationToken cancellationToken) =>
        (await store.CountAsync(cancellationToken)).Runs.Any(r => r is { Key: "ready" or "leased", Value: > 0 });

    /// <summary>The events until now.</summary>
    public static async Task<IReadOnlyList<JsonElement>> ReadAsync(IStore store, CancellationToken cancellationToken)
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
