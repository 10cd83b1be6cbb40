using Aria.Pipelines.Connectors;
using Aria.Pipelines.Store;

namespace Aria.Pipelines.Authoring.Behaviour.Rules;

/// <summary>A read is repeated without a thought: what changes something must not call itself one.</summary>
internal sealed class HonestReadRule() : BehaviourRule("CB17", "What calls itself a read does not use a method that changes something.")
{
    private static readonly string[] Changing = ["PUT", "PATCH", "DELETE"];

    public override IEnumerable<BehaviourFinding> Check(ConnectorSubject subject)
    {
        foreach (ConnectorOperation operation in subject.Connector.Operations.Values.Where(o => o.Effect == EffectClass.Read && o.EffectSetting is null))
        {
            if (operation.Request is { } request && Changing.Contains(request.Method))
            {
                yield return Found(subject.At("operations", operation.Name, "effect"), $"'{operation.Name}' sends {request.Method} and calls itself a read.", "Write the class that the vendor's promises allow: idempotent, keyed, lookup or unsafe.");
            }
        }
    }
}
