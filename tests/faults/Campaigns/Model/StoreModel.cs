using Aria.Pipelines.Store;

namespace Aria.Pipelines.Faults.Campaigns.Model;

/// <summary>
/// What a store must do, in the fewest words: lists, and no thought of disks, indexes, turns or commits. Every method does what the method of
/// <see cref="IStore"/> with its name does, and returns what a caller can see of it.
/// </summary>
internal sealed class StoreModel
{
    public const string Start = "start";
    public const string Answer = "answer";
    private const long DedupeWindow = 30L * 24 * 3600 * 1000;
    private readonly Dictionary<(ModelEvent, string), List<ModelEffect>> _effects = [];
    private readonly Dictionary<string, (ModelEvent Event, string Pipeline, long Until)> _claims = [];

    public List<ModelEvent> Events { get; } = [];

    public List<ModelRun> Runs { get; } = [];

    public (ModelEvent Event, bool IsDuplicate) Accept(string key, string subject, string type, string? interview, IReadOnlyList<string> pipelines, long now)
    {
        if (Events.Find(e => e.Key == key && e.HoldsKey) is { } first)
        {
            if (first.Received >= now - DedupeWindow)
            {
                return (first, true);
            }
            first.HoldsKey = false;
        }
        string order = subject.Length > 0 ? subject : FormattableString.Invariant($"#{Events.Count}");
        var e = new ModelEvent { Number = Events.Count, Key = key, OrderKey = order, Type = type, Interview = interview, Received = now };
        Events.Add(e);
        Runs.AddRange(pipelines.Select(p => new ModelRun { Event = e, Pipeline = p }));
        var taken = Runs.SelectMany(r => r.Waits.Where(w => w.State == WaitState.Open && w.Interview == interview && type == Answer).Select(w => (r, w))).ToList();
        taken.ForEach(t => End(t.r, t.w, WaitState.Matched, e));
        e.State = pipelines.Count > 0 ? EventStates.Open : taken.Count > 0 ? EventStates.Closed : EventStates.Unmatched;
        return (e, false);
    }

    private const int LastTry = 2;

    public IReadOnlyList<ModelRun> Lease(long now, long duration, int max)
    {
        foreach (ModelRun run in Runs)
        {
            run.Waits.FindAll(w => w.State == WaitState.Open && w.Due <= now).ForEach(w => End(run, w, WaitState.TimedOut, null));
        }
        foreach (ModelRun run in Runs.Where(r => r.State == RunState.Leased && r.Until <= now))
        {
            (run.State, run.Due, run.Crashes) = (RunState.Ready, 0, run.Crashes + 1);
            foreach (ModelEffect effect in EffectsOf(run))
            {
                effect.Tries.FindAll(t => t.Outcome is null).ForEach(t => effect.Tries[effect.Tries.IndexOf(t)] = (t.Phase, "unknown"));
                effect.State = effect.State == EffectState.Sending ? EffectState.Unknown : effect.State;
            }
        }
        List<ModelRun> ready = [.. Holders().Where(r => r.State == RunState.Ready && r.Due <= now).OrderBy(r => r.Event.Number)];
        // Of the runs that were under way when the host ended, one at a time, and before the others.
        List<ModelRun> due = Runs.Exists(r => r.State == RunState.Leased && r.Crashes > 0) ? [] : [.. ready.Where(r => r.Crashes > 0).Take(1)];
        due.AddRange(ready.Where(r => r.Crashes == 0).Take(max - due.Count));
        // One that two ends of the host have met is executed with nothing beside it.
        if (ready.Find(r => r.Crashes >= LastTry) is { } last)
        {
            due = [last];
        }
        if (MustWait(now))
        {
            due = [];
        }
        // A due time that was reached stays reached, even when the clock is set back.
        foreach (ModelRun run in Holders().Where(r => r.State == RunState.Ready && r.Due <= now))
        {
            run.Due = 0;
        }
        due.ForEach(r => (r.State, r.Until, r.Fence, r.Code) = (RunState.Leased, now + duration, r.Fence + 1, null));
        return due;
    }

    public long? NextDue(long now)
    {
        bool blocked = Runs.Exists(r => r.State == RunState.Leased && r.Crashes > 0);
        bool mustWait = MustWait(0);
        var times = Holders().Where(r => r.State == RunState.Ready && !(mustWait && r.Due == 0) && !(blocked && r.Crashes > 0 && r.Due == 0)).Select(r => r.Due)
            .Concat(Runs.SelectMany(r => r.Waits).Where(w => w.State == WaitState.Open).Select(w => w.Due))
            .Concat(Runs.Where(r => r.State == RunState.Leased).Select(r => r.Until)).ToList();
        return times.Count == 0 ? null : times.Min() == 0 ? now : times.Min();
    }

