using LiteDB;

namespace Aria.Pipelines.Store.LiteDb;

/// <summary>
/// Turns. Of the runs with one order key, the leased one has the turn, or else the first ready one by event and creation, due or not. Waiting
/// runs and runs under review have none.
/// </summary>
internal sealed class LiveTurns
{
    private readonly Dictionary<string, Subject> subjects = new(StringComparer.Ordinal);
    private readonly SortedSet<(long Event, long Run)> now = [];
    private readonly SortedSet<(long Due, long Run)> later = [];
    private readonly SortedSet<(long Until, long Run)> leased = [];

    // Ready and leased runs that were under way when the host ended: one at a time, so that the next end says which of them it was.
    private readonly HashSet<long> suspects = [];

    // Those that two ends have met: with nothing beside them, because the third end gives a run up and so must be its own.
    private readonly HashSet<long> lastTries = [];

    /// <summary>When the nearest run is due, or the nearest lease ends; 0 when a run is ready now; null when there is neither.</summary>
    public long? NextDue
    {
        get
        {
            long? due = Ready(1).Length > 0 ? 0 : later.Count > 0 ? later.Min.Due : null;
            long? until = leased.Count > 0 ? leased.Min.Until : null;
            return due is null || until < due ? until : due;
        }
    }

    /// <summary>
    /// Runs that may be leased now: one that two ends of the host have met, alone; or else at most one that was under way at one end, then others
    /// by event and creation.
    /// </summary>
    public long[] Ready(int max)
    {
        if (lastTries.Count > 0)
        {
            long[] alone = [.. now.Where(run => lastTries.Contains(run.Run)).Take(1).Select(run => run.Run)];
            if (alone.Length > 0 || leased.Any(run => lastTries.Contains(run.Run)))
            {
                return leased.Count == 0 ? alone : [];
            }
        }
        long[] suspect = suspects.Count == 0 || leased.Any(run => suspects.Contains(run.Run))
            ? []
            : [.. now.Where(run => suspects.Contains(run.Run)).Take(1).Select(run => run.Run)];
        return [.. suspect, .. now.Where(run => !suspects.Contains(run.Run)).Take(max - suspect.Length).Select(run => run.Run)];
    }

    /// <summary>Runs that have the turn and became due by a time, but are not marked as ready now.</summary>
    public long[] BecameDue(long at) => [.. later.TakeWhile(run => run.Due <= at).Select(run => run.Run)];

    /// <summary>Runs that have the turn and are due after a time.</summary>
    public long[] DueAfter(long at) => [.. later.Reverse().TakeWhile(run => run.Due > at).Select(run => run.Run)];

    /// <summary>Runs whose lease ended by a time.</summary>
    public long[] Expired(long at) => [.. leased.TakeWhile(run => run.Until <= at).Select(run => run.Run)];

    /// <summary>The runs that have the turn of their subject, whatever they wait for.</summary>
    public IEnumerable<long> Holders => now.Select(run => run.Run).Concat(later.Select(run => run.Run)).Concat(leased.Select(run => run.Run));

    public void Observe(BsonDocument? before, BsonDocument? after)
    {
        Change(before, isAdded: false);
        Change(after, isAdded: true);
    }

    private void Change(BsonDocument? run, bool isAdded)
    {
        if (run?["state"].AsString is not ("ready" or "leased"))
        {
            return;
        }
        string order = Convert.ToHexString(run["order"].AsBinary);
        if (!subjects.TryGetValue(order, out Subject? subject))
        {
            subjects[order] = subject = new Subject();
        }
        Show(subject, isShown: false);
        long sequence = run["_id"].AsInt64;
        if (run["crashes"].AsInt64 > 0)
        {
            Set(suspects, sequence, isAdded);
        }
        if (run["crashes"].AsInt64 >= 2)
        {
            Set(lastTries, sequence, isAdded);
        }
        if (run["state"].AsString == "ready")
        {
            Set(subject.Ready, (run["event"].AsInt64, sequence, run["due"].AsInt64), isAdded);
        }
        else
        {
            Set(leased, (run["until"].AsInt64, sequence), isAdded);
            subject.Leased += isAdded ? 1 : -1;
        }
        Show(subject, isShown: true);
        if (subject.Ready.Count == 0 && subject.Leased == 0)
        {
            subjects.Remove(order);
        }
    }

    private void Show(Subject subject, bool isShown)
    {
        if (subject.Leased > 0 || subject.Ready.Count == 0)
        {
            return;
        }
        (long e, long run, long due) = subject.Ready.Min;
        if (due == 0)
        {
            Set(now, (e, run), isShown);
        }
        else
        {
            Set(later, (due, run), isShown);
        }
    }

    private static void Set<T>(ISet<T> set, T item, bool isIn) => _ = isIn ? set.Add(item) : set.Remove(item);

    private sealed class Subject
    {
        public SortedSet<(long Event, long Run, long Due)> Ready { get; } = [];

        public int Leased { get; set; }
    }
}
