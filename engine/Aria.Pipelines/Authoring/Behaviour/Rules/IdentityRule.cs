using Aria.Pipelines.Definitions;
using Aria.Pipelines.Connectors;

namespace Aria.Pipelines.Authoring.Behaviour.Rules;

/// <summary>Order is kept per subject, and the same delivery twice is one event: both stand on what the connector declares.</summary>
internal sealed class IdentityRule() : BehaviourRule("CB04", "An event has a subject; the same one again has the same dedupe key, another one has another.")
{
    public override IEnumerable<BehaviourFinding> Check(ConnectorSubject subject)
    {
        var seen = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (SampleEvents sample in SampleEvents.Of(subject))
        {
            DecodedEvent[] again = [.. subject.Decode(sample.Definition, sample.Sample.Body).Where(d => d.Type == sample.Definition.Type)];
            foreach ((DecodedEvent first, int number) in sample.Good.Select((d, i) => (d, i)))
            {
                if (first.Subject.EndsWith(':') || !first.Subject.Contains(':'))
                {
                    yield return Found(subject.At("events", sample.Definition.Type, "subject"), $"'{first.Subject}', of '{sample.Sample.File}', does not say what the event is about.", "Write the kind and the id: application:{{ payload.id }}.");
                }
                if (!again[number].DedupeKey.AsSpan().SequenceEqual(first.DedupeKey))
                {
                    yield return Found(Place(subject, sample), $"'{sample.Sample.File}' decoded twice is two events.", "Let the dedupe key hold only what stays the same when the delivery is repeated.");
                }
                string key = Convert.ToHexString(first.DedupeKey);
                if (!seen.TryAdd(key, sample.Sample.File) && seen[key] != sample.Sample.File && !SameBody(subject, seen[key], sample.Sample))
                {
                    yield return Found(Place(subject, sample), $"'{sample.Sample.File}' and '{seen[key]}' count as the same event.", "Let the dedupe key hold what tells two events apart: an id of the event, or the body.");
                }
            }
        }
    }

    private static bool SameBody(ConnectorSubject subject, string file, EventSample other) =>
        subject.Connector.Events.Values.SelectMany(e => e.Samples).First(s => s.File == file).Body.AsSpan().SequenceEqual(other.Body);

    private static SourcePosition Place(ConnectorSubject subject, SampleEvents sample) =>
        sample.Definition.IsPolled ? subject.At("events", sample.Definition.Type, "poll", "dedupe") : subject.At("webhook", "dedupe");
}