    private bool MustWait(long now) =>
        Runs.Exists(r => r.State == RunState.Leased && r.Crashes >= LastTry)
        || (Holders().Any(r => r.State == RunState.Ready && r.Due <= now && r.Crashes >= LastTry) && Runs.Exists(r => r.State == RunState.Leased));

    public List<ModelEffect> EffectsOf(ModelRun run) => _effects.TryGetValue((run.Event, run.Pipeline), out List<ModelEffect>? list) ? list : _effects[(run.Event, run.Pipeline)] = [];

    public static void SaveStep(ModelRun run, string path, StepState state)
    {
        run.Steps[path] = state;
        if (state != StepState.Started)
        {
            (run.Attempts, run.Crashes) = (0, 0);
        }
    }

    public ModelEffect Plan(ModelRun run, string path, EffectClass effectClass)
    {
        List<ModelEffect> effects = EffectsOf(run);
        ModelEffect effect = effects.Find(e => e.Path == path) ?? new ModelEffect { Path = path, Class = effectClass };
        if (!effects.Contains(effect))
        {
            effects.Add(effect);
        }
        return effect;
    }

    /// <returns>The attempt's number; null when it may not begin.</returns>
    public static int? Begin(ModelEffect effect, bool isLookup)
    {
        if (effect.Tries.Exists(t => t.Outcome is null) || (effect.State != EffectState.Unknown && (isLookup || effect.State != EffectState.Planned)))
        {
            return null;
        }
        effect.State = isLookup ? effect.State : EffectState.Sending;
        effect.Attempts += isLookup ? 0 : 1;
        effect.Lookups += isLookup ? 1 : 0;
        effect.Tries.Add((isLookup ? "lookup" : "send", null));
        return effect.Tries.Count;
    }

    /// <returns>False when no such attempt is under way.</returns>
    public static bool End(ModelRun run, ModelEffect effect, int number, EffectState state, string outcome, string? step)
    {
        if (number < 1 || effect.Tries[number - 1].Outcome is not null)
        {
            return false;
        }
        string phase = effect.Tries[number - 1].Phase;
        effect.Tries[number - 1] = (phase, outcome);
        effect.Lookups -= phase == "lookup" && (state != EffectState.Unknown || outcome == "rate_limited") ? 1 : 0;
        effect.State = state;
        if (step is not null)
        {
            SaveStep(run, step, StepState.Succeeded);
        }
        return true;
    }

    /// <returns>The event that was there before; null when the run waits.</returns>
    public ModelEvent? Park(ModelRun run, string path, string interview, long due)
    {
        ModelEvent? earlier = Events.Find(e => e.Number > run.Event.Number && e.Type == Answer && e.Interview == interview);
        run.Waits.Add(new ModelWait { Path = path, Interview = interview, Due = due, State = earlier is null ? WaitState.Open : WaitState.Matched, Event = earlier });
        if (earlier is null)
        {
            run.State = RunState.Waiting;
        }
        else if (earlier.State == EventStates.Unmatched)
        {
            earlier.State = EventStates.Closed;
        }
        return earlier;
    }

    public void Release(ModelRun run, RunState state, long due, string? code, bool counts)
    {
        (run.State, run.Due, run.Code, run.Attempts) = (state, due, code, run.Attempts + (counts ? 1 : 0));
        if (run.Event.State == EventStates.Open && !Runs.Exists(r => r.Event == run.Event && r.IsOpen))
        {
            run.Event.State = EventStates.Closed;
        }
    }

    public bool Claim(ModelRun run, string key, long now, long until)
    {
        if (!_claims.TryGetValue(key, out var held) || held.Until <= now)
        {
            _claims[key] = (run.Event, run.Pipeline, until);
            return true;
        }
        return held.Event == run.Event && held.Pipeline == run.Pipeline;
    }

    /// <summary>Of each subject the run that is leased, or else the first that is ready.</summary>
    private IEnumerable<ModelRun> Holders() => Runs.GroupBy(r => r.Event.OrderKey).Select(subject =>
        subject.FirstOrDefault(r => r.State == RunState.Leased) ?? subject.OrderBy(r => r.Event.Number).FirstOrDefault(r => r.State == RunState.Ready)).OfType<ModelRun>();

    private static void End(ModelRun run, ModelWait wait, WaitState state, ModelEvent? e)
    {
        (wait.State, wait.Event) = (state, e);
        if (run.State == RunState.Waiting)
        {
            (run.State, run.Due) = (RunState.Ready, 0);
        }
    }
}
