using System.Text.Json.Serialization;

namespace Aria.Pipelines.Authoring.Explanation;

/// <summary>A compiled pipeline in the words of people: what starts it, what each step does, and what happens when something goes wrong.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Definition">Content hash that a run keeps.</param>
/// <param name="Description">Its description.</param>
/// <param name="Enabled">False when no new runs start.</param>
/// <param name="Connections">Aliases and what they stand for.</param>
/// <param name="Triggers">What starts a run.</param>
/// <param name="Rollout">What it is limited to; null for nothing.</param>
/// <param name="Steps">The steps.</param>
/// <param name="OnFailure">The steps after a failure.</param>
internal sealed record PipelineExplanation(
    string Id,
    string Definition,
    string Description,
    bool Enabled,
    IReadOnlyList<ExplainedConnection> Connections,
    IReadOnlyList<ExplainedTrigger> Triggers,
    ExplainedRollout? Rollout,
    IReadOnlyList<ExplainedStep> Steps,
    IReadOnlyList<ExplainedStep> OnFailure);

/// <summary>An alias: the connection, and the connector with its version.</summary>
internal sealed record ExplainedConnection(string Alias, string Connection, string Connector, string Version, string Title);

/// <summary>An event (<c>alias.event</c>) or a person (null), with the operation that completes it.</summary>
internal sealed record ExplainedTrigger(string? On, string Description, string? When, string? Subject)
{
    /// <summary>The times of a schedule, in words; null for another kind of trigger.</summary>
    public string? Schedule { get; init; }
}

/// <summary>Only events for which the expression gives one of the values.</summary>
internal sealed record ExplainedRollout(string By, IReadOnlyList<string> Only);

/// <summary>One step.</summary>
internal sealed record ExplainedStep(string Id, string Kind)
{
    public string? When { get; init; }

    /// <summary><c>alias.operation</c>.</summary>
    public string? Action { get; init; }

    /// <summary>Title and version of the connector.</summary>
    public string? Connector { get; init; }

    public string? Description { get; init; }

    /// <summary>Where the input, or the result of a map, comes from.</summary>
    public string? Input { get; init; }

    public string? Effect { get; init; }

    /// <summary>What the effect class means when an outcome is unknown.</summary>
    public string? Unknown { get; init; }

    public string? Retry { get; init; }

    public string? Timeout { get; init; }

    public string? Once { get; init; }

    public string? OnFailure { get; init; }

    public IReadOnlyList<ExplainedStep> OnFailureSteps { get; init; } = [];

    /// <summary>What an await waits for.</summary>
    public IReadOnlyList<string> Events { get; init; } = [];

    public IReadOnlyList<string> Match { get; init; } = [];

    public string? OnTimeout { get; init; }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(PipelineExplanation))]
internal sealed partial class ExplanationJson : JsonSerializerContext;
