using System.Diagnostics;
using Aria.Pipelines.Faults.Campaigns;

namespace Aria.Pipelines.Faults.Rig;

/// <summary>
/// Compares what senders were told, what the store holds and what the target got. Works on the store's file alone, when its runs have come to
/// rest.
/// </summary>
internal static class Checker
{
    private static readonly HashSet<string> Ends = ["succeeded", "skipped", "dead", "needs_review", "cancelled", "erased"];
    private static readonly HashSet<string> EventStates = ["open", "closed", "unmatched", "quarantined", "erased"];

    private static readonly TimeSpan ShortestPause = TimeSpan.FromMilliseconds(50);

    /// <summary>Waits until no run can go on by itself, or for the time given none has ended: those that still could are then found by the check.</summary>
    public static Task WhenAtRestAsync(string storeFile, TimeSpan patience, CancellationToken cancellationToken) =>
        WhenAtRestAsync(() => Task.FromResult(Moving(storeFile)), patience, cancellationToken);

    /// <inheritdoc cref="WhenAtRestAsync(string, TimeSpan, CancellationToken)"/>
    /// <param name="moving">How many runs can still go on.</param>
    /// <param name="patience">How long to wait for the next one to end.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public static async Task WhenAtRestAsync(Func<Task<long>> moving, TimeSpan patience, CancellationToken cancellationToken)
    {
        long since = Stopwatch.GetTimestamp();
        long fewest = long.MaxValue;
        long asked = Stopwatch.GetTimestamp();
        while (await moving() is > 0 and var left && Stopwatch.GetElapsedTime(since) < patience)
        {
            // To count many runs is work for a host that is asked, so it is asked the less often the longer it takes.
            TimeSpan pause = 10 * Stopwatch.GetElapsedTime(asked);
            if (left < fewest)
            {
                (fewest, since) = (left, Stopwatch.GetTimestamp());
            }
            await Task.Delay(pause > ShortestPause ? pause : ShortestPause, TimeProvider.System, cancellationToken);
            asked = Stopwatch.GetTimestamp();
        }
    }

    /// <summary>Holds a store at rest to what was acknowledged and to what the target got, and looks for leaks.</summary>
    public static void Check(Testbed bed, Tally tally, long seed)
    {
        using (var store = new StoreView(bed.Records))
        {
            Soundness(store, tally, seed);
            Events(store, bed.Acknowledged(), tally, seed);
            Effects(store, bed.Target.Entries(), tally, seed);
        }
        foreach (string leak in Leaks.Find(bed))
        {
            tally.Violation(seed, leak);
        }
    }

    /// <summary>Holds a store whose runs still wait to the rules that hold all the same: it is sound, and the target got nothing twice.</summary>
    public static void CheckWaiting(Testbed bed, Tally tally, long seed)
    {
        using var store = new StoreView(bed.StoreFile);
        Soundness(store, tally, seed);
        Effects(store, bed.Target.Entries(), tally, seed);
        tally.Acknowledged(bed.Acknowledged().Select(a => a.Number).Distinct().Count());
    }

    /// <summary>How many runs can still go on by themselves.</summary>
    public static long Moving(string storeFile)
    {
        using var store = new StoreView(storeFile);
        return store.Number("SELECT COUNT(*) FROM run WHERE state IN ('ready', 'leased', 'waiting')");
    }

    /// <summary>How many waits are open.</summary>
    public static long Parked(string storeFile)
    {
        using var store = new StoreView(storeFile);
        return store.Number("SELECT COUNT(*) FROM wait WHERE state = 'open'");
    }

    /// <summary>How the runs ended, for the report.</summary>
    public static string Ended(string storeFile)
    {
        using var store = new StoreView(storeFile);
        string states = string.Join(", ", store.Count("run", "state").OrderBy(r => r.Key, StringComparer.Ordinal).Select(r => $"{r.Value} {r.Key}"));
        string codes = string.Join(", ", store.Count("run", "code").Where(r => r.Key.Length > 0).OrderBy(r => r.Key, StringComparer.Ordinal).Select(r => $"{r.Value} {r.Key}"));
        return $"runs: {states}; of these {(codes.Length == 0 ? "none" : codes)}";
    }

    private static void Soundness(StoreView store, Tally tally, long seed)
    {
        string integrity = string.Join("; ", store.List("PRAGMA integrity_check", r => r.GetString(0)));
        tally.Demand(integrity == "ok", seed, $"The store is damaged: {integrity}");
        string[] unknown = [.. store.Count("event", "state").Keys.Except(EventStates)];
        tally.Demand(unknown.Length == 0, seed, $"I2: events in states that nobody counts: {string.Join(", ", unknown)}");
        tally.Demand(store.Number("SELECT COUNT(*) FROM attempt WHERE outcome IS NULL") == 0, seed, "I4: an attempt is open although every run is at rest");
        tally.Demand(store.Number("SELECT COUNT(*) FROM effect WHERE state = 'sending'") == 0, seed, "I4: an effect is 'sending' although every run is at rest");
        long silent = store.Number(
            "SELECT COUNT(*) FROM event WHERE state = 'closed' AND seq IN (SELECT event_seq FROM run WHERE state IN ('ready', 'leased', 'waiting', 'needs_review'))");
        tally.Demand(silent == 0, seed, $"I2: {silent} events are closed although a run of theirs is not");
    }

