using Aria.Pipelines.Privacy;

namespace Aria.Pipelines.Store.Sqlite;

/// <summary>
/// The embedded store: one SQLite file in WAL mode, synced on every commit, with one writing thread and several readers. Content is encrypted
/// before it reaches SQLite. Times come back in whole milliseconds.
/// </summary>
internal sealed class SqliteStore : IStore
{
    private readonly string dataFile;
    private readonly StoreLock fileLock;
    private readonly GroupWriter<SqliteSession> writer;
    private readonly SqliteReaders readers;
    private readonly TimeProvider time;
    private readonly DeliverySealer sealer;
    private readonly SqliteEvents events;
    private readonly SqliteWaits waits;
    private readonly SqliteRuns runs;
    private readonly SqliteSteps steps;
    private readonly SqliteEffects effects;
    private readonly SqliteClaims claims;
    private readonly SqliteQueries queries;
    private readonly SqliteCursors cursors;
    private readonly FreshRuns fresh;
    private int closed;

    private SqliteStore(string dataFile, StoreLock fileLock, GroupWriter<SqliteSession> writer, SqliteReaders readers, ContentKeys keys, TimeProvider time)
    {
        this.dataFile = dataFile;
        this.fileLock = fileLock;
        this.writer = writer;
        this.readers = readers;
        this.time = time;
        var content = new SqliteContent(keys);
        var audit = new SqliteAudit(keys, writer, readers);
        waits = new SqliteWaits(keys, content);
        sealer = new DeliverySealer(keys, time);
        events = new SqliteEvents(keys, sealer);
        runs = new SqliteRuns(content);
        steps = new SqliteSteps(content);
        effects = new SqliteEffects(keys, content, time);
        claims = new SqliteClaims(keys);
        queries = new SqliteQueries(content, waits, sealer);
        cursors = new SqliteCursors(sealer, readers);
        fresh = new FreshRuns(time);
        Audit = audit;
        Acts = new OperatorActs<SqliteSession>(
            writer, new SqliteOperatorWork(new SqliteReviews(content, effects), new SqliteReplays(content, events, sealer), audit), sealer);
        Views = new SqliteViews(readers, content);
        Inspection = new SqliteInspection(readers, keys);
    }

    public ICursors Cursors => cursors;

    public IOperatorActs Acts { get; }

    public IOperatorViews Views { get; }

    public IAuditLog Audit { get; }

    public IStoreInspection Inspection { get; }

    public string? Trouble => writer.Trouble;

    /// <summary>The thread that commits.</summary>
    internal GroupWriter<SqliteSession> Writer => writer;

