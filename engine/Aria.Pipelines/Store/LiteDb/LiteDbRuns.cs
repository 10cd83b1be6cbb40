using Aria.Pipelines.Privacy;
using LiteDB;

namespace Aria.Pipelines.Store.LiteDb;

/// <summary>Leases, their end, and what is due next.</summary>
internal sealed class LiteDbRuns(LiteDbContent content)
{
    /// <summary>Makes a ready run; the turn of its subject follows.</summary>
    /// <returns>The id.</returns>
    public static string Add(LiteDbSession session, string id, long eventSequence, RunPlan plan, byte[] orderKey, long replay = 0)
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
            ["replay"] = replay,
            ["due"] = 0L,
            ["attempts"] = 0L,
            ["fence"] = 0L,
            ["crashes"] = 0L,
            ["order"] = orderKey,
        }));
        return id;
    }

    /// <summary>A run by its public id; null when there is none.</summary>
    public static BsonDocument? Find(LiteDbSession session, string runId) => session.Range(Records.Run, "id", runId, runId).SingleOrDefault();

    /// <exception cref="LeaseLostException">The run is not leased under this fence.</exception>
    public static BsonDocument Require(LiteDbSession session, RunLease lease) =>
        Find(session, lease.RunId) is BsonDocument run && run.Number("fence") == lease.Fence && run.State<RunState>() == RunState.Leased
            ? run
            : throw new LeaseLostException(lease.RunId);

    /// <inheritdoc cref="IStore.LeaseRunsAsync"/>
    public static IReadOnlyList<RunLease> Lease(LiteDbSession session, string owner, DateTimeOffset now, TimeSpan duration, int max, IReadOnlyCollection<string> held)
    {
        long at = now.ToUnixTimeMilliseconds();
        LiteDbWaits.TimeOut(session, at);
        ExpireLeases(session, at, held);
        Hasten(session, session.Live.Turns.BecameDue(at));
        DateTimeOffset until = DateTimeOffset.FromUnixTimeMilliseconds((now + duration).ToUnixTimeMilliseconds());
        return [.. session.Live.Turns.Ready(max).Select(run => Lease(session, session.Find(Records.Run, run)!, owner, until))];
    }

    /// <summary>
    /// Gives runs whose lease ended by <paramref name="now"/> back, but for those that are <paramref name="held"/>. What their effects were sending may or may not have arrived.
    /// </summary>
    public static void ExpireLeases(LiteDbSession session, long now, IReadOnlyCollection<string> held)
    {
        foreach (long sequence in session.Live.Turns.Expired(now))
        {
            BsonDocument run = session.Find(Records.Run, sequence)!;
            if (held.Contains(run.Text("id")))
            {
                continue;
            }
            LiteDbEffects.Doubt(session, run.Number("event"), run.Text("pipeline"), "lease_expired");
            run["crashes"] = run.Number("crashes") + 1;
            Leave(session, run, RunState.Ready, due: 0);
        }
    }

    /// <inheritdoc cref="IStore.RecallRunsAsync"/>
    public static int Recall(LiteDbSession session, DateTimeOffset latest)
    {
        long[] late = session.Live.Turns.DueAfter(latest.ToUnixTimeMilliseconds());
        Hasten(session, late);
        return late.Length;
    }

    private static void Hasten(LiteDbSession session, IEnumerable<long> runs)
    {
        foreach (long sequence in runs)
        {
            BsonDocument run = session.Find(Records.Run, sequence)!;
            run["due"] = 0L;
            session.Put(Records.Run, run);
        }
    }

    /// <inheritdoc cref="IStore.AbandonAsync"/>
    public static void Abandon(LiteDbSession session, RunLease lease)
    {
        BsonDocument run = Require(session, lease);
        LiteDbEffects.Doubt(session, run.Number("event"), lease.Pipeline, "abandoned");
        Leave(session, run, RunState.Ready, due: 0);
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

    /// <summary>Makes a waiting run, or one under review, ready at once, at its place in the order of its subject.</summary>
    /// <returns>False when the run is in another state.</returns>
    public static bool Wake(LiteDbSession session, BsonDocument run, RunState from)
    {
        if (run.State<RunState>() != from)
        {
            return false;
        }
        run["due"] = 0L;
        session.Put(Records.Run, WithState(RunState.Ready, run));
        return true;
    }

    /// <summary>The runs of an event, oldest first.</summary>
    public static IReadOnlyList<BsonDocument> OfEvent(LiteDbSession session, long eventSequence) =>
        [.. session.Range(Records.Run, "event", eventSequence, eventSequence).OrderBy(run => run.Number("_id"))];

    /// <summary>The latest run of an event and pipeline.</summary>
    public static BsonDocument Latest(LiteDbSession session, long eventSequence, string pipeline) =>
        OfEvent(session, eventSequence).Where(run => run.Text("pipeline") == pipeline).MaxBy(run => run.Number("replay"))!;

    /// <summary>True for a run that has not ended.</summary>
    public static bool IsOpen(BsonDocument run) =>
        run.State<RunState>() is RunState.Ready or RunState.Leased or RunState.Waiting or RunState.NeedsReview;

    /// <summary>Closes an event whose runs have all ended.</summary>
    public static void CloseEvent(LiteDbSession session, long eventSequence)
    {
        BsonDocument e = LiteDbContent.EventOf(session, eventSequence);
        if (e.Text("state") == EventStates.Open && !OfEvent(session, eventSequence).Any(IsOpen))
        {
            LiteDbEvents.Move(session, e, EventStates.Closed);
        }
    }

    /// <inheritdoc cref="IStore.ReleaseAsync"/>
    public void Release(LiteDbSession session, RunLease lease, RunTransition transition)
    {
        RunRules.RequireMayRelease(lease, transition);
        BsonDocument run = Require(session, lease);
        using DataKey? key = transition.Diagnostic is null && transition.Steps.Count == 0 ? null : content.KeyOf(session, run.Number("event"));
        foreach (StepRecord step in transition.Steps)
        {
            LiteDbSteps.Save(session, run, step, key!);
        }
        run["code"] = transition.Code;
        run["diagnostic"] = key?.Seal(transition.Diagnostic, "run", lease.RunId, "diagnostic_ct");
        run["attempts"] = run.Number("attempts") + (transition.CountsAsAttempt ? 1 : 0);
        run["fingerprint"] = transition.Failure?.Fingerprint;
        run["failed_step"] = transition.Failure?.Step;
        run["ended"] = (transition.State is RunState.Ready or RunState.NeedsReview ? (long?)null : transition.Now.ToUnixTimeMilliseconds()).OrNull();
        Leave(session, run, transition.State, transition is { State: RunState.Ready, DueUtc: DateTimeOffset at } ? at.ToUnixTimeMilliseconds() : 0);
        CloseEvent(session, run.Number("event"));
    }

    private static RunLease Lease(LiteDbSession session, BsonDocument run, string owner, DateTimeOffset until)
    {
        run["owner"] = owner;
        run["until"] = until.ToUnixTimeMilliseconds();
        run["fence"] = run.Number("fence") + 1;
        run.Remove("code");
        run.Remove("diagnostic");
        session.Put(Records.Run, WithState(RunState.Leased, run));
        return new RunLease(run.Text("id"), run.Number("event"), run.Text("pipeline"), run.Text("hash"), run.Number("fence"), until);
    }

    private static BsonDocument WithState(RunState state, BsonDocument run)
    {
        run["state"] = StateNames.Of(state);
        run["by_state"] = Ids.InList(StateNames.Of(state), run.Number("_id"));
        return run;
    }
}
