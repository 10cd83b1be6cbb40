
namespace Aria.Pipelines.Store;

/// <summary>
/// The record of truth, and the only way from ingress to runs. Every method that changes something returns after its change is on stable
/// storage. All content (bodies, headers, outputs, requests, responses) is given and returned in the clear and encrypted inside.
/// One store serves one tenant and one environment, both part of every unique key.
/// </summary>
internal interface IStore : IAsyncDisposable
{
    /// <summary>What operators do.</summary>
    IOperatorActs Acts { get; }

    /// <summary>What operators look at, beside runs.</summary>
    IOperatorViews Views { get; }

    /// <summary>What was done, refused and broken off.</summary>
    IAuditLog Audit { get; }

    /// <summary>The self-check.</summary>
    IStoreInspection Inspection { get; }

    /// <summary>Where the reading of polled sources stands.</summary>
    ICursors Cursors { get; }

    /// <summary>Why nothing can be stored now, as the last commit found; null when it succeeded. A store in trouble is tried each second.</summary>
    string? Trouble { get; }

    /// <summary>
    /// Stores a delivery, its events and their ready runs, indexes correlation keys and wakes matching waits, in one commit.
    /// An event whose dedupe key was seen within 30 days is not stored again; one that comes later is stored with the code <c>late_replay</c>.
    /// One whose key is an id (<see cref="IncomingEvent.KeyIsId"/>) and whose body differs from the one seen first is stored as quarantined
    /// with the code <c>id_conflict</c>; the same body again is then a duplicate of that one.
    /// </summary>
    /// <exception cref="StoreUnavailableException">Nothing was stored; the sender must try again.</exception>
    Task<IReadOnlyList<AcceptedEvent>> AcceptAsync(Acceptance acceptance, CancellationToken cancellationToken);

    /// <summary>
    /// Turns due waits into timeouts, expired leases into ready runs, and leases due runs whose subject has no earlier unparked run.
    /// An effect found in <see cref="EffectState.Sending"/> under an expired lease becomes <see cref="EffectState.Unknown"/>.
    /// Runs of events without a subject keep no order. Of the runs that were under way when the host ended, one is leased at a time.
    /// </summary>
    /// <param name="owner">Who takes the leases.</param>
    /// <param name="now">The time.</param>
    /// <param name="duration">How long a lease holds.</param>
    /// <param name="max">The most leases to give.</param>
    /// <param name="held">Ids of runs that this process executes: their leases do not end, whatever the time is. A clock that was set forward ends none.</param>
    /// <param name="cancellationToken">Gives up before it began.</param>
    Task<IReadOnlyList<RunLease>> LeaseRunsAsync(
        string owner, DateTimeOffset now, TimeSpan duration, int max, IReadOnlyCollection<string> held, CancellationToken cancellationToken);

    /// <summary>Makes ready runs due now that are due later than any delay allows: a clock that was ahead has put them there.</summary>
    /// <param name="latest">The latest time at which a run can rightly be due.</param>
    /// <param name="cancellationToken">Gives up before it began.</param>
    /// <returns>How many there were.</returns>
    Task<int> RecallRunsAsync(DateTimeOffset latest, CancellationToken cancellationToken);

    /// <summary>When to lease next: the nearest retry, wait deadline or end of a lease, now when a run is ready; null when nothing is scheduled.</summary>
    Task<DateTimeOffset?> NextDueAsync(CancellationToken cancellationToken);

    /// <summary>Everything recorded of a leased run.</summary>
    Task<RunSnapshot> ReadRunAsync(RunLease lease, CancellationToken cancellationToken);

    /// <summary>Records the result of a step (insert, or replace the row of the same path and iteration).</summary>
    /// <exception cref="LeaseLostException">Another owner holds the run.</exception>
    Task SaveStepAsync(RunLease lease, StepRecord step, CancellationToken cancellationToken);

    /// <summary>
    /// Records an intent (R1), unique per event, pipeline, path, iteration and force number: returns the one that exists when there is one
    /// that was not superseded.
    /// </summary>
    /// <exception cref="LeaseLostException">Another owner holds the run.</exception>
    Task<EffectRecord> PlanEffectAsync(RunLease lease, EffectPlan plan, CancellationToken cancellationToken);

    /// <summary>
    /// Records results of steps and an intent (R1), takes a permit and opens the first attempt (R2), in one commit. Without a permit the intent
    /// is recorded all the same. An effect that exists is begun when it is planned, and otherwise returned as it is.
    /// </summary>
    /// <exception cref="LeaseLostException">Another owner holds the run.</exception>
    Task<EffectStart> StartEffectAsync(RunLease lease, EffectPlan plan, Permit permit, IReadOnlyList<StepRecord> steps, CancellationToken cancellationToken);

