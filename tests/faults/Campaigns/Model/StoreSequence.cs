using System.Globalization;
using System.Text;
using Aria.Pipelines.Faults.InProcess;
using Aria.Pipelines.Store;

namespace Aria.Pipelines.Faults.Campaigns.Model;

/// <summary>Asks a store and the model the same questions, and compares the answers. What it leaves behind in the store is at rest.</summary>
internal sealed class StoreSequence(IStore store, TurnedClock clock, string name)
{
    private const string Connection = "remote";
    private const string Held = "m";
    private static readonly BudgetLimit Plenty = new(1_000_000, TimeSpan.FromSeconds(1));
    private static readonly TimeSpan LeaseTime = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan[] Passing = [TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(20), TimeSpan.FromSeconds(20), TimeSpan.FromSeconds(61), TimeSpan.FromSeconds(61), TimeSpan.FromMinutes(5), TimeSpan.FromDays(31)];
    private static readonly StepState[] StepStates = Enum.GetValues<StepState>();
    private static readonly EffectClass[] Classes = Enum.GetValues<EffectClass>();
    private static readonly EffectState[] Ends = [EffectState.Planned, EffectState.Confirmed, EffectState.Rejected, EffectState.Unknown, EffectState.Unknown, EffectState.NeedsReview];
    private static readonly RunState[] Releases = [RunState.Ready, RunState.Ready, RunState.Ready, RunState.NeedsReview, RunState.Succeeded, RunState.Skipped, RunState.Dead, RunState.Cancelled];
    private readonly StoreModel _model = new();
    private readonly Dictionary<string, ModelRun> _byId = [];
    private readonly Dictionary<ModelRun, string> _ids = [];
    private readonly Dictionary<ModelEffect, string> _effectIds = [];
    private readonly Dictionary<string, ModelEvent> _events = [];
    private readonly List<RunLease> _leases = [];

    private long Now => clock.GetUtcNow().ToUnixTimeMilliseconds();

    /// <summary>Asks everything, then lets all runs end.</summary>
    /// <returns>The first difference; null when there is none.</returns>
    public async Task<string?> PlayAsync(IReadOnlyList<StoreOperation> operations)
    {
        foreach (StoreOperation operation in operations)
        {
            if (await DifferenceAsync(operation) is { } difference)
            {
                return difference;
            }
        }
        return await RestAsync() ?? await RecordsAsync();
    }

    private async Task<string?> DifferenceAsync(StoreOperation operation)
    {
        RunLease? lease = _leases.Count == 0 ? null : _leases[^(1 + (operation.A % Math.Min(_leases.Count, 8)))];
        if (lease is null && operation.Word is not (StoreWord.Accept or StoreWord.Lease or StoreWord.Pass or StoreWord.NextDue))
        {
            return null;
        }
        ModelRun? run = lease is null ? null : _byId[lease.RunId];
        bool isLost = run is not null && (run.State != RunState.Leased || run.Fence != lease!.Fence);
        (string expected, string found) = operation.Word switch
        {
            StoreWord.Accept => await AcceptAsync(operation),
            StoreWord.Lease => await LeaseAsync((operation.A % 3) + 1),
            StoreWord.Pass => Pass(Passing[operation.A % Passing.Length]),
            StoreWord.NextDue => (Text(_model.NextDue(Now)), Text((await store.NextDueAsync(default))?.ToUnixTimeMilliseconds())),
            _ => await OfRunAsync(operation, lease!, run!, isLost),
        };
        return expected == found ? null : $"{operation}: expected '{expected}', the store said '{found}'";
    }

    private async Task<(string Expected, string Found)> OfRunAsync(StoreOperation o, RunLease lease, ModelRun run, bool isLost)
    {
        ModelEffect? effect = _model.EffectsOf(run) is { Count: > 0 } effects ? effects[o.B % effects.Count] : null;
        if (o.Word is StoreWord.Begin or StoreWord.End && effect is null)
        {
            return ("", "");
        }
        string found = await SaidAsync(() => AskAsync(o, lease, run, effect));
        return (isLost ? "lost" : Expect(o, run, effect), found);
    }

