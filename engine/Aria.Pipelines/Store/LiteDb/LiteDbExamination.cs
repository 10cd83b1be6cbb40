using LiteDB;

namespace Aria.Pipelines.Store.LiteDb;

/// <summary>One look at every record, asking the invariants I1 to I8.</summary>
internal sealed class LiteDbExamination(LiteDbSession session)
{
    private static readonly string[] Ids = ["I1", "I2", "I3", "I4", "I5", "I6", "I7", "I8"];
    private static readonly string[] EventStateNames = [EventStates.Open, EventStates.Closed, EventStates.Unmatched, EventStates.Quarantined];

    private static readonly HashSet<string> RunStateNames = [.. Enum.GetValues<RunState>().Select(StateNames.Of)];

    private readonly Dictionary<string, List<string>> violations = Ids.ToDictionary(id => id, _ => new List<string>());
    private readonly Dictionary<long, BsonDocument> events = [];
    private readonly Dictionary<string, long> found = new(StringComparer.Ordinal);

    public IReadOnlyList<InvariantFinding> Findings()
    {
        session.Scan(Records.Event, e => events[e.Number("_id")] = e);
        ExamineDeliveries();
        ExamineRuns();
        session.Scan(Records.Effect, ExamineEffect);
        ExamineKeys();
        ExamineTally();
        return
        [
            .. Ids.Select(id => new InvariantFinding(
                id, InvariantFinding.PromiseOf(id), violations[id].Take(InvariantFinding.MaxNamed).ToList(), violations[id].Count)),
        ];
    }

    private void ExamineDeliveries()
    {
        Dictionary<string, int> stored = events.Values.CountBy(e => e.Text("delivery")).ToDictionary();
        session.Scan(Records.Delivery, delivery =>
        {
            int recorded = stored.GetValueOrDefault(delivery.Text("_id"));
            if (recorded != delivery.Number("events"))
            {
                Add("I1", $"delivery {delivery.Text("_id")}: {delivery.Number("events")} events were accepted and {recorded} are recorded");
            }
        });
        HashSet<long> contents = session.Numbers(Records.Content);
        foreach (BsonDocument e in events.Values.Where(e => !contents.Contains(e.Number("_id"))))
        {
            Add("I1", $"event {e.Text("id")}: its content is missing");
        }
    }

    private void ExamineRuns()
    {
        HashSet<long> eventsWithOpenRuns = [];
        List<BsonDocument> underWay = [];
        HashSet<string> definitions = new(StringComparer.Ordinal);
        session.Scan(Records.Definition, definition => definitions.Add(definition.Text("_id")));
        session.Scan(Records.Run, run =>
        {
            string id = run.Text("id");
            Count(Records.Run, run);
            if (!RunStateNames.Contains(run.Text("state")))
            {
                Add("I2", $"run {id}: state '{run.Text("state")}' is unknown");
                return;
            }
            if (!events.TryGetValue(run.Number("event"), out BsonDocument? e))
            {
                Add("I1", $"run {id}: its event is missing");
            }
            else if (LiteDbRuns.IsOpen(run))
            {
                eventsWithOpenRuns.Add(run.Number("event"));
                Require(e.Text("state") == EventStates.Open, "I2", $"event {e.Text("id")}: {e.Text("state")}, but run {id} is {run.Text("state")}");
            }
            if (run.State<RunState>() is RunState.Leased or RunState.Ready)
            {
                underWay.Add(run);
            }
            Require(definitions.Contains(run.Text("hash")), "I7", $"run {id}: definition {run.Text("hash")} of pipeline '{run.Text("pipeline")}' is missing");
        });
        ExamineTurns(underWay);
        foreach (BsonDocument e in events.Values)
        {
            Count(Records.Event, e);
            Require(EventStateNames.Contains(e.Text("state")), "I2", $"event {e.Text("id")}: state '{e.Text("state")}' is unknown");
            Require(
                e.Text("state") != EventStates.Open || eventsWithOpenRuns.Contains(e.Number("_id")), "I2", $"event {e.Text("id")}: open, but none of its runs is");
        }
    }

    /// <summary>
    /// Of each subject one run has the turn: the leased one, or else the first by event and creation. Who has it is kept beside the records, and
    /// has to be what they say.
    /// </summary>
    private void ExamineTurns(List<BsonDocument> underWay)
    {
        HashSet<long> holders = [.. session.Live.Turns.Holders];
        foreach (IGrouping<string, BsonDocument> subject in underWay.GroupBy(run => Convert.ToHexString(run.Bytes("order"))))
        {
            BsonDocument[] inOrder = [.. subject.OrderBy(run => run.Number("event")).ThenBy(run => run.Number("_id"))];
            BsonDocument[] leased = [.. inOrder.Where(run => run.State<RunState>() == RunState.Leased)];
            if (leased.Length > 1)
            {
                Add("I6", $"runs {string.Join(", ", leased.Select(run => run.Text("id")))}: leased together for one subject");
                continue;
            }
            BsonDocument first = leased.Length == 1 ? leased[0] : inOrder[0];
            Require(holders.Contains(first.Number("_id")), "I6", $"run {first.Text("id")}: {first.Text("state")}, but it does not have the turn of its subject");
            foreach (BsonDocument other in inOrder.Where(run => run != first && holders.Contains(run.Number("_id"))))
            {
                Add("I6", $"run {other.Text("id")}: has the turn before run {first.Text("id")} of its subject");
            }
        }
        HashSet<long> known = [.. underWay.Select(run => run.Number("_id"))];
        foreach (long run in holders.Where(run => !known.Contains(run)))
        {
            Add("I6", $"run number {run}: has a turn, and is neither ready nor leased");
        }
    }

