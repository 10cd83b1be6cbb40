using Aria.Pipelines.Definitions;
using Aria.Pipelines.Mapping.Inference;
using Aria.Pipelines.Pipelines;

namespace Aria.Pipelines.Compilation.Facts;

/// <summary>What is known of one step before it runs.</summary>
/// <param name="Definition">As written.</param>
/// <param name="Step">As compiled; null when it had errors.</param>
/// <param name="OnFailure">True for a step that only runs after a failure.</param>
/// <param name="Reading">What its mappings read.</param>
internal sealed record StepFacts(StepDefinition Definition, Step? Step, bool OnFailure, Reading Reading)
{
    public Shape? When { get; init; }

    /// <summary>The input of an action.</summary>
    public Shape? With { get; init; }

    /// <summary>What a map makes.</summary>
    public Shape? Made { get; init; }

    public Shape? OnceKey { get; init; }

    /// <summary>The values that an awaited event must have.</summary>
    public IReadOnlyList<(string Key, Shape Value)> Match { get; init; } = [];

    public ActionStep? Action => Step as ActionStep;

    public AwaitStep? Await => Step as AwaitStep;
}