    private async Task<string> AskAsync(StoreOperation o, RunLease lease, ModelRun run, ModelEffect? effect)
    {
        switch (o.Word)
        {
            case StoreWord.SaveStep:
                await store.SaveStepAsync(lease, new StepRecord(Path(o), 0, StepStates[o.C % StepStates.Length], "{}"u8.ToArray(), null, clock.GetUtcNow()), default);
                return "";
            case StoreWord.Plan:
                EffectRecord planned = await store.PlanEffectAsync(lease, Effect(Path(o), Classes[o.C % Classes.Length]), default);
                _byPlan = planned.Id;
                return Text(planned);
            case StoreWord.Start:
                EffectStart start = await store.StartEffectAsync(
                    lease, Effect(Path(o), Classes[o.C % Classes.Length]), new Permit(name, Plenty, clock.GetUtcNow()), [new StepRecord(Held, 0, StepState.Succeeded, "{}"u8.ToArray(), null, clock.GetUtcNow())], default);
                _byPlan = start.Effect.Id;
                return Text(start.Effect.Path, start.Effect.Class, start.Attempt);
            case StoreWord.Begin:
                return Text(await store.BeginAttemptAsync(lease, _effectIds[effect!], o.C % 3 == 0 ? "lookup" : "send", clock.GetUtcNow(), default));
            case StoreWord.End:
                EffectState state = Ends[o.C % Ends.Length];
                StepRecord? step = state == EffectState.Confirmed ? new StepRecord(effect!.Path, 0, StepState.Succeeded, "{}"u8.ToArray(), null, clock.GetUtcNow()) : null;
                await store.EndAttemptAsync(lease, new AttemptResult(_effectIds[effect!], effect!.Tries.Count, state, Outcome(o), 200, TimeSpan.Zero, null, null, null, null, clock.GetUtcNow()), step, default);
                return "";
            case StoreWord.Park:
                var wait = new WaitPlan(FormattableString.Invariant($"w{run.Waits.Count}"), 0, [(Connection, StoreModel.Answer)], [KeyValuePair.Create("i", Interview(o.B))], clock.GetUtcNow() + TimeSpan.FromSeconds(o.C * 10));
                return (await store.ParkAsync(lease, wait, default)) is { } matched ? Text(_events[matched.Event.Id].Number) : "waits";
            case StoreWord.Release:
                await store.ReleaseAsync(lease, new RunTransition(Releases[o.B % Releases.Length], o.C == 0 ? null : clock.GetUtcNow() + TimeSpan.FromSeconds(o.C * 5), Text(o.C), null, clock.GetUtcNow(), o.C % 2 == 0), default);
                return "";
            case StoreWord.Claim:
                return Text(await store.ClaimOnceAsync(lease, name, Text(o.B % 2), clock.GetUtcNow(), clock.GetUtcNow() + TimeSpan.FromSeconds(o.C * 30), default) is null);
            default:
                return Text(await store.ReadRunAsync(lease, default));
        }
    }

    private string? _byPlan;

    private string Expect(StoreOperation o, ModelRun run, ModelEffect? effect)
    {
        switch (o.Word)
        {
            case StoreWord.SaveStep:
                StoreModel.SaveStep(run, Path(o), StepStates[o.C % StepStates.Length]);
                return "";
            case StoreWord.Plan:
                ModelEffect planned = _model.Plan(run, Path(o), Classes[o.C % Classes.Length]);
                _effectIds.TryAdd(planned, _byPlan ?? "");
                return Text(planned);
            case StoreWord.Start:
                StoreModel.SaveStep(run, Held, StepState.Succeeded);
                ModelEffect started = _model.Plan(run, Path(o), Classes[o.C % Classes.Length]);
                _effectIds.TryAdd(started, _byPlan ?? "");
                return Text(started.Path, started.Class, started.State == EffectState.Planned ? StoreModel.Begin(started, isLookup: false) : null);
            case StoreWord.Begin:
                return StoreModel.Begin(effect!, o.C % 3 == 0) is { } number ? Text(number) : "refused";
            case StoreWord.End:
                EffectState state = Ends[o.C % Ends.Length];
                return StoreModel.End(run, effect!, effect!.Tries.Count, state, Outcome(o), state == EffectState.Confirmed ? effect.Path : null) ? "" : "refused";
            case StoreWord.Park:
                return _model.Park(run, FormattableString.Invariant($"w{run.Waits.Count}"), Interview(o.B), Now + (o.C * 10_000)) is { } matched ? Text(matched.Number) : "waits";
            case StoreWord.Release:
                RunState to = Releases[o.B % Releases.Length];
                _model.Release(run, to, to != RunState.Ready || o.C == 0 ? 0 : Now + (o.C * 5000), Text(o.C), o.C % 2 == 0);
                return "";
            case StoreWord.Claim:
                return Text(_model.Claim(run, Text(o.B % 2), Now, Now + (o.C * 30_000)));
            default:
                return Text(run);
        }
    }

