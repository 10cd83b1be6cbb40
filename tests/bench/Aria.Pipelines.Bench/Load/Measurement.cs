using System.Diagnostics;

namespace Aria.Pipelines.Bench.Load;

/// <summary>What the events of one stretch of ids came to.</summary>
/// <param name="first">First id.</param>
/// <param name="end">Behind the last one.</param>
/// <param name="started">Timestamp of the beginning.</param>
/// <param name="sent">How long the sending took.</param>
/// <param name="sink">Where they should have arrived.</param>
internal sealed class Measurement(long first, long end, long started, TimeSpan sent, Sink sink)
{
    private readonly long[] _acknowledged = [.. Range(first, end).Where(id => Sender.Statuses[id] is >= 200 and < 300)];

    public int Acknowledged => _acknowledged.Length;

    public double AcceptedPerSecond => Acknowledged / sent.TotalSeconds;

    public int Delivered => Range(first, end).Count(id => sink.CountOf(id) > 0);

    /// <summary>Deliveries over the time until the last one arrived.</summary>
    public double DeliveredPerSecond => Delivered == 0 ? 0 : Delivered / Stopwatch.GetElapsedTime(started, Range(first, end).Max(sink.FirstOf)).TotalSeconds;

    public int Lost => _acknowledged.Count(id => sink.CountOf(id) == 0);

    public int Doubled => (int)Range(first, end).Sum(id => Math.Max(0, sink.CountOf(id) - 1));

    /// <summary>Milliseconds from when a request was due to its answer.</summary>
    public double Acceptance(double share) => Percentile(_acknowledged.Select(id => Sender.AnsweredAt[id] - Sender.SentAt[id]), share);

    /// <summary>Milliseconds from when a request was due to the arrival at the sink.</summary>
    public double EndToEnd(double share) => Percentile(Range(first, end).Where(id => sink.CountOf(id) > 0).Select(id => sink.FirstOf(id) - Sender.SentAt[id]), share);

    /// <summary>Seconds from a moment until the first of these events arrived that had not arrived before it.</summary>
    public double? FirstArrivalAfter(long moment)
    {
        long[] later = [.. Range(first, end).Select(sink.FirstOf).Where(at => at > moment)];
        return later.Length == 0 ? null : Stopwatch.GetElapsedTime(moment, later.Min()).TotalSeconds;
    }

    private static double Percentile(IEnumerable<long> ticks, double share)
    {
        long[] sorted = [.. ticks.Order()];
        return sorted.Length == 0 ? 0 : sorted[Math.Min(sorted.Length - 1, (int)(share * sorted.Length))] * 1000.0 / Stopwatch.Frequency;
    }

    private static IEnumerable<long> Range(long first, long end)
    {
        for (long id = first; id < end; id++)
        {
            yield return id;
        }
    }
}
