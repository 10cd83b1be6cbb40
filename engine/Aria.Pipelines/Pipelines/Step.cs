using Aria.Pipelines.Connectors;
using Aria.Pipelines.Mapping;

namespace Aria.Pipelines.Pipelines;

/// <summary>One step of a pipeline.</summary>
/// <param name="Id">Its id, under which later mappings see it in <c>steps</c>.</param>
/// <param name="Path">Hierarchical id, part of the identity of its effect.</param>
/// <param name="When">Skipped when this gives false or null; null for always.</param>
internal abstract record Step(string Id, string Path, CompiledMapping? When)
{
    /// <summary>The word for people: action, map or await.</summary>
    public abstract string Kind { get; }
}

/// <summary>Makes JSON from JSON.</summary>
internal sealed record MapStep(string Id, string Path, CompiledMapping? When, CompiledMapping Map) : Step(Id, Path, When)
{
    public override string Kind => "map";
}

/// <summary>Calls an operation.</summary>
internal sealed record ActionStep(string Id, string Path, CompiledMapping? When, Connection Connection, ConnectorOperation Operation) : Step(Id, Path, When)
{
    public override string Kind => "action";

    /// <summary>The operation's input; null for none.</summary>
    public CompiledMapping? With { get; init; }

    public Once? Once { get; init; }

    public required Retry Retry { get; init; }

    /// <summary>How long one attempt may take; null for the connector's time.</summary>
    public TimeSpan? Timeout { get; init; }

    /// <summary>Paths of the effects it may have: its own, or those of its operation's parts.</summary>
    public IEnumerable<string> EffectPaths => Operation.Parts.Count == 0 ? [Path] : Operation.Parts.Select(p => p.PathIn(Path));

    /// <summary>True when what is unsafe may be done twice rather than be left to a person.</summary>
    public bool AllowsDuplicates { get; init; }

    /// <summary>What follows a failure.</summary>
    public FailurePolicy OnFailure { get; init; }

    /// <summary>Steps run after a failure when the policy says so; the run then stops.</summary>
    public IReadOnlyList<Step> OnFailureSteps { get; init; } = [];
}

/// <summary>Parks the run until an event or a deadline.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Path">Hierarchical id.</param>
/// <param name="When">Skipped when false.</param>
/// <param name="Events">What may end it.</param>
/// <param name="Match">Correlation keys and the values they must have.</param>
/// <param name="Timeout">How long at most, from the first start of the step.</param>
/// <param name="ContinueOnTimeout">False makes a timeout a failure.</param>
internal sealed record AwaitStep(
    string Id,
    string Path,
    CompiledMapping? When,
    IReadOnlyList<(Connection Connection, string EventType)> Events,
    IReadOnlyList<KeyValuePair<string, CompiledMapping>> Match,
    TimeSpan Timeout,
    bool ContinueOnTimeout) : Step(Id, Path, When)
{
    public override string Kind => "await";
}

/// <summary>A durable claim across pipelines.</summary>
internal sealed record Once(CompiledMapping Key, TimeSpan Within, string Scope);

/// <summary>Tries in all, and the wait before the second one, which doubles each time.</summary>
internal sealed record Retry(int Max, TimeSpan Delay);

internal enum FailurePolicy
{
    /// <summary>The run fails.</summary>
    Stop,

    /// <summary>The failure is recorded in <c>steps</c> and the run goes on.</summary>
    Continue,
}