    /// <summary>Opens a data file, or makes it. Nobody else can hold it, so runs that were leased when the last process ended are given back.</summary>
    /// <param name="path">The file; its folder is made when missing.</param>
    /// <param name="identity">Whose data it serves.</param>
    /// <param name="master">Wraps the keys of its content.</param>
    /// <param name="time">Clock of ids and of what is due at once.</param>
    /// <param name="cancellationToken">Gives up before opening.</param>
    /// <exception cref="StoreInUseException">Another process holds the file.</exception>
    /// <exception cref="StoreVersionException">A newer program wrote the file.</exception>
    /// <exception cref="StoreDamagedException">The file is damaged.</exception>
    /// <exception cref="MasterKeyException">Another master key made the file.</exception>
    public static Task<SqliteStore> OpenAsync(
        string path, StoreIdentity identity, MasterKey master, TimeProvider time, CancellationToken cancellationToken) =>
        Task.Run(
            () =>
            {
                string file = Path.GetFullPath(path);
                Directory.CreateDirectory(Path.GetDirectoryName(file)!);
                StoreLock taken = StoreLock.Take(file);
                try
                {
                    (SqliteSession session, ContentKeys keys) = SqliteOpening.Open(file, identity, master);
                    return new SqliteStore(
                        file,
                        taken,
                        new GroupWriter<SqliteSession>(session, () => SqliteSession.OpenWriter(file, identity)),
                        new SqliteReaders(() => SqliteSession.OpenReader(file, identity)),
                        keys,
                        time);
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
        if (Interlocked.Exchange(ref closed, 1) == 1)
        {
            return;
        }
        await readers.DisposeAsync();
        await writer.DisposeAsync();
        try
        {
            StoreSeal.Close(dataFile);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Without a seal the next start examines the whole file, as after a kill.
            return;
        }
        finally
        {
            fileLock.Dispose();
        }
    }

    public async Task<IReadOnlyList<AcceptedEvent>> AcceptAsync(Acceptance acceptance, CancellationToken cancellationToken)
    {
        SealedDelivery delivery = sealer.Seal(acceptance);
        if (acceptance.Cursor is not { } move)
        {
            return await writer.RunAsync(s => fresh.Keep(delivery, events.Accept(s, delivery)), cancellationToken);
        }
        SealedRecord[] records = sealer.Seal(acceptance.Connection, move.Records);
        byte[] value = sealer.Seal(acceptance.Connection, move);
        return await writer.RunAsync(
            s =>
            {
                IReadOnlyList<AcceptedEvent> accepted = acceptance.Events.Count == 0 ? [] : fresh.Keep(delivery, events.Accept(s, delivery));
                SqliteCursors.Move(s, acceptance.Connection, move, value, records);
                return accepted;
            },
            cancellationToken);
    }

    public Task<IReadOnlyList<RunLease>> LeaseRunsAsync(
        string owner, DateTimeOffset now, TimeSpan duration, int max, IReadOnlyCollection<string> held, CancellationToken cancellationToken) =>
        writer.RunAsync(s => fresh.Complete(SqliteRuns.Lease(s, owner, now, duration, max, held)), cancellationToken, canWait: true);

    public Task<int> RecallRunsAsync(DateTimeOffset latest, CancellationToken cancellationToken) =>
        writer.RunAsync(s => SqliteRuns.Recall(s, latest), cancellationToken, canWait: true);

    public async Task<DateTimeOffset?> NextDueAsync(CancellationToken cancellationToken)
    {
        DateTimeOffset? due = await readers.RunAsync(SqliteRuns.NextDue, cancellationToken);
        return due == DateTimeOffset.UnixEpoch ? time.GetUtcNow() : due;
    }

    public Task<RunSnapshot> ReadRunAsync(RunLease lease, CancellationToken cancellationToken) =>
        readers.RunAsync(s => queries.ReadRun(s, lease), cancellationToken);

    public Task SaveStepAsync(RunLease lease, StepRecord step, CancellationToken cancellationToken) =>
        WriteAsync(s => steps.Save(s, lease, step), cancellationToken, canWait: true);

    public Task<EffectRecord> PlanEffectAsync(RunLease lease, EffectPlan plan, CancellationToken cancellationToken) =>
        writer.RunAsync(s => effects.Plan(s, lease, plan), cancellationToken, canWait: true);

    public Task<EffectStart> StartEffectAsync(
        RunLease lease, EffectPlan plan, Permit permit, IReadOnlyList<StepRecord> steps, CancellationToken cancellationToken) =>
        writer.RunAsync(s => effects.Start(s, lease, plan, permit, steps), cancellationToken);

    public Task<int> BeginAttemptAsync(RunLease lease, string effectId, string phase, DateTimeOffset now, CancellationToken cancellationToken) =>
        writer.RunAsync(s => effects.BeginAttempt(s, lease, effectId, phase, now), cancellationToken);

    public Task EndAttemptAsync(RunLease lease, AttemptResult result, StepRecord? step, CancellationToken cancellationToken) =>
        WriteAsync(
            s =>
            {
                LeasedRun run = effects.EndAttempt(s, lease, result, step);
                if (result.Ends is { } end)
                {
                    runs.Release(s, lease, run, end);
                }
            },
            cancellationToken,
            canWait: result.CanBeRepeated);

    public Task<MatchedEvent?> ParkAsync(RunLease lease, WaitPlan plan, CancellationToken cancellationToken) =>
        writer.RunAsync(s => waits.Park(s, lease, plan), cancellationToken);

    public Task ReleaseAsync(RunLease lease, RunTransition transition, CancellationToken cancellationToken) =>
        WriteAsync(s => runs.Release(s, lease, transition), cancellationToken, canWait: true);

    public Task AbandonAsync(RunLease lease, CancellationToken cancellationToken) =>
        WriteAsync(s => SqliteRuns.Abandon(s, lease), cancellationToken, canWait: true);

    public Task<string?> ClaimOnceAsync(
        RunLease lease, string scope, string key, DateTimeOffset now, DateTimeOffset until, CancellationToken cancellationToken) =>
        writer.RunAsync(s => claims.Claim(s, lease, scope, key, now, until), cancellationToken, canWait: true);

    public Task<DateTimeOffset?> TakePermitAsync(Permit permit, CancellationToken cancellationToken) =>
        writer.RunAsync(s => SqliteBudgets.Take(s, permit), cancellationToken, canWait: true);

    public Task LimitBudgetAsync(string scope, DateTimeOffset? blockedUntil, int? remaining, DateTimeOffset now, CancellationToken cancellationToken) =>
        WriteAsync(s => SqliteBudgets.Limit(s, scope, blockedUntil, remaining, now), cancellationToken, canWait: true);

    public Task SlowBudgetAsync(string scope, DateTimeOffset now, CancellationToken cancellationToken) =>
        WriteAsync(s => SqliteBudgets.Slow(s, scope, now), cancellationToken);

    public Task SaveDefinitionAsync(string hash, string pipeline, byte[] bundle, CancellationToken cancellationToken) =>
        WriteAsync(s => SqliteDefinitions.Save(s, hash, pipeline, bundle), cancellationToken);

    public Task<byte[]?> ReadDefinitionAsync(string hash, CancellationToken cancellationToken) =>
        readers.RunAsync(s => SqliteDefinitions.Read(s, hash), cancellationToken);

    public Task<IReadOnlyList<RunSummary>> ListRunsAsync(RunQuery query, CancellationToken cancellationToken) =>
        readers.RunAsync(s => queries.ListRuns(s, query), cancellationToken);

    public Task<RunDetail?> FindRunAsync(string runId, CancellationToken cancellationToken) =>
        readers.RunAsync(s => queries.FindRun(s, runId), cancellationToken);

    public Task<StoreCounts> CountAsync(CancellationToken cancellationToken) => readers.RunAsync(SqliteQueries.Count, cancellationToken);

    public Task<IReadOnlyDictionary<RunState, long>> CountOpenRunsAsync(CancellationToken cancellationToken) =>
        readers.RunAsync(SqliteQueries.CountOpenRuns, cancellationToken);

    private Task<bool> WriteAsync(Action<SqliteSession> work, CancellationToken cancellationToken, bool canWait = false) =>
        writer.RunAsync(
            session =>
            {
                work(session);
                return true;
            },
            cancellationToken,
            canWait);
}
