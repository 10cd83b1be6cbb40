using System.Text.Json;
using Aria.Pipelines.Connectors;
using Aria.Pipelines.Mapping;

namespace Aria.Pipelines.Pipelines;

/// <summary>A pipeline, compiled and immutable.</summary>
internal sealed record Pipeline
{
    public required string Id { get; init; }

    /// <summary>Content hash of its files: the identity that a run keeps.</summary>
    public required string Hash { get; init; }

    public required string Description { get; init; }

    public required bool Enabled { get; init; }

    /// <summary>Alias used in the file → connection.</summary>
    public required IReadOnlyDictionary<string, Connection> Connections { get; init; }

    public required IReadOnlyList<Trigger> Triggers { get; init; }

    public ManualTrigger? Manual { get; init; }

    /// <summary>Times at which it starts by itself.</summary>
    public IReadOnlyList<ScheduleTrigger> Schedules { get; init; } = [];

    public Rollout? Rollout { get; init; }

    /// <summary>Tables of the pipeline, an object.</summary>
    public required JsonElement Lookups { get; init; }

    public required IReadOnlyList<Step> Steps { get; init; }

    public required IReadOnlyList<Step> OnFailure { get; init; }
}

/// <summary>An event that starts a run.</summary>
internal sealed record Trigger(Connection Connection, string EventType, CompiledMapping? When);

/// <summary>A person may start a run for a subject, whose data this operation reads.</summary>
/// <param name="Connection">Where the subject lives.</param>
/// <param name="Operation">Reads it in the shape of an event.</param>
/// <param name="IdMember">Member of the operation's input that takes the id.</param>
internal sealed record ManualTrigger(Connection Connection, ConnectorOperation Operation, string IdMember)
{
    /// <summary>Type of an event that a person made.</summary>
    public const string EventType = "manual";
}

/// <summary>Only events for which the expression gives one of these values are processed.</summary>
internal sealed record Rollout(CompiledMapping By, IReadOnlyList<string> Only);
