using Aria.Pipelines.Privacy;

namespace Aria.Pipelines.Store.LiteDb;

/// <summary>
/// The store on LiteDB: one thread reads and writes, and its commits are copied into the data file, atomically and synced, before anyone is
/// told. Content is encrypted before it reaches LiteDB. Times come back in whole milliseconds.
/// </summary>
internal sealed class LiteDbStore : IStore
{
    private readonly StoreLock fileLock;
    private readonly GroupWriter<LiteDbSession> writer;
    private readonly TimeProvider time;
    private readonly DeliverySealer sealer;
    private readonly LiteDbEvents events;
    private readonly LiteDbWaits waits;
    private readonly LiteDbRuns runs;
    private readonly LiteDbSteps steps;
    private readonly LiteDbEffects effects;
    private readonly LiteDbClaims claims;
    private readonly LiteDbQueries queries;

    private LiteDbStore(StoreLock fileLock, GroupWriter<LiteDbSession> writer, ContentKeys keys, TimeProvider time)
    {
        this.fileLock = fileLock;
        this.writer = writer;
        this.time = time;
        var content = new LiteDbContent(keys);
        var audit = new LiteDbAudit(keys, writer);
        sealer = new DeliverySealer(keys, time);
        waits = new LiteDbWaits(keys, content);
        events = new LiteDbEvents(keys, sealer);
        runs = new LiteDbRuns(content);
        steps = new LiteDbSteps(content);
        effects = new LiteDbEffects(keys, content, time);
        claims = new LiteDbClaims(keys);
        queries = new LiteDbQueries(content, waits, sealer);
        Cursors = new LiteDbCursors(sealer, writer);
        Audit = audit;
        Acts = new OperatorActs<LiteDbSession>(writer, new LiteDbOperatorWork(content, effects, events, sealer, audit), sealer);
        Views = new LiteDbViews(writer, content);
        Inspection = new LiteDbInspection(writer, keys);
    }

    public ICursors Cursors { get; }

    public IOperatorActs Acts { get; }

    public IOperatorViews Views { get; }

    public IAuditLog Audit { get; }

    public IStoreInspection Inspection { get; }

    public string? Trouble => writer.Trouble;

    /// <summary>The thread that commits.</summary>
    internal GroupWriter<LiteDbSession> Writer => writer;

    /// <summary>Opens a data file, or makes it. Nobody else can hold it, so runs that were leased when the last process ended are given back.</summary>
    /// <param name="path">The file; its folder is made when missing.</param>
    /// <param name="identity">Whose data it serves.</param>
    /// <param name="master">Wraps the keys of its content.</param>
    /// <param name="time">Clock of ids and of what is due at once.</param>
    /// <param name="cancellationToken">Gives up before opening.</param>
    /// <exception cref="StoreInUseException">Another process holds the file.</exception>
    /// <exception cref="StoreVersionException">A newer program wrote the file.</exception>
    /// <exception cref="StoreMismatchException">The file serves another tenant or environment.</exception>
    /// <exception cref="StoreDamagedException">The file is damaged.</exception>
    /// <exception cref="MasterKeyException">Another master key made the file.</exception>
    public static Task<LiteDbStore> OpenAsync(
        string path, StoreIdentity identity, MasterKey master, TimeProvider time, CancellationToken cancellationToken) =>
        OpenAsync(path, identity, master, time, DiskFile.Open, cancellationToken);

    /// <inheritdoc cref="OpenAsync(string, StoreIdentity, MasterKey, TimeProvider, CancellationToken)"/>
    internal static Task<LiteDbStore> OpenAsync(
        string path, StoreIdentity identity, MasterKey master, TimeProvider time, Func<string, IDiskFile> open, CancellationToken cancellationToken) =>
        Task.Run(
            () =>
            {
                string file = Path.GetFullPath(path);
                Directory.CreateDirectory(Path.GetDirectoryName(file)!);
                StoreLock taken = StoreLock.Take(file);
                try
                {
                    (LiteDbSession session, ContentKeys keys) = LiteDbOpening.Open(file, identity, master, open);
                    return new LiteDbStore(taken, new GroupWriter<LiteDbSession>(session, () => LiteDbSession.Open(file, open)), keys, time);
                }
                catch
                {
                    taken.Dispose();
                    throw;
                }
            },
            cancellationToken);

    public async ValueTask DisposeAsync()
    {
        await writer.DisposeAsync();
        fileLock.Dispose();
    }

    public async Task<IReadOnlyList<AcceptedEvent>> AcceptAsync(Acceptance acceptance, CancellationToken cancellationToken)
    {
        SealedDelivery delivery = sealer.Seal(acceptance);
        if (acceptance.Cursor is not { } move)
        {
            return await writer.RunAsync(s => events.Accept(s, delivery), cancellationToken);
        }
        SealedRecord[] records = sealer.Seal(acceptance.Connection, move.Records);
        byte[] value = sealer.Seal(acceptance.Connection, move);
        return await writer.RunAsync(
            s =>
            {
                IReadOnlyList<AcceptedEvent> accepted = acceptance.Events.Count == 0 ? [] : events.Accept(s, delivery);
                LiteDbCursors.Move(s, acceptance.Connection, move, value, records);
                return accepted;
            },
            cancellationToken);
    }

    public Task<IReadOnlyList<RunLease>> LeaseRunsAsync(
        string owner, DateTimeOffset now, TimeSpan duration, int max, IReadOnlyCollection<string> held, CancellationToken cancellationToken) =>
        writer.RunAsync(s => LiteDbRuns.Lease(s, owner, now, duration, max, held), cancellationToken);

