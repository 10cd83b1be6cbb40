using Aria.Pipelines.Definitions;

namespace Aria.Pipelines.Authoring.Behaviour;

/// <summary>Something that a connector does not do as every connector has to.</summary>
/// <param name="Rule">Id of the rule, <c>CB01</c>.</param>
/// <param name="Summary">What is wrong.</param>
/// <param name="Mend">How to mend it.</param>
/// <param name="Position">Where.</param>
internal sealed record BehaviourFinding(string Rule, string Summary, string Mend, SourcePosition Position)
{
    public override string ToString() => $"{Position.File}({Position.Line},{Position.Column}): {Rule} {Summary} {Mend}";
}
