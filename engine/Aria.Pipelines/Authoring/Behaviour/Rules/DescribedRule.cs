using Aria.Pipelines.Connectors;

namespace Aria.Pipelines.Authoring.Behaviour.Rules;

/// <summary>People choose events and operations by what is said of them.</summary>
internal sealed class DescribedRule() : BehaviourRule("CB01", "The connector, its settings, events and operations are described.")
{
    public override IEnumerable<BehaviourFinding> Check(ConnectorSubject subject)
    {
        Connector connector = subject.Connector;
        if (connector.Description.Length == 0)
        {
            yield return Found(subject.At("description"), "The connector is not described.", "Add \"description\": what the system is, in one sentence.");
        }
        foreach (SettingDefinition setting in connector.Settings.Values.Where(s => s.Help.Length == 0))
        {
            yield return Found(subject.At("settings", setting.Name), $"Nobody can tell what the setting '{setting.Name}' is for.", "Add \"help\".");
        }
        foreach (ConnectorEvent e in connector.Events.Values.Where(e => e.Description.Length == 0))
        {
            yield return Found(subject.At("events", e.Type), $"The event '{e.Type}' is not described.", "Add \"description\": what happened.");
        }
        foreach (ConnectorOperation operation in connector.Operations.Values.Where(o => o.Description.Length == 0))
        {
            yield return Found(subject.At("operations", operation.Name), $"The operation '{operation.Name}' is not described.", "Add \"description\": what it does, and to what.");
        }
    }
}