    private static void Events(StoreView store, IReadOnlyList<Acknowledgement> acknowledged, Tally tally, long seed)
    {
        tally.Acknowledged(acknowledged.Select(a => a.Number).Distinct().Count());
        Dictionary<string, string> states = store.List("SELECT id, state FROM event", r => (r.GetString(0), r.GetString(1))).ToDictionary(r => r.Item1, r => r.Item2);
        ILookup<string, string> runs = store
            .List("SELECT e.id, r.state FROM run r JOIN event e ON e.seq = r.event_seq", r => (Event: r.GetString(0), State: r.GetString(1)))
            .ToLookup(r => r.Event, r => r.State);
        foreach (IGrouping<int, Acknowledgement> told in acknowledged.GroupBy(a => a.Number))
        {
            string[] ids = [.. told.Select(a => a.EventId).Where(i => i.Length > 0).Distinct()];
            if (ids is not [var id])
            {
                tally.Violation(seed, $"Delivery {told.Key} was acknowledged as {ids.Length} events: {string.Join(", ", ids)}");
            }
            else if (!states.TryGetValue(id, out string? state))
            {
                tally.Lost(seed, $"delivery {told.Key} was acknowledged as event {id}, which the store does not hold");
            }
            else if (runs[id].FirstOrDefault(r => !Ends.Contains(r)) is { } moving)
            {
                tally.Lost(seed, $"event {id} (delivery {told.Key}, {state}) has a run that is '{moving}'");
            }
        }
    }

    private static void Effects(StoreView store, IReadOnlyDictionary<string, TargetEntry> entries, Tally tally, long seed)
    {
        Dictionary<string, EngineEffect> known = store
            .List(
                """
                SELECT e.id || '/' || f.path, f.class, f.state,
                  COUNT(a.effect_id), COALESCE(SUM(a.outcome NOT IN ('not_sent', 'rate_limited')), 0), MAX(f.force_no)
                FROM effect f JOIN event e ON e.seq = f.event_seq LEFT JOIN attempt a ON a.effect_id = f.id AND a.phase = 'send'
                GROUP BY e.seq, f.path
                """,
                r => new EngineEffect(r.GetString(0), r.GetString(1), r.GetString(2), r.GetInt32(3), r.GetInt32(4)))
            .ToDictionary(e => e.Name);
        foreach ((string name, TargetEntry entry) in entries)
        {
            if (known.GetValueOrDefault(name) is not { } effect)
            {
                tally.Violation(seed, $"R1: the target got {entry.Received} requests of {name}, which the ledger does not know");
                continue;
            }
            Compare(effect, entry, tally, seed);
        }
        foreach (EngineEffect effect in known.Values.Where(e => e.State == "confirmed" && !entries.ContainsKey(e.Name)))
        {
            tally.Violation(seed, $"The ledger calls {effect.Name} confirmed, and the target never got it");
        }
    }

    private static void Compare(EngineEffect effect, TargetEntry entry, Tally tally, long seed)
    {
        string what = $"{effect.Name} is '{effect.State}' after {effect.Sends} attempts; the target got {entry.Received} requests, refused {entry.Refused}, made {entry.Made}";
        tally.Demand(effect.Class == entry.Class, seed, $"Class {effect.Class} in the ledger, {entry.Class} at the target: {what}");
        tally.Demand(entry.Received <= effect.Sends, seed, $"R2: a request left without a durable attempt: {what}");
        tally.Demand(entry.Bodies.Count == 1, seed, $"I5: {entry.Bodies.Count} different bodies: {what}");
        if (entry.Class == "read")
        {
            // A replay reads anew, as an effect of its own.
            return;
        }
        tally.Demand(entry.Keys.Count == 1, seed, $"R3: {entry.Keys.Count} different keys: {what}");
        if (entry.Made > 1)
        {
            tally.Duplicate(entry.Class, seed, what);
        }
        if (entry.Class == "unsafe" && (entry.Received - entry.Refused > 1 || effect.Uncertain > 1))
        {
            tally.UnsafeResend(seed, $"{what}; {effect.Uncertain} of its attempts may have arrived");
        }
        tally.Demand(effect.State != "confirmed" || entry.Made >= 1, seed, $"Confirmed, but not made: {what}");
        tally.Demand(effect.State is not ("planned" or "rejected") || entry.Made == 0, seed, $"Made, but the ledger knows nothing of it: {what}");
    }

    private sealed record EngineEffect(string Name, string Class, string State, int Sends, int Uncertain);
}
