using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace Aria.Pipelines.Telemetry;

/// <summary>
/// What the engine counts and measures, under the meter <c>Aria.Pipelines</c>. Tags are names from definitions and fixed words: never ids,
/// values of events or secrets. Without a listener an instrument costs one look at a field.
/// </summary>
internal static class EngineMetrics
{
    public const string MeterName = "Aria.Pipelines";

    private static readonly Meter Meter = new(MeterName);

    private static readonly Counter<long> Events = Meter.CreateCounter<long>("aria.events", "{event}", "Events received with a good signature, read by polling or sent by hand, by connection and outcome: accepted, duplicate or quarantined");
    private static readonly Counter<long> Refusals = Meter.CreateCounter<long>("aria.deliveries.refused", "{delivery}", "Deliveries that were not stored, by connection and code");
    private static readonly Counter<long> Runs = Meter.CreateCounter<long>("aria.runs", "{run}", "Times a run was worked on, by pipeline and the state it was left in");
    private static readonly Counter<long> Waits = Meter.CreateCounter<long>("aria.budget.waits", "{wait}", "Times an action was put off because the budget of its connection had no permit");
    private static readonly Counter<long> Reads = Meter.CreateCounter<long>("aria.reads", "{read}", "Reads that events and operations declare, by connection and where the answer came from: system or cache");
    private static readonly Histogram<double> Attempts = Meter.CreateHistogram("aria.attempt.duration", "s", "Attempts at effects, by connection, operation, effect class and outcome", [], Buckets(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30));
    private static readonly Histogram<double> Commits = Meter.CreateHistogram("aria.store.commit.duration", "s", "Commits of the store, by whether the disk was synced", [], Buckets(0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.5, 1, 5));
    private static readonly Histogram<double> Batches = Meter.CreateHistogram("aria.store.commit.operations", "{operation}", "Operations that shared a commit", [], Buckets(1, 2, 4, 8, 16, 32, 64, 128, 256));

    /// <summary>Counts received events.</summary>
    /// <param name="connection">Id of the connection.</param>
    /// <param name="outcome"><c>accepted</c>, <c>duplicate</c> or <c>quarantined</c>.</param>
    public static void EventReceived(string connection, string outcome)
    {
        if (Events.Enabled)
        {
            Events.Add(1, Tag("connection", connection), Tag("outcome", outcome));
        }
    }

    public static void DeliveryRefused(string connection, string code)
    {
        if (Refusals.Enabled)
        {
            Refusals.Add(1, Tag("connection", connection), Tag("code", code));
        }
    }

    /// <param name="pipeline">Id of the pipeline.</param>
    /// <param name="state">State the run was left in.</param>
    public static void RunLeft(string pipeline, string state)
    {
        if (Runs.Enabled)
        {
            Runs.Add(1, Tag("pipeline", pipeline), Tag("state", state));
        }
    }

    public static void BudgetWaited(string connection)
    {
        if (Waits.Enabled)
        {
            Waits.Add(1, Tag("connection", connection));
        }
    }

    /// <param name="connection">Id of the connection.</param>
    /// <param name="kept">True when the answer was kept from an earlier read, so that nothing was asked.</param>
    public static void ReadDone(string connection, bool kept)
    {
        if (Reads.Enabled)
        {
            Reads.Add(1, Tag("connection", connection), Tag("from", kept ? "cache" : "system"));
        }
    }

    /// <param name="connection">Id of the connection.</param>
    /// <param name="operation">Name of the operation.</param>
    /// <param name="effectClass">How the effect may be repeated.</param>
    /// <param name="outcome">The word recorded with the attempt.</param>
    /// <param name="elapsed">How long it took.</param>
    public static void AttemptEnded(string connection, string operation, string effectClass, string outcome, TimeSpan elapsed)
    {
        if (Attempts.Enabled)
        {
            Attempts.Record(elapsed.TotalSeconds, new TagList { Tag("connection", connection), Tag("operation", operation), Tag("class", effectClass), Tag("outcome", outcome) });
        }
    }

    /// <param name="started">Timestamp of <see cref="Stopwatch"/> before the transaction.</param>
    /// <param name="operations">How many operations shared it.</param>
    /// <param name="isSynced">Whether the disk was synced.</param>
    public static void Committed(long started, int operations, bool isSynced)
    {
        if (Commits.Enabled)
        {
            Commits.Record(Stopwatch.GetElapsedTime(started).TotalSeconds, new KeyValuePair<string, object?>("synced", isSynced));
            Batches.Record(operations);
        }
    }

    private static InstrumentAdvice<double> Buckets(params double[] boundaries) => new() { HistogramBucketBoundaries = boundaries };

    private static KeyValuePair<string, object?> Tag(string name, string value) => new(name, value);
}