    private void ExamineEffect(BsonDocument effect)
    {
        string name = $"effect {effect.Text("_id")}";
        Count(Records.Effect, effect);
        Require(events.ContainsKey(effect.Number("event")), "I1", $"{name}: its event is missing");
        BsonDocument[] attempts = [.. effect["attempts"].AsArray.Select(a => a.AsDocument)];
        BsonDocument[] open = [.. attempts.Where(LiteDbEffects.IsOpen)];
        EffectState state = effect.State<EffectState>();
        Require(open.Length <= 1, "I4", $"{name}: {open.Length} attempts are under way");
        Require(state != EffectState.Sending || open.Length > 0, "I4", $"{name}: sending without an attempt under way");
        foreach (BsonDocument attempt in open.Where(a => a.Text("phase") != EffectRules.LookupPhase && state != EffectState.Sending))
        {
            Add("I4", $"{name}: {effect.Text("state")} while attempt {attempt.Number("n")} is under way");
        }
        int requests = attempts.Select(a => a.BytesOrNull("request")).OfType<byte[]>().Select(Convert.ToHexString).Distinct().Count();
        Require(requests <= 1, "I5", $"{name}: {requests} different requests were sent");
        if (effect.State<EffectClass>("class") == EffectClass.Unsafe)
        {
            ExamineUnsafe(name, effect, attempts);
        }
    }

    private void ExamineUnsafe(string name, BsonDocument effect, BsonDocument[] attempts)
    {
        BsonDocument[] sent = [.. attempts.Where(a => a.Text("phase") == "send").OrderBy(a => a.Number("n"))];
        foreach (BsonDocument first in sent.Where(a => a.TextOrNull("outcome") == "unknown"))
        {
            foreach (BsonDocument second in sent.Where(a => a.Number("n") > first.Number("n")))
            {
                Add("I3", $"{name}: sent again (attempt {second.Number("n")}) after attempt {first.Number("n")} ended unknown");
            }
        }
        bool isDecided = effect.State<EffectState>() is EffectState.Planned or EffectState.Confirmed or EffectState.Rejected or EffectState.Superseded;
        bool wasUnknown = sent.LastOrDefault()?.TextOrNull("outcome") == "unknown";
        Require(
            !isDecided || !wasUnknown || attempts.Any(a => a.Text("phase") == OperatorRules.DecisionPhase),
            "I3",
            $"{name}: {effect.Text("state")} after an unknown outcome, and no operator decided it");
    }

    private void ExamineKeys()
    {
        HashSet<long> keyed = [];
        session.Scan(Records.DataKey, key =>
        {
            keyed.Add(key.Number("_id"));
            Require(events.ContainsKey(key.Number("_id")), "I8", $"data key of event {key.Number("_id")}: its event is missing");
        });
        foreach (BsonDocument e in events.Values.Where(e => !keyed.Contains(e.Number("_id"))))
        {
            Add("I8", $"event {e.Text("id")}: its data key is missing");
        }
    }

    /// <summary>The counts that are kept beside the records are those of the records.</summary>
    private void ExamineTally()
    {
        StoreCounts kept = session.Live.Tally.ToCounts();
        foreach ((string collection, IReadOnlyDictionary<string, long> counts) in
            new[] { (Records.Event, kept.Events), (Records.Run, kept.Runs), (Records.Effect, kept.Effects) })
        {
            foreach (string state in counts.Keys.Union(found.Keys.Where(k => k.StartsWith(collection + '|', StringComparison.Ordinal)).Select(k => k[(collection.Length + 1)..])))
            {
                long recorded = found.GetValueOrDefault($"{collection}|{state}");
                Require(counts.GetValueOrDefault(state) == recorded, "I2", $"{collection}s in state '{state}': {counts.GetValueOrDefault(state)} are counted and {recorded} are recorded");
            }
        }
    }

    private void Count(string collection, BsonDocument document)
    {
        string name = $"{collection}|{document.Text("state")}";
        found[name] = found.GetValueOrDefault(name) + 1;
    }

    private void Require(bool holds, string id, string violation)
    {
        if (!holds)
        {
            Add(id, violation);
        }
    }

    private void Add(string id, string violation) => violations[id].Add(violation);
}
