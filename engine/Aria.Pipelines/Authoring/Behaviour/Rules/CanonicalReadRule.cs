using Aria.Pipelines.Connectors;
using Aria.Pipelines.Schemas;

namespace Aria.Pipelines.Authoring.Behaviour.Rules;

/// <summary>A run that a person starts sees the same as one that an event starts.</summary>
internal sealed class CanonicalReadRule() : BehaviourRule("CB08", "application.get takes an application_id and gives what an event about an application gives.")
{
    public override IEnumerable<BehaviourFinding> Check(ConnectorSubject subject)
    {
        if (!subject.Connector.Operations.TryGetValue("application.get", out ConnectorOperation? get))
        {
            yield break;
        }
        if (get.Effect != Store.EffectClass.Read)
        {
            yield return Found(subject.At("operations", get.Name, "effect"), "application.get only reads.", "Write \"effect\": \"read\".");
        }
        if (get.Input.Validate(System.Text.Json.JsonElement.Parse("""{ "application_id": "1" }""")).FirstOrDefault(f => f.InstancePointer.Length == 0) is { } input)
        {
            yield return Found(subject.At("operations", get.Name, "input"), $"application.get does not take an 'application_id' alone. {input.Message}", "It is called with { \"application_id\": \"…\" }.");
        }
        if (RecruitingShapes.ApplicationEvent.Validate(get.Sample) is [SchemaFinding wrong, ..])
        {
            yield return Found(subject.At("operations", get.Name, "sample"), $"The output of application.get is not canonical at '{wrong.InstancePointer}'. {wrong.Message}", "It has the same shape as events about an application, see schemas/recruiting.");
        }
    }
}
