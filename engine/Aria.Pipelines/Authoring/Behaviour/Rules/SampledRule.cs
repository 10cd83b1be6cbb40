using System.Text.Json;

namespace Aria.Pipelines.Authoring.Behaviour.Rules;

/// <summary>Plans, cases and lint know the shapes of a system from samples.</summary>
internal sealed class SampledRule() : BehaviourRule("CB02", "Every event has a sample, and every operation an example of its output that fits its schema.")
{
    public override IEnumerable<BehaviourFinding> Check(ConnectorSubject subject)
    {
        foreach (var e in subject.Connector.Events.Values.Where(e => e.Samples.Count == 0))
        {
            yield return Found(subject.At("events", e.Type), $"The event '{e.Type}' has no sample.", "Add one from the vendor's documentation under \"samples\", or make one and mark it { \"constructed\": … }.");
        }
        foreach (var operation in subject.Connector.Operations.Values)
        {
            if (operation.Sample.ValueKind == JsonValueKind.Undefined)
            {
                yield return Found(subject.At("operations", operation.Name), $"The operation '{operation.Name}' has no sample.", "Add \"sample\": an output as it would give it.");
            }
            else if (operation.OutputSchema?.Validate(operation.Sample) is [{ } wrong, ..])
            {
                yield return Found(subject.At("operations", operation.Name, "sample"), $"The sample of '{operation.Name}' does not fit its outputSchema at '{wrong.InstancePointer}'. {wrong.Message}", "Correct one of them.");
            }
        }
    }
}
