namespace Aria.Pipelines.Store.Sqlite;

/// <summary>
/// The events of runs that were made a moment ago, as they were given: the first lease of such a run comes with all there is to know of it,
/// and nothing is read and decrypted. Used by the writing thread only.
/// </summary>
internal sealed class FreshRuns(TimeProvider time)
{
    private const int MaxBytes = 8 * 1024 * 1024;

    // What is not leased by now waits for others of its subject, or was never committed.
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(1);

    private readonly Dictionary<string, StoredEvent> _events = [];
    private readonly Queue<(string RunId, DateTimeOffset Since)> _order = [];
    private int _bytes;

    /// <summary>Keeps the events of an acceptance for their runs.</summary>
    public IReadOnlyList<AcceptedEvent> Keep(SealedDelivery delivery, IReadOnlyList<AcceptedEvent> accepted)
    {
        DateTimeOffset now = time.GetUtcNow();
        Forget(now - Longest);
        foreach ((SealedEvent given, AcceptedEvent stored) in delivery.Events.Zip(accepted))
        {
            foreach (string run in stored.RunIds)
            {
                IncomingEvent source = given.Source;
                if (_bytes + source.Body.Length <= MaxBytes)
                {
                    DateTimeOffset received = DateTimeOffset.FromUnixTimeMilliseconds(delivery.Acceptance.ReceivedUtc.ToUnixTimeMilliseconds());
                    _events[run] = new StoredEvent(stored.Id, stored.Sequence, delivery.Acceptance.Connection, source.Type, source.Subject, source.Body, received);
                    _order.Enqueue((run, now));
                    _bytes += source.Body.Length;
                }
            }
        }
        return accepted;
    }

    /// <summary>Gives leases what is known of their runs.</summary>
    public IReadOnlyList<RunLease> Complete(IReadOnlyList<RunLease> leases) => [.. leases.Select(Complete)];

    private RunLease Complete(RunLease lease) =>
        Take(lease.RunId) is { } given && lease.Fence == 1 ? lease with { Snapshot = new RunSnapshot(given, Replay: 0, Attempts: 0, Crashes: 0, [], [], []) } : lease;

    private void Forget(DateTimeOffset before)
    {
        while (_order.TryPeek(out (string RunId, DateTimeOffset Since) oldest) && (oldest.Since < before || !_events.ContainsKey(oldest.RunId)))
        {
            _order.Dequeue();
            Take(oldest.RunId);
        }
    }

    private StoredEvent? Take(string runId)
    {
        if (_events.Remove(runId, out StoredEvent? given))
        {
            _bytes -= given.Body.Length;
        }
        return given;
    }
}
