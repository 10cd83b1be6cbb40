using Aria.Pipelines.Privacy;
using LiteDB;

namespace Aria.Pipelines.Store.LiteDb;

/// <summary>Recorded results of steps.</summary>
internal sealed class LiteDbSteps(LiteDbContent content)
{
    /// <inheritdoc cref="IStore.SaveStepAsync"/>
    public void Save(LiteDbSession session, RunLease lease, StepRecord step)
    {
        BsonDocument run = LiteDbRuns.Require(session, lease);
        using DataKey key = content.KeyOf(session, run.Number("event"));
        Save(session, run, step, key);
    }

    public static void Save(LiteDbSession session, BsonDocument run, StepRecord step, DataKey key)
    {
        string row = StepRecord.RowOf(run.Text("id"), step.Path, step.Iteration);
        session.Put(Records.Step, new BsonDocument
        {
            ["_id"] = Ids.OfStep(run.Number("_id"), step.Path, step.Iteration),
            ["path"] = step.Path,
            ["iter"] = (long)step.Iteration,
            ["state"] = StateNames.Of(step.State),
            ["output"] = key.Seal(step.Output, "step", row, "output_ct"),
            ["error"] = key.Seal(step.Error, "step", row, "error_ct"),
            ["started"] = step.StartedUtc.ToUnixTimeMilliseconds(),
        });
        if (step.State != StepState.Started && (run.Number("attempts") != 0 || run.Number("crashes") != 0))
        {
            // Progress clears the count of failed tries and crashes: both are about the step at work.
            run["attempts"] = 0L;
            run["crashes"] = 0L;
            session.Put(Records.Run, run);
        }
    }

    public static IReadOnlyList<StepRecord> Read(LiteDbSession session, BsonDocument run, DataKey key) =>
    [
        .. session.Under(Records.Step, Ids.OfRun(run.Number("_id")))
            .Select(step =>
            {
                string row = StepRecord.RowOf(run.Text("id"), step.Text("path"), step.Count("iter"));
                return new StepRecord(
                    step.Text("path"),
                    step.Count("iter"),
                    step.State<StepState>(),
                    key.Open(step.BytesOrNull("output"), "step", row, "output_ct"),
                    key.Open(step.BytesOrNull("error"), "step", row, "error_ct"),
                    step.Time("started"));
            })
            .OrderBy(step => step.StartedUtc)
            .ThenBy(step => step.Path, StringComparer.Ordinal)
            .ThenBy(step => step.Iteration),
    ];
}
