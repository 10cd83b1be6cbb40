using Aria.Pipelines.Definitions;

namespace Aria.Pipelines.Authoring.Behaviour;

/// <summary>One thing that every connector has to do, told from its definition and its samples alone.</summary>
/// <param name="id">Its number, <c>CB01</c>.</param>
/// <param name="title">What is demanded, as a sentence.</param>
internal abstract class BehaviourRule(string id, string title)
{
    public string Id => id;

    public string Title => title;

    /// <summary>What is wrong with a connector; nothing when it keeps the rule, or when the rule is not about it.</summary>
    public abstract IEnumerable<BehaviourFinding> Check(ConnectorSubject subject);

    protected BehaviourFinding Found(SourcePosition at, string summary, string mend) => new(id, summary, mend, at);
}