    private async Task<(string Expected, string Found)> AcceptAsync(StoreOperation o)
    {
        string key = FormattableString.Invariant($"{name}-{o.B % 5}");
        string subject = (o.A % 3) switch { 0 => "", 1 => $"{name}-a", _ => $"{name}-b" };
        string type = o.C % 2 == 0 ? StoreModel.Start : StoreModel.Answer;
        string? interview = type == StoreModel.Answer ? Interview(o.A) : null;
        IReadOnlyList<string> pipelines = (o.C % 8) switch { 0 or 2 or 3 => ["p"], 4 or 6 => ["p", "q"], _ => [] };
        var e = new IncomingEvent(
            type, subject, Encoding.UTF8.GetBytes(key), "{}"u8.ToArray(), interview is null ? [] : [KeyValuePair.Create("i", interview)], [.. pipelines.Select(p => new RunPlan(p, "h"))], null);
        AcceptedEvent accepted = (await store.AcceptAsync(new Acceptance(Connection, "webhook", clock.GetUtcNow(), "{}"u8.ToArray(), [e]), default))[0];
        (ModelEvent expected, bool isDuplicate) = _model.Accept(key, subject, type, interview, pipelines, Now);
        if (!accepted.IsDuplicate && !isDuplicate)
        {
            _events[accepted.Id] = expected;
            foreach ((ModelRun run, string id) in _model.Runs.Where(r => r.Event == expected).Zip(accepted.RunIds))
            {
                (_byId[id], _ids[run]) = (run, id);
            }
        }
        int runs = isDuplicate ? 0 : pipelines.Count;
        return ($"{expected.Number} {isDuplicate} {expected.State} {runs}", $"{_events.GetValueOrDefault(accepted.Id)?.Number} {accepted.IsDuplicate} {accepted.State} {accepted.RunIds.Count}");
    }

    private async Task<(string Expected, string Found)> LeaseAsync(int max)
    {
        IReadOnlyList<RunLease> leases = await store.LeaseRunsAsync("worker", clock.GetUtcNow(), LeaseTime, max, [], default);
        IReadOnlyList<ModelRun> expected = _model.Lease(Now, (long)LeaseTime.TotalMilliseconds, max);
        _leases.AddRange(leases.Where(l => _byId.ContainsKey(l.RunId)));
        return (
            string.Join(' ', expected.Select(r => $"{r.Event.Number}{r.Pipeline}#{r.Fence}")),
            string.Join(' ', leases.Select(l => _byId.TryGetValue(l.RunId, out ModelRun? r) ? $"{r.Event.Number}{r.Pipeline}#{l.Fence}" : "a run of somebody else")));
    }

    private (string Expected, string Found) Pass(TimeSpan time)
    {
        clock.Pass(time);
        return ("", "");
    }

    /// <summary>Ends all runs, so that the next sequence finds a store at rest.</summary>
    private async Task<string?> RestAsync()
    {
        while (_model.NextDue(Now) is { } next)
        {
            clock.Pass(TimeSpan.FromMilliseconds(Math.Max(0, next - Now)));
            int before = _leases.Count;
            if (await DifferenceAsync(new StoreOperation(StoreWord.Lease, 2, 0, 0)) is { } difference)
            {
                return difference;
            }
            for (int i = 0; i < Math.Min(8, _leases.Count - before); i++)
            {
                // 4 is succeeded.
                if (await DifferenceAsync(new StoreOperation(StoreWord.Release, i, 4, 0)) is { } other)
                {
                    return other;
                }
            }
        }
        return null;
    }

