using Aria.Pipelines.Privacy;
using LiteDB;

namespace Aria.Pipelines.Store.LiteDb;

/// <summary>Leases, their end, and what is due next.</summary>
internal sealed class LiteDbRuns(LiteDbContent content)
{
    public static void Add(LiteDbSession session, string id, long eventSequence, RunPlan plan, byte[] orderKey)
    {
        long sequence = session.Live.NextRun();
        session.Add(Records.Run, WithState(RunState.Ready, new BsonDocument
        {
            ["_id"] = sequence,
            ["id"] = id,
            ["event"] = eventSequence,
            ["pipeline"] = plan.Pipeline,
            ["by_pipeline"] = Ids.InList(plan.Pipeline, sequence),
            ["hash"] = plan.DefinitionHash,
            ["replay"] = 0L,
            ["due"] = 0L,
            ["attempts"] = 0L,
            ["fence"] = 0L,
            ["crashes"] = 0L,
            ["order"] = orderKey,
        }));
    }

    /// <summary>A run by its public id; null when there is none.</summary>
    public static BsonDocument? Find(LiteDbSession session, string runId) => session.Range(Records.Run, "id", runId, runId).SingleOrDefault();

    /// <exception cref="LeaseLostException">The run is not leased under this fence.</exception>
    public static BsonDocument Require(LiteDbSession session, RunLease lease) =>
        Find(session, lease.RunId) is BsonDocument run && run.Number("fence") == lease.Fence && run.State<RunState>() == RunState.Leased
            ? run
            : throw new LeaseLostException(lease.RunId);

    /// <inheritdoc cref="IStore.LeaseRunsAsync"/>
    public static IReadOnlyList<RunLease> Lease(LiteDbSession session, string owner, DateTimeOffset now, TimeSpan duration, int max)
    {
        long at = now.ToUnixTimeMilliseconds();
        LiteDbWaits.TimeOut(session, at);
        ExpireLeases(session, at);
        foreach (long due in session.Live.Turns.BecameDue(at))
        {
            BsonDocument run = session.Find(Records.Run, due)!;
            run["due"] = 0L;
            session.Put(Records.Run, run);
        }
        DateTimeOffset until = DateTimeOffset.FromUnixTimeMilliseconds((now + duration).ToUnixTimeMilliseconds());
        return [.. session.Live.Turns.Ready(max).Select(run => Lease(session, session.Find(Records.Run, run)!, owner, until))];
    }

    /// <summary>
    /// Gives runs whose lease ended by <paramref name="now"/> back. What their effects were sending may or may not have arrived.
    /// </summary>
    public static void ExpireLeases(LiteDbSession session, long now)
    {
        foreach (long sequence in session.Live.Turns.Expired(now))
        {
            BsonDocument run = session.Find(Records.Run, sequence)!;
            LiteDbEffects.Doubt(session, run.Number("event"), run.Text("pipeline"));
            run["crashes"] = run.Number("crashes") + 1;
            Leave(session, run, RunState.Ready, due: 0);
        }
    }

    /// <summary>When to look again; null when nothing is scheduled, <see cref="DateTimeOffset.UnixEpoch"/> when something is ready now.</summary>
    public static DateTimeOffset? NextDue(LiteDbSession session)
    {
        long? run = session.Live.Turns.NextDue;
        long? wait = session.Live.Waits.NextDue;
        long? next = run is null || wait < run ? wait : run;
        return next is long due ? DateTimeOffset.FromUnixTimeMilliseconds(due) : null;
    }

    /// <summary>Takes a run out of its lease into a state; the turn of its subject follows.</summary>
    public static void Leave(LiteDbSession session, BsonDocument run, RunState state, long due)
    {
        run["due"] = due;
        run.Remove("owner");
        run.Remove("until");
        session.Put(Records.Run, WithState(state, run));
    }

    /// <summary>Makes a waiting run ready at once, at its place in the order of its subject.</summary>
    public static void Wake(LiteDbSession session, long sequence)
    {
        if (session.Find(Records.Run, sequence) is BsonDocument run && run.State<RunState>() == RunState.Waiting)
        {
            run["due"] = 0L;
            session.Put(Records.Run, WithState(RunState.Ready, run));
        }
    }

    /// <inheritdoc cref="IStore.ReleaseAsync"/>
    public void Release(LiteDbSession session, RunLease lease, RunTransition transition)
    {
        RunRules.RequireMayRelease(lease, transition);
        BsonDocument run = Require(session, lease);
        DataKey key = content.KeyOf(session, run.Number("event"));
        run["code"] = transition.Code;
        run["diagnostic"] = key.Seal(transition.Diagnostic, "run", lease.RunId, "diagnostic_ct");
        run["attempts"] = run.Number("attempts") + (transition.CountsAsAttempt ? 1 : 0);
        Leave(session, run, transition.State, transition is { State: RunState.Ready, DueUtc: DateTimeOffset at } ? at.ToUnixTimeMilliseconds() : 0);
        Close(session, run.Number("event"));
    }

    private static RunLease Lease(LiteDbSession session, BsonDocument run, string owner, DateTimeOffset until)
    {
        run["owner"] = owner;
        run["until"] = until.ToUnixTimeMilliseconds();
        run["fence"] = run.Number("fence") + 1;
        run.Remove("code");
        session.Put(Records.Run, WithState(RunState.Leased, run));
        return new RunLease(run.Text("id"), run.Number("event"), run.Text("pipeline"), run.Text("hash"), run.Number("fence"), until);
    }

    /// <summary>Closes an event whose last open run has ended.</summary>
    private static void Close(LiteDbSession session, long eventSequence)
    {
        BsonDocument e = LiteDbContent.EventOf(session, eventSequence);
        bool isOpen = session.Range(Records.Run, "event", eventSequence, eventSequence)
            .Exists(run => run.State<RunState>() is RunState.Ready or RunState.Leased or RunState.Waiting or RunState.NeedsReview);
        if (e.Text("state") == EventStates.Open && !isOpen)
        {
            LiteDbEvents.Move(session, e, EventStates.Closed);
        }
    }

    private static BsonDocument WithState(RunState state, BsonDocument run)
    {
        run["state"] = StateNames.Of(state);
        run["by_state"] = Ids.InList(StateNames.Of(state), run.Number("_id"));
        return run;
    }
}
