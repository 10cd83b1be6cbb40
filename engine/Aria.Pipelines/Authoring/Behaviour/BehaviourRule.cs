using Aria.Pipelines.Abstractions;
using Aria.Pipelines.Definitions;

namespace Aria.Pipelines.Authoring.Behaviour;

/// <summary>One thing that every connector has to do right.</summary>
/// <param name="Id">Its name in reports, for example <c>CB04</c>. Never given to another rule.</param>
/// <param name="Title">What has to be so, in one sentence.</param>
/// <param name="Mend">What to do where it is not; a problem may know better.</param>
/// <param name="Idle">Why it says nothing about a connector; null when it does.</param>
/// <param name="Check">Everything that is not so.</param>
internal sealed record BehaviourRule(
    string Id, string Title, string Mend, Func<TestedConnector, string?> Idle, Func<TestedConnector, IEnumerable<BehaviourProblem>> Check)
{
    /// <summary>Holds a connector to the rule.</summary>
    public RuleResult Run(TestedConnector tested)
    {
        if (Id != BehaviourRules.Loading && tested.Definition is null)
        {
            return new RuleResult(this, $"the folder does not load, see {BehaviourRules.Loading}", []);
        }
        return Idle(tested) is { } reason ? new RuleResult(this, reason, []) : new RuleResult(this, null, [.. Check(tested).Select(Finding).Distinct()]);
    }

    private Diagnostic Finding(BehaviourProblem problem) => new(
        Id, DiagnosticSeverity.Error, problem.What, problem.Mend ?? Mend, problem.At.File, problem.At.Line, problem.At.Column, DiagnosticFault.Connector);
}

/// <summary>Something that is not as a rule wants it.</summary>
/// <param name="At">The place that has to be changed.</param>
/// <param name="What">What is wrong.</param>
/// <param name="Mend">What to do; null for the rule's own advice.</param>
internal sealed record BehaviourProblem(SourcePosition At, string What, string? Mend = null);

/// <summary>What a rule says about a connector.</summary>
/// <param name="Rule">The rule.</param>
/// <param name="Idle">Why it says nothing; null when it was applied.</param>
/// <param name="Findings">What is wrong, with the rule's id as code; empty when the rule holds.</param>
internal sealed record RuleResult(BehaviourRule Rule, string? Idle, IReadOnlyList<Diagnostic> Findings);
