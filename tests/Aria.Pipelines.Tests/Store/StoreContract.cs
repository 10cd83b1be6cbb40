using System.Globalization;
using System.Text;
using Aria.Pipelines.Store;
using Microsoft.Extensions.Time.Testing;

namespace Aria.Pipelines.Tests.Store;

/// <summary>
/// What every store must do. A store takes part by a class for each of the suites derived from this one, which share these words for
/// saying what happens.
/// </summary>
public abstract class StoreContract : IAsyncLifetime
{
    private protected const string Worker = "worker";

    private protected static readonly TimeSpan LeaseTime = TimeSpan.FromMinutes(1);

    private readonly string folder = Path.Combine(Path.GetTempPath(), $"aria-store-{Guid.NewGuid():N}");
    private int nextKey;

    private protected FakeTimeProvider Time { get; } = new(new DateTimeOffset(2026, 9, 1, 8, 0, 0, TimeSpan.Zero));

    private protected IStore Store { get; private set; } = null!;

    private protected static CancellationToken Stop => TestContext.Current.CancellationToken;

    private protected DateTimeOffset Now => Time.GetUtcNow();

    private protected string Folder => folder;

    /// <summary>Opens the store kept in a folder, always with the same master key.</summary>
    private protected abstract Task<IStore> OpenAsync(string folder);

    public virtual async ValueTask InitializeAsync()
    {
        Directory.CreateDirectory(folder);
        Store = await OpenAsync(folder);
    }

    public virtual async ValueTask DisposeAsync()
    {
        await Store.DisposeAsync();
        Directory.Delete(folder, recursive: true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Goes on with the files as a killed process leaves them: nothing is closed or flushed.</summary>
    private protected async Task KillAndReopenAsync()
    {
        string left = Path.Combine(folder, $"killed-{Guid.NewGuid():N}");
        Directory.CreateDirectory(left);
        foreach (string file in Directory.GetFiles(folder).Where(file => !IsHeldByTheProcess(file)))
        {
            File.Copy(file, Path.Combine(left, Path.GetFileName(file)));
        }
        await Store.DisposeAsync();
        Store = await OpenAsync(left);
    }

    private protected async Task ReopenAsync()
    {
        await Store.DisposeAsync();
        Store = await OpenAsync(folder);
    }

    /// <summary>Locks and shared memory die with the process.</summary>
    private static bool IsHeldByTheProcess(string file) =>
        file.EndsWith(".lock", StringComparison.Ordinal) || file.EndsWith("-shm", StringComparison.Ordinal);

    private protected IncomingEvent Event(
        string subject = "application:100",
        string type = "application.stage_changed",
        string? key = null,
        string body = """{"stage":"Phone Screen"}""",
        IReadOnlyList<KeyValuePair<string, string>>? correlation = null,
        IReadOnlyList<string>? pipelines = null) =>
        new(
            type,
            subject,
            Encoding.UTF8.GetBytes(key ?? $"key-{Interlocked.Increment(ref nextKey).ToString(CultureInfo.InvariantCulture)}"),
            Encoding.UTF8.GetBytes(body),
            correlation ?? [],
            [.. (pipelines ?? ["invite"]).Select(p => new RunPlan(p, $"hash-of-{p}"))],
            QuarantineCode: null);

    private protected static IReadOnlyList<KeyValuePair<string, string>> Keys(params (string Name, string Value)[] keys) =>
        [.. keys.Select(k => KeyValuePair.Create(k.Name, k.Value))];

    private protected async Task<AcceptedEvent> AcceptAsync(IncomingEvent e, string connection = "greenhouse") =>
        (await Store.AcceptAsync(new Acceptance(connection, "webhook", Now, "{}"u8.ToArray(), [e]), Stop)).ShouldHaveSingleItem();

    /// <summary>An event of ARIA about an interview, which starts no run.</summary>
    private protected Task<AcceptedEvent> AcceptInterviewAsync(string interview, string type = "interview.completed") =>
        AcceptAsync(Event("interview:" + interview, type, correlation: Keys(("interview_id", interview)), pipelines: []), "aria");

    private protected Task<IReadOnlyList<RunLease>> LeaseAsync(int max = 10) => Store.LeaseRunsAsync(Worker, Now, LeaseTime, max, [], Stop);

    private protected async Task<RunLease> LeaseOneAsync() => (await LeaseAsync()).ShouldHaveSingleItem();

    private protected async Task<RunLease> AcceptAndLeaseAsync(string subject = "application:100")
    {
        await AcceptAsync(Event(subject));
        return await LeaseOneAsync();
    }

    /// <summary>A leased run whose effect was confirmed at its second attempt, with its step recorded.</summary>
    private protected async Task<RunLease> AcceptConfirmedAsync(string subject)
    {
        RunLease lease = await AcceptAndLeaseAsync(subject);
        EffectRecord effect = await PlanAsync(lease);
        await EndAsync(lease, effect, await BeginAsync(lease, effect), EffectState.Planned, "not_sent");
        await EndAsync(lease, effect, await BeginAsync(lease, effect), EffectState.Confirmed, "confirmed", Step("invite"));
        return lease;
    }

    private protected Task ReleaseAsync(RunLease lease, RunState state, TimeSpan? delay = null, string? code = null) =>
        Store.ReleaseAsync(lease, new RunTransition(state, delay is null ? null : Now + delay, code, Diagnostic: null, Now), Stop);

    private protected static WaitPlan WaitFor(string interview, DateTimeOffset due) =>
        new("wait", 0, [("aria", "interview.completed"), ("aria", "interview.no_show")], Keys(("interview_id", interview)), due);

    private protected Task<MatchedEvent?> ParkAsync(RunLease lease, string interview = "int_1", TimeSpan? timeout = null) =>
        Store.ParkAsync(lease, WaitFor(interview, Now + (timeout ?? TimeSpan.FromDays(14))), Stop);

    private protected EffectPlan Effect(string path = "invite", EffectClass effectClass = EffectClass.Unsafe) =>
        new(path, 0, effectClass, "aria", "interview.create", "{\"in\":1}"u8.ToArray(), "POST /v1/interviews"u8.ToArray(), "idem-1", Now);

    private protected Task<EffectRecord> PlanAsync(RunLease lease, string path = "invite") => Store.PlanEffectAsync(lease, Effect(path), Stop);

    private protected Task<int> BeginAsync(RunLease lease, EffectRecord effect, string phase = "send") =>
        Store.BeginAttemptAsync(lease, effect.Id, phase, Now, Stop);

    private protected Task EndAsync(RunLease lease, EffectRecord effect, int number, EffectState state, string outcome, StepRecord? step = null) =>
        Store.EndAttemptAsync(
            lease,
            new AttemptResult(
                effect.Id, number, state, outcome, 201, TimeSpan.FromMilliseconds(120), Code: null, "{\"interview_id\":\"int_1\"}"u8.ToArray(), "int_1",
                "{\"status\":201}"u8.ToArray(), Now),
            step,
            Stop);

    private protected StepRecord Step(string path, StepState state = StepState.Succeeded, string? output = """{"ok":true}""") =>
        new(path, 0, state, output is null ? null : Encoding.UTF8.GetBytes(output), Error: null, Now);
}