    /// <summary>Moves an effect to sending and opens attempt n, durably, before the first byte leaves (R2).</summary>
    /// <returns>The attempt number, from 1.</returns>
    /// <exception cref="LeaseLostException">Another owner holds the run.</exception>
    Task<int> BeginAttemptAsync(RunLease lease, string effectId, string phase, DateTimeOffset now, CancellationToken cancellationToken);

    /// <summary>Closes an attempt and moves the effect; when the step is decided, or the run ends with it, records that in the same commit.</summary>
    /// <exception cref="LeaseLostException">Another owner holds the run.</exception>
    Task EndAttemptAsync(RunLease lease, AttemptResult result, StepRecord? step, CancellationToken cancellationToken);

    /// <summary>
    /// Parks the run at an await: looks for a matching event accepted after the run's own event, otherwise leaves a wait with a deadline and
    /// releases the lease. One commit, so an arriving event and the deadline cannot both win.
    /// </summary>
    /// <returns>The matching event, already recorded as the wait's outcome, with the lease kept; null when the run is parked.</returns>
    /// <exception cref="InvalidOperationException">The run has a wait of this path and iteration already.</exception>
    Task<MatchedEvent?> ParkAsync(RunLease lease, WaitPlan plan, CancellationToken cancellationToken);

    /// <summary>Gives the lease back with the run's next state; a terminal state closes the event when it was the last open run.</summary>
    Task ReleaseAsync(RunLease lease, RunTransition transition, CancellationToken cancellationToken);

    /// <summary>
    /// Gives the lease back, at once and not as a crash, when the work broke off where this process knows about it: the store could not be
    /// written, or the host stops. What an effect was sending becomes <see cref="EffectState.Unknown"/>, as under an expired lease.
    /// </summary>
    /// <exception cref="LeaseLostException">Another owner holds the run.</exception>
    Task AbandonAsync(RunLease lease, CancellationToken cancellationToken);

    /// <summary>Claims a key for a run across all pipelines until a time. A run (and its replays) keeps its own claim.</summary>
    /// <returns>Null when the run holds the claim; otherwise the id of the run that does.</returns>
    Task<string?> ClaimOnceAsync(RunLease lease, string scope, string key, DateTimeOffset now, DateTimeOffset until, CancellationToken cancellationToken);

    /// <summary>Takes one permit from a persisted token bucket.</summary>
    /// <returns>Null when granted; otherwise when to ask again.</returns>
    Task<DateTimeOffset?> TakePermitAsync(Permit permit, CancellationToken cancellationToken);

    /// <summary>Adapts a bucket to what the remote system said: closed until a time, or at most so many permits left.</summary>
    Task LimitBudgetAsync(string scope, DateTimeOffset? blockedUntil, int? remaining, DateTimeOffset now, CancellationToken cancellationToken);

    /// <summary>The remote system was over its limit and did not say for how long: the bucket refills at 0.7 of its pace, and wins back a twentieth of the full pace every ten minutes.</summary>
    Task SlowBudgetAsync(string scope, DateTimeOffset now, CancellationToken cancellationToken);

    /// <summary>Keeps a definition bundle under its content hash (R8).</summary>
    Task SaveDefinitionAsync(string hash, string pipeline, byte[] bundle, CancellationToken cancellationToken);

    /// <summary>A definition bundle by its content hash; null when it was never saved.</summary>
    /// <exception cref="Privacy.ContentIntegrityException">It is not what was saved.</exception>
    Task<byte[]?> ReadDefinitionAsync(string hash, CancellationToken cancellationToken);

    /// <summary>Runs, newest first, with their subjects and successors.</summary>
    Task<IReadOnlyList<RunSummary>> ListRunsAsync(RunQuery query, CancellationToken cancellationToken);

    /// <summary>One run with its event, steps, effects and attempts; null when there is none.</summary>
    Task<RunDetail?> FindRunAsync(string runId, CancellationToken cancellationToken);

    /// <summary>How many events and runs are in which state.</summary>
    Task<StoreCounts> CountAsync(CancellationToken cancellationToken);

    /// <summary>How many runs have not ended, for each state a run can be in until then.</summary>
    Task<IReadOnlyDictionary<RunState, long>> CountOpenRunsAsync(CancellationToken cancellationToken);
}
