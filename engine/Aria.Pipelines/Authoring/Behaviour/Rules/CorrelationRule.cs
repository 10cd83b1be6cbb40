using Aria.Pipelines.Connectors;

namespace Aria.Pipelines.Authoring.Behaviour.Rules;

/// <summary>A wait finds its event by correlation keys, which are all that can be searched.</summary>
internal sealed class CorrelationRule() : BehaviourRule("CB05", "Every event has correlation keys, and its samples have values for them.")
{
    public override IEnumerable<BehaviourFinding> Check(ConnectorSubject subject)
    {
        foreach (ConnectorEvent e in subject.Connector.Events.Values.Where(e => e.Correlation.Count == 0))
        {
            yield return Found(subject.At("events", e.Type), $"No wait can find an event '{e.Type}': it has no correlation keys.", "Add \"correlation\", for example { \"application_id\": \"{{ payload.id }}\" }.");
        }
        foreach (SampleEvents sample in SampleEvents.Of(subject))
        {
            foreach (DecodedEvent decoded in sample.Good)
            {
                foreach (string key in sample.Definition.Correlation.Keys.Except(decoded.Correlation.Select(c => c.Key)))
                {
                    yield return Found(subject.At("events", sample.Definition.Type, "correlation", key), $"'{sample.Sample.File}' has no value for '{key}'.", "Correct the template, or remove the key.");
                }
            }
        }
    }
}