    private async Task<string?> RecordsAsync()
    {
        foreach ((ModelRun run, string id) in _ids)
        {
            RunDetail detail = (await store.FindRunAsync(id, default))!;
            string expected = $"{run.State} {run.Code} {Text(run)} {string.Join(',', _model.EffectsOf(run).OrderBy(e => e.Path).SelectMany(e => e.Tries.Select((t, i) => $"{e.Path}{i + 1}{t.Phase}:{t.Outcome}")))}";
            string attempts = string.Join(',', detail.Attempts.OrderBy(a => detail.Effects.First(e => e.Id == a.EffectId).Path).ThenBy(a => a.Number).Select(a => $"{detail.Effects.First(e => e.Id == a.EffectId).Path}{a.Number}{a.Phase}:{a.Outcome}"));
            string found = $"{detail.Run.State} {detail.Run.Code} {Text(run, detail)} {attempts}";
            if (expected != found)
            {
                return $"at rest: expected '{expected}', the store says '{found}'";
            }
        }
        return null;
    }

    private static async Task<string> SaidAsync(Func<Task<string>> ask)
    {
        try
        {
            return await ask();
        }
        catch (LeaseLostException)
        {
            return "lost";
        }
        catch (InvalidOperationException)
        {
            return "refused";
        }
    }

    private static string Text(string path, EffectClass effectClass, int? attempt) => string.Create(CultureInfo.InvariantCulture, $"{path}:{effectClass} begun {attempt}");

    private string Text(ModelRun run) => string.Create(CultureInfo.InvariantCulture, $"{run.Attempts}/{run.Crashes} {Steps(run)} {Effects(run)} {Waits(run)}");

    private string Text(RunSnapshot s) => string.Create(
        CultureInfo.InvariantCulture,
        $"{s.Attempts}/{s.Crashes} {Steps(s.Steps)} {Effects(s.Effects)} {string.Join(',', s.Waits.OrderBy(w => w.Path, StringComparer.Ordinal).Select(w => $"{w.Path}:{w.State}:{(w.Event is { } m ? _events[m.Event.Id].Number : null)}"))}");

    /// <summary>A run at rest has counts and waits that only its snapshot shows; they are taken as expected here.</summary>
    private static string Text(ModelRun run, RunDetail d) => string.Create(CultureInfo.InvariantCulture, $"{run.Attempts}/{run.Crashes} {Steps(d.Steps)} {Effects(d.Effects)} {Waits(run)}");

    private static string Steps(ModelRun run) => string.Join(',', run.Steps.Select(s => $"{s.Key}:{s.Value}"));

    private static string Steps(IEnumerable<StepRecord> steps) => string.Join(',', steps.OrderBy(s => s.Path, StringComparer.Ordinal).Select(s => $"{s.Path}:{s.State}"));

    private string Effects(ModelRun run) => string.Join(',', _model.EffectsOf(run).OrderBy(e => e.Path, StringComparer.Ordinal).Select(Text));

    private static string Effects(IEnumerable<EffectRecord> effects) => string.Join(',', effects.OrderBy(e => e.Path, StringComparer.Ordinal).Select(Text));

    private static string Waits(ModelRun run) => string.Join(',', run.Waits.OrderBy(w => w.Path, StringComparer.Ordinal).Select(w => $"{w.Path}:{w.State}:{w.Event?.Number}"));

    private static string Text(ModelEffect e) => string.Create(CultureInfo.InvariantCulture, $"{e.Path}:{e.Class}:{e.State}:{e.Attempts}:{e.Lookups}");

    private static string Text(EffectRecord e) => string.Create(CultureInfo.InvariantCulture, $"{e.Path}:{e.Class}:{e.State}:{e.Attempts}:{e.Lookups}");

    private static string Text(IFormattable? value) => value?.ToString(null, CultureInfo.InvariantCulture) ?? "nothing";

    private static string Text(bool value) => value ? "yes" : "no";

    private EffectPlan Effect(string path, EffectClass effectClass) =>
        new(path, 0, effectClass, Connection, "do", "{}"u8.ToArray(), "{}"u8.ToArray(), "key", clock.GetUtcNow());

    private static string Path(StoreOperation o) => o.B % 2 == 0 ? "one" : "two";

    private string Interview(int number) => FormattableString.Invariant($"{name}-i{number % 2}");

    private static string Outcome(StoreOperation o) => o.C % 5 == 0 ? "rate_limited" : "answered";
}
