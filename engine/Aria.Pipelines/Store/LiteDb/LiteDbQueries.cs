using Aria.Pipelines.Privacy;
using LiteDB;

namespace Aria.Pipelines.Store.LiteDb;

/// <summary>Everything that only reads.</summary>
internal sealed class LiteDbQueries(LiteDbContent content, LiteDbWaits waits, DeliverySealer sealer)
{
    /// <inheritdoc cref="IStore.ReadRunAsync"/>
    public RunSnapshot ReadRun(LiteDbSession session, RunLease lease)
    {
        BsonDocument run = LiteDbRuns.Require(session, lease);
        using DataKey key = content.KeyOf(session, run.Number("event"));
        return new RunSnapshot(
            LiteDbContent.ReadEvent(session, LiteDbContent.EventOf(session, run.Number("event")), key),
            run.Count("replay"),
            run.Count("attempts"),
            run.Count("crashes"),
            LiteDbSteps.Read(session, run, key),
            LiteDbEffects.Read(session, run.Number("event"), run.Text("pipeline"), key),
            waits.Read(session, run.Number("_id")));
    }

    /// <inheritdoc cref="IStore.ListRunsAsync"/>
    public IReadOnlyList<RunSummary> ListRuns(LiteDbSession session, RunQuery query)
    {
        string? state = query.State is RunState some ? StateNames.Of(some) : null;
        HashSet<string>? orders = query.Subjects?.Select(s => Convert.ToHexString(sealer.OrderKey(s.Connection, s.Subject, ""))).ToHashSet(StringComparer.Ordinal);
        var selection = new Selection(
            run => (state is null || run.Text("state") == state)
                && (query.Pipeline is null || run.Text("pipeline") == query.Pipeline)
                && (orders is null || orders.Contains(Convert.ToHexString(run.Bytes("order")))),
            query.Max,
            NewestFirst: true);
        // Of two lists the shorter one is not known, but runs that have ended well are the many.
        List<BsonDocument> runs = query.Pipeline is not null && query.State is null or RunState.Succeeded
            ? session.Under(Records.Run, query.Pipeline + '|', "by_pipeline", selection)
            : state is not null
                ? session.Under(Records.Run, state + '|', "by_state", selection)
                : session.Range(Records.Run, "_id", 0L, long.MaxValue, selection);
        return runs.ConvertAll(run => Listed(session, run));
    }

    /// <inheritdoc cref="IStore.FindRunAsync"/>
    public RunDetail? FindRun(LiteDbSession session, string runId)
    {
        if (LiteDbRuns.Find(session, runId) is not BsonDocument run)
        {
            return null;
        }
        BsonDocument e = LiteDbContent.EventOf(session, run.Number("event"));
        using DataKey key = content.KeyOf(session, run.Number("event"));
        return new RunDetail(
            Summary(run, e),
            LiteDbContent.ReadEvent(session, e, key),
            LiteDbSteps.Read(session, run, key),
            LiteDbEffects.Read(session, run.Number("event"), run.Text("pipeline"), key),
            LiteDbEffects.ReadAttempts(session, run.Number("event"), run.Text("pipeline"), key),
            key.Open(run.BytesOrNull("diagnostic"), "run", runId, "diagnostic_ct"));
    }

    private RunSummary Listed(LiteDbSession session, BsonDocument run)
    {
        BsonDocument e = LiteDbContent.EventOf(session, run.Number("event"));
        string latest = LiteDbRuns.Latest(session, run.Number("event"), run.Text("pipeline")).Text("id");
        return Summary(run, e) with { Subject = Subject(session, e), ReplayedAs = latest == run.Text("id") ? null : latest };
    }

    /// <summary>What an event is about; null when its content is gone or damaged, which must not hide the runs of others.</summary>
    private string? Subject(LiteDbSession session, BsonDocument e)
    {
        try
        {
            using DataKey key = content.KeyOf(session, e.Number("_id"));
            return ContentText.Read(key.Open(session.Find(Records.Content, e["_id"])?.Bytes("subject"), "event", e.Text("id"), "subject_ct"));
        }
        catch (ContentIntegrityException)
        {
            return null;
        }
    }

    public static RunSummary Summary(LiteDbSession session, BsonDocument run) => Summary(run, LiteDbContent.EventOf(session, run.Number("event")));

    public static RunSummary Summary(BsonDocument run, BsonDocument e) =>
        new(
            run.Text("id"),
            e.Text("id"),
            e.Text("type"),
            e.Text("connection"),
            run.Text("pipeline"),
            run.Text("hash"),
            run.State<RunState>(),
            run.TextOrNull("code"),
            e.Time("received"),
            run.Number("due") == 0 ? null : run.Time("due"),
            run.Count("replay"),
            run.TextOrNull("failed_step"),
            run.TextOrNull("fingerprint"));
}
