using System.Globalization;
using Aria.Pipelines.Faults.InProcess;
using Aria.Pipelines.Faults.Rig;
using Aria.Pipelines.Outbound;
using Aria.Pipelines.Privacy;
using Aria.Pipelines.Store;
using Microsoft.Extensions.DependencyInjection;

namespace Aria.Pipelines.Faults.Campaigns.Schedules;

/// <summary>One process on one store, of which schedules are played.</summary>
internal sealed class Schedule : IAsyncDisposable
{
    private const string OrderSql = """
        SELECT COUNT(*) FROM run a JOIN run b ON a.order_key = b.order_key AND b.seq < a.seq WHERE a.state = 'leased' AND b.state IN ('ready', 'leased')
        """;

    private const string OpenAttemptsSql = "SELECT COUNT(*) FROM (SELECT effect_id FROM attempt WHERE outcome IS NULL GROUP BY effect_id HAVING COUNT(*) > 1)";

    private static readonly TimeSpan LeaseTime = TimeSpan.FromMinutes(3);
    private static readonly TimeSpan[] Passing = [TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(6), TimeSpan.FromSeconds(30), TimeSpan.FromSeconds(100), TimeSpan.FromSeconds(200), TimeSpan.FromHours(1)];
    private readonly SmallWorkspace _workspace;
    private readonly MasterKey _key = MasterKey.Ephemeral();
    private readonly TurnedClock _clock = new();
    private readonly StagedTarget _target;
    private readonly Stage _stage = new();
    private readonly List<(string Operation, string Thing, AcceptedEvent Accepted)> _events = [];
    private LocalEngine _engine = null!;
    private StoreView _view = null!;
    private Dice _dice = new(0);
    private int _things;

    private Schedule(SmallWorkspace workspace)
    {
        _workspace = workspace;
        _target = new StagedTarget(_clock, () => _dice);
    }

    public static async Task<Schedule> OpenAsync(SmallWorkspace workspace)
    {
        var schedule = new Schedule(workspace);
        await schedule.StartAsync();
        return schedule;
    }

    /// <summary>Plays one schedule, and lets everything run to its end.</summary>
    /// <param name="seed">Draws it.</param>
    /// <param name="stops">After so many stops nothing crashes any more.</param>
    /// <param name="mostStops">Behind these something goes round for ever.</param>
    /// <param name="tally">Takes the crashes.</param>
    public async Task PlayAsync(long seed, int stops, int mostStops, Tally tally)
    {
        (_dice, _things) = (new Dice(seed), _things + 1);
        _events.Clear();
        _target.Clear();
        await AcceptAsync(tally);
        for (int i = 0; i < stops; i++)
        {
            await MoveAsync(seed, tally);
        }
        for (int i = 0; !await IsOverAsync(); i++)
        {
            if (i > mostStops)
            {
                throw new InvalidOperationException($"{mostStops} stops were not enough: something goes round for ever.");
            }
        }
    }

