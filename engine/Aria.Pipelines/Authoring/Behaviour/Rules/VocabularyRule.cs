namespace Aria.Pipelines.Authoring.Behaviour.Rules;

/// <summary>What a system does not have is said, with what serves in its place; silence leaves every pipeline to find out.</summary>
internal sealed class VocabularyRule() : BehaviourRule("CB07", "A connector of an ATS offers the whole recruiting vocabulary, or says under 'cannot' what its system does not have.")
{
    public override IEnumerable<BehaviourFinding> Check(ConnectorSubject subject)
    {
        var connector = subject.Connector;
        if (!IsRecruiting(connector))
        {
            yield break;
        }
        foreach (string name in RecruitingShapes.Events.Where(e => !connector.Events.ContainsKey(e) && !connector.Limitations.ContainsKey(e)))
        {
            yield return Found(subject.At("events"), $"There is no event '{name}'.", $"Declare it, or say why not under \"cannot\": {{ \"{name}\": {{ \"because\": \"…\" }} }}.");
        }
        foreach (string name in RecruitingShapes.Operations.Where(o => !connector.Operations.ContainsKey(o) && !connector.Limitations.ContainsKey(o)))
        {
            yield return Found(subject.At("operations"), $"There is no operation '{name}'.", $"Declare it, or say why not under \"cannot\": {{ \"{name}\": {{ \"because\": \"…\", \"instead\": \"…\" }} }}.");
        }
    }

    /// <summary>Whether a connector is one of an ATS: it has something of the vocabulary.</summary>
    public static bool IsRecruiting(Connectors.Connector connector) =>
        connector.Operations.ContainsKey("application.get") || connector.Events.Keys.Any(e => e.StartsWith("application.", StringComparison.Ordinal));
}
