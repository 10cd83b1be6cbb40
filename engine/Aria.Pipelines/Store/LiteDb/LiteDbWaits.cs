using Aria.Pipelines.Privacy;
using LiteDB;

namespace Aria.Pipelines.Store.LiteDb;

/// <summary>
/// Awaits. A wait is found through the hash of the first of its keys (ordered by name) and then compared in full; an event is found the same
/// way by a run that parks.
/// </summary>
internal sealed class LiteDbWaits(ContentKeys keys, LiteDbContent content)
{
    private const int HashSize = 32;

    /// <summary>How many deadlines one commit turns into timeouts: after a long stop many are due at once, and ingress must not wait for all.</summary>
    private const int MaxTimeouts = 500;

    /// <summary>Ends every open wait that takes a newly accepted event.</summary>
    /// <returns>True when at least one did.</returns>
    public static bool Offer(LiteDbSession session, long sequence, string connection, string type, IReadOnlyList<byte[]> hashes)
    {
        bool taken = false;
        foreach (byte[] hash in hashes)
        {
            foreach (string id in session.Live.Waits.Of(connection, type, hash))
            {
                BsonDocument wait = session.Find(Records.Wait, id)!;
                if (wait.Bytes("keys").Chunk(HashSize).All(key => hashes.Any(h => h.AsSpan().SequenceEqual(key))))
                {
                    Close(session, wait, WaitState.Matched, sequence);
                    taken = true;
                }
            }
        }
        return taken;
    }

    /// <summary>Turns deadlines that have passed into timeouts.</summary>
    public static void TimeOut(LiteDbSession session, long now)
    {
        foreach (string id in session.Live.Waits.Due(now, MaxTimeouts))
        {
            Close(session, session.Find(Records.Wait, id)!, WaitState.TimedOut, sequence: null);
        }
    }

    /// <inheritdoc cref="IStore.ParkAsync"/>
    public MatchedEvent? Park(LiteDbSession session, RunLease lease, WaitPlan plan)
    {
        RunRules.RequireKeys(lease, plan);
        BsonDocument run = LiteDbRuns.Require(session, lease);
        string id = Ids.OfStep(run.Number("_id"), plan.Path, plan.Iteration);
        RunRules.RequireFirstWait(lease, plan, session.Find(Records.Wait, id) is not null);
        byte[][] hashes = [.. plan.Match.OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => keys.Hash("correlation", pair.Key, pair.Value))];
        long? earlier = plan.Events.Min(e => FindEarlier(session, run.Number("event"), e.Connection, e.Type, hashes));
        session.Add(Records.Wait, new BsonDocument
        {
            ["_id"] = id,
            ["run"] = run["_id"],
            ["path"] = plan.Path,
            ["iter"] = (long)plan.Iteration,
            ["keys"] = hashes.SelectMany(hash => hash).ToArray(),
            ["events"] = new BsonArray(plan.Events.Distinct().Select(e => new BsonDocument { ["connection"] = e.Connection, ["type"] = e.Type })),
            ["due"] = plan.DueUtc.ToUnixTimeMilliseconds(),
            ["state"] = StateNames.Of(earlier is null ? WaitState.Open : WaitState.Matched),
            ["event"] = earlier.OrNull(),
        });
        if (earlier is long sequence)
        {
            BsonDocument e = LiteDbContent.EventOf(session, sequence);
            if (e.Text("state") == EventStates.Unmatched)
            {
                LiteDbEvents.Move(session, e, EventStates.Closed);
            }
            return new MatchedEvent(content.ReadEvent(session, sequence));
        }
        LiteDbRuns.Leave(session, run, RunState.Waiting, plan.DueUtc.ToUnixTimeMilliseconds());
        return null;
    }

    /// <summary>Removes what a run still waits for.</summary>
    public static void Remove(LiteDbSession session, long runSequence)
    {
        foreach (BsonDocument wait in session.Under(Records.Wait, Ids.OfRun(runSequence)).Where(wait => wait.State<WaitState>() == WaitState.Open))
        {
            session.Remove(Records.Wait, wait["_id"]);
        }
    }

    public IReadOnlyList<WaitRecord> Read(LiteDbSession session, long runSequence) =>
    [
        .. session.Under(Records.Wait, Ids.OfRun(runSequence))
            .OrderBy(wait => wait.Text("path"), StringComparer.Ordinal)
            .ThenBy(wait => wait.Count("iter"))
            .Select(wait => new WaitRecord(
                wait.Text("path"),
                wait.Count("iter"),
                wait.State<WaitState>(),
                wait.NumberOrNull("event") is long e ? new MatchedEvent(content.ReadEvent(session, e)) : null,
                wait.Time("due"))),
    ];

    private static long? FindEarlier(LiteDbSession session, long after, string connection, string type, byte[][] hashes)
    {
        List<BsonDocument> candidates = session.Range(
            Records.Correlation, "_id", Ids.OfCorrelation(connection, hashes[0], after + 1), Ids.OfCorrelation(connection, hashes[0], long.MaxValue));
        foreach (long candidate in candidates.Select(c => c.Number("event")))
        {
            BsonDocument e = LiteDbContent.EventOf(session, candidate);
            if (e.Text("type") == type
                && e.Text("state") is EventStates.Open or EventStates.Closed or EventStates.Unmatched
                && hashes.All(hash => session.Find(Records.Correlation, Ids.OfCorrelation(connection, hash, candidate)) is not null))
            {
                return candidate;
            }
        }
        return null;
    }

    private static void Close(LiteDbSession session, BsonDocument wait, WaitState state, long? sequence)
    {
        wait["state"] = StateNames.Of(state);
        wait["event"] = sequence.OrNull();
        session.Put(Records.Wait, wait);
        LiteDbRuns.Wake(session, session.Find(Records.Run, wait["run"])!, RunState.Waiting);
    }
}
