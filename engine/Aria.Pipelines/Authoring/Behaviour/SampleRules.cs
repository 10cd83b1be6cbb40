using Aria.Pipelines.Connectors;

namespace Aria.Pipelines.Authoring.Behaviour;

/// <summary>Samples decode, and to the shape that pipelines read.</summary>
internal static class SampleRules
{
    public static IReadOnlyList<BehaviourRule> All { get; } =
    [
        new("CB05", "every sample decodes to the event that it is a sample of", "Correct the sample, or 'wireType', 'subject', 'correlation' and what decodes it.", NoSamples, Decode),
        new("CB06", "subject and correlation keys of an event say whose it is", "Read the id from where the payload has it.", NoSamples, Identified),
        new("CB07", "the same delivery is the same event, and another one is another", "Let 'dedupe' name what tells events apart, or 'body'.", NoSamples, Deduped),
        new("CB08", "the canonical form of every sample has the members that pipelines read: all there, null when unknown, ids as strings", "See schemas/recruiting, and 'schema' of the event.", NoSamples, Canonical),
        new("CB09", "a ping is no event", "Take the wire type out of 'pings'.", t => t.Connector.Webhook is { Pings.Count: > 0 } ? null : "the vendor sends no pings", Pinged),
    ];

    /// <summary>Why rules about samples say nothing.</summary>
    public static string? NoSamples(TestedConnector tested) => tested.Connector.Events.Values.Any(e => e.Samples.Count > 0) ? null : "it has no samples";

    private static IEnumerable<BehaviourProblem> Decode(TestedConnector tested) => SampledEvent.All(tested)
        .Where(s => s.Problem is not null)
        .Select(s => new BehaviourProblem(tested.At("events", s.Event.Type, "samples"), $"Sample '{s.Sample.File}' of '{s.Event.Type}' {s.Problem}."));

    private static IEnumerable<BehaviourProblem> Identified(TestedConnector tested)
    {
        foreach (SampledEvent sampled in SampledEvent.Good(tested))
        {
            DecodedEvent decoded = sampled.Decoded!;
            if (decoded.Subject.EndsWith(':') || Suspicious.In(decoded.Subject))
            {
                yield return new(tested.At("events", sampled.Event.Type, "subject"), $"The subject of sample '{sampled.Sample.File}' is '{decoded.Subject}', which is nobody.");
            }
            foreach (string key in sampled.Event.Correlation.Keys.Where(k => decoded.Correlation.All(c => c.Key != k || Suspicious.In(c.Value))))
            {
                yield return new(tested.At("events", sampled.Event.Type, "correlation", key), $"Sample '{sampled.Sample.File}' gives no '{key}'.");
            }
        }
    }

    private static IEnumerable<BehaviourProblem> Deduped(TestedConnector tested)
    {
        SampledEvent[] all = [.. SampledEvent.Good(tested)];
        foreach (SampledEvent sampled in all)
        {
            if (SampledEvent.Of(tested, sampled.Event, sampled.Sample).Decoded is not { } again || !again.DedupeKey.AsSpan().SequenceEqual(sampled.Decoded!.DedupeKey))
            {
                yield return new(tested.At("webhook", "dedupe"), $"Sample '{sampled.Sample.File}' decoded twice is two events.");
            }
        }
        foreach (IGrouping<string, SampledEvent> same in all.DistinctBy(s => Convert.ToHexString(s.Sample.Body)).GroupBy(s => Convert.ToHexString(s.Decoded!.DedupeKey)).Where(g => g.Count() > 1))
        {
            string[] files = [.. same.Select(s => $"'{s.Sample.File}'")];
            yield return new(tested.At("webhook", "dedupe"), $"The samples {string.Join(" and ", files)} count as the same event: the second one would be dropped.");
        }
    }

    private static IEnumerable<BehaviourProblem> Canonical(TestedConnector tested)
    {
        foreach (SampledEvent sampled in SampledEvent.Good(tested))
        {
            foreach (string misfit in sampled.Misfits(tested))
            {
                yield return new(tested.At("events", sampled.Event.Type, "canonical"), $"Canonical form of sample '{sampled.Sample.File}': {misfit}");
            }
        }
    }

    private static IEnumerable<BehaviourProblem> Pinged(TestedConnector tested) => tested.Connector.Events.Values
        .Where(e => !e.IsPolled && tested.Connector.Webhook!.Pings.Contains(e.WireType))
        .Select(e => new BehaviourProblem(tested.At("webhook", "pings"), $"'{e.WireType}' is the wire type of '{e.Type}': every such event would be taken for a ping."));
}