    /// <summary>Holds the invariants against what is in the store and what the target saw.</summary>
    public void Judge(long seed, Tally tally)
    {
        tally.Demand(_view.Number(OpenAttemptsSql) == 0, seed, "I4: an effect has two attempts under way.");
        tally.Demand(_view.Number("SELECT COUNT(*) FROM effect WHERE state IN ('sending', 'unknown', 'planned') AND id IN (SELECT e.id FROM effect e JOIN run r ON r.event_seq = e.event_seq WHERE r.state IN ('succeeded', 'needs_review'))") == 0, seed, "I3: an effect of an ended run is undecided.");
        foreach ((string operation, string thing, AcceptedEvent accepted) in _events)
        {
            var runs = _view.List($"SELECT r.state, r.code, e.state FROM event e JOIN run r ON r.event_seq = e.seq WHERE e.id = '{accepted.Id}'", r => (Run: r.GetString(0), Code: r.IsDBNull(1) ? "" : r.GetString(1), Event: r.GetString(2)));
            if (runs is not [var run])
            {
                tally.Lost(seed, $"I1: event {accepted.Id} has {runs.Count} runs.");
                continue;
            }
            StagedTarget.Ledger seen = _target.Of(thing);
            string what = $"{operation} of {thing}: run {run.Run} {run.Code}, event {run.Event}, processed {seen.Received}, done {seen.Done}";
            bool isOpen = run.Run == "needs_review";
            tally.Demand(run.Run is "succeeded" or "needs_review" or "dead" && run.Event == (isOpen ? "open" : "closed"), seed, $"I2: no end state: {what}");
            tally.Demand(seen.Bytes.Count <= 1, seed, $"I5: different bytes: {what}: {string.Join(" | ", seen.Bytes)}");
            tally.Demand(run.Run != "succeeded" || seen.Done == 1, seed, $"Succeeded without being done once: {what}");
            if (operation == "unsafe" && seen.Received > 1)
            {
                tally.UnsafeResend(seed, what);
            }
            else if (seen.Done > 1)
            {
                tally.Duplicate(operation, seed, what);
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        _view.Dispose();
        await _engine.DisposeAsync();
    }

    private async Task StartAsync()
    {
        _engine = await SmallEngine.OpenAsync(_workspace, _key, _clock, services =>
        {
            var store = (IStore)services.Last(s => s.ServiceType == typeof(IStore)).ImplementationInstance!;
            services.AddSingleton(StagedStore.Around(store)).AddSingleton<IHttpPath>(_target);
        });
        _view = new StoreView(Path.Combine(_workspace.Options.Data, "aria.db"));
    }

    private async Task MoveAsync(long seed, Tally tally)
    {
        switch (_dice.Below(100))
        {
            case < 8 when _stage.Waiting < 3:
                await _stage.BeginAsync(WorkAsync, _dice);
                break;
            case < 18:
                _clock.Pass(_dice.Of(Passing));
                break;
            case < 21 when _stage.Waiting > 0:
                _stage.Crash(_dice);
                tally.Fault();
                break;
            case < 23 when _events.Count < 4:
                await AcceptAsync(tally);
                break;
            case 99 when _dice.Percent(20):
                await DieAsync();
                tally.Fault();
                break;
            default:
                await StepAsync();
                break;
        }
        if (_dice.Percent(25))
        {
            tally.Demand(_view.Number(OrderSql) == 0, seed, "I6: a run is leased before an earlier one of its subject.");
        }
    }

    private async Task StepAsync()
    {
        if (_stage.Waiting == 0)
        {
            await _stage.BeginAsync(WorkAsync, _dice);
            return;
        }
        await _stage.StepAsync(_dice);
    }

    private async Task<bool> IsOverAsync()
    {
        // Time passes while somebody stands at a stop, too.
        if (_stage.Waiting > 0 && (_stage.Waiting > 2 || _dice.Percent(85)))
        {
            await _stage.StepAsync(_dice);
            return false;
        }
        if (await _engine.Store.NextDueAsync(default) is not { } next)
        {
            return _stage.Waiting == 0;
        }
        TimeSpan until = next - _clock.GetUtcNow();
        _clock.Pass(until > TimeSpan.Zero ? until + TimeSpan.FromMilliseconds(1) : TimeSpan.Zero);
        await _stage.BeginAsync(WorkAsync, _dice);
        return false;
    }

    private async Task AcceptAsync(Tally tally)
    {
        string operation = _dice.Of(SmallWorkspace.Operations);
        // Two subjects, so that some wait for each other and some do not; the thing counts the event.
        string thing = string.Create(CultureInfo.InvariantCulture, $"s{_things}-{_events.Count}");
        _events.Add((operation, thing, await _engine.AcceptAsync(operation, thing, subject: string.Create(CultureInfo.InvariantCulture, $"s{_things}-{_dice.Below(2)}"))));
        tally.Acknowledged();
    }

    /// <summary>The process dies and is started again on the same data.</summary>
    private async Task DieAsync()
    {
        _stage.CrashAll();
        await DisposeAsync();
        await StartAsync();
    }

    private async Task WorkAsync()
    {
        IReadOnlyList<RunLease> leases = await _engine.Store.LeaseRunsAsync("worker", _clock.GetUtcNow(), LeaseTime, 2, [], default);
        foreach (RunLease lease in leases)
        {
            await _engine.Executor.ExecuteAsync(lease, default, default);
        }
    }
}