    public Task<int> RecallRunsAsync(DateTimeOffset latest, CancellationToken cancellationToken) =>
        writer.RunAsync(s => LiteDbRuns.Recall(s, latest), cancellationToken, canWait: true);

    public async Task<DateTimeOffset?> NextDueAsync(CancellationToken cancellationToken)
    {
        DateTimeOffset? due = await writer.RunAsync(LiteDbRuns.NextDue, cancellationToken);
        return due == DateTimeOffset.UnixEpoch ? time.GetUtcNow() : due;
    }

    public Task<RunSnapshot> ReadRunAsync(RunLease lease, CancellationToken cancellationToken) =>
        writer.RunAsync(s => queries.ReadRun(s, lease), cancellationToken);

    public Task SaveStepAsync(RunLease lease, StepRecord step, CancellationToken cancellationToken) =>
        WriteAsync(s => steps.Save(s, lease, step), cancellationToken);

    public Task<EffectRecord> PlanEffectAsync(RunLease lease, EffectPlan plan, CancellationToken cancellationToken) =>
        writer.RunAsync(s => effects.Plan(s, lease, plan), cancellationToken);

    public Task<EffectStart> StartEffectAsync(
        RunLease lease, EffectPlan plan, Permit permit, IReadOnlyList<StepRecord> steps, CancellationToken cancellationToken) =>
        writer.RunAsync(s => effects.Start(s, lease, plan, permit, steps), cancellationToken);

    public Task<int> BeginAttemptAsync(RunLease lease, string effectId, string phase, DateTimeOffset now, CancellationToken cancellationToken) =>
        writer.RunAsync(s => effects.BeginAttempt(s, lease, effectId, phase, now), cancellationToken);

    public Task EndAttemptAsync(RunLease lease, AttemptResult result, StepRecord? step, CancellationToken cancellationToken) =>
        WriteAsync(
            s =>
            {
                effects.EndAttempt(s, lease, result, step);
                if (result.Ends is { } end)
                {
                    runs.Release(s, lease, end);
                }
            },
            cancellationToken);

    public Task<MatchedEvent?> ParkAsync(RunLease lease, WaitPlan plan, CancellationToken cancellationToken) =>
        writer.RunAsync(s => waits.Park(s, lease, plan), cancellationToken);

    public Task ReleaseAsync(RunLease lease, RunTransition transition, CancellationToken cancellationToken) =>
        WriteAsync(s => runs.Release(s, lease, transition), cancellationToken);

    public Task AbandonAsync(RunLease lease, CancellationToken cancellationToken) =>
        WriteAsync(s => LiteDbRuns.Abandon(s, lease), cancellationToken);

    public Task<string?> ClaimOnceAsync(
        RunLease lease, string scope, string key, DateTimeOffset now, DateTimeOffset until, CancellationToken cancellationToken) =>
        writer.RunAsync(s => claims.Claim(s, lease, scope, key, now, until), cancellationToken);

    public Task<DateTimeOffset?> TakePermitAsync(Permit permit, CancellationToken cancellationToken) =>
        writer.RunAsync(s => LiteDbBudgets.Take(s, permit), cancellationToken);

    public Task LimitBudgetAsync(string scope, DateTimeOffset? blockedUntil, int? remaining, DateTimeOffset now, CancellationToken cancellationToken) =>
        WriteAsync(s => LiteDbBudgets.Limit(s, scope, blockedUntil, remaining, now), cancellationToken);

    public Task SlowBudgetAsync(string scope, DateTimeOffset now, CancellationToken cancellationToken) =>
        WriteAsync(s => LiteDbBudgets.Slow(s, scope, now), cancellationToken);

    public Task SaveDefinitionAsync(string hash, string pipeline, byte[] bundle, CancellationToken cancellationToken) =>
        WriteAsync(s => LiteDbDefinitions.Save(s, hash, pipeline, bundle), cancellationToken);

    public Task<byte[]?> ReadDefinitionAsync(string hash, CancellationToken cancellationToken) =>
        writer.RunAsync(s => LiteDbDefinitions.Read(s, hash), cancellationToken);

    public Task<IReadOnlyList<RunSummary>> ListRunsAsync(RunQuery query, CancellationToken cancellationToken) =>
        writer.RunAsync(s => queries.ListRuns(s, query), cancellationToken);

    public Task<RunDetail?> FindRunAsync(string runId, CancellationToken cancellationToken) =>
        writer.RunAsync(s => queries.FindRun(s, runId), cancellationToken);

    public Task<StoreCounts> CountAsync(CancellationToken cancellationToken) => writer.RunAsync(s => s.Live.Tally.ToCounts(), cancellationToken);

    public async Task<IReadOnlyDictionary<RunState, long>> CountOpenRunsAsync(CancellationToken cancellationToken)
    {
        StoreCounts counts = await CountAsync(cancellationToken);
        RunState[] open = [RunState.Ready, RunState.Leased, RunState.Waiting, RunState.NeedsReview];
        return open.ToDictionary(state => state, state => counts.Runs.GetValueOrDefault(StateNames.Of(state)));
    }

    private Task<bool> WriteAsync(Action<LiteDbSession> work, CancellationToken cancellationToken) =>
        writer.RunAsync(
            session =>
            {
                work(session);
                return true;
            },
            cancellationToken);
}
