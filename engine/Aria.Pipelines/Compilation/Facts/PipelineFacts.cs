using Aria.Pipelines.Connectors;
using Aria.Pipelines.Definitions;
using Aria.Pipelines.Mapping.Inference;
using Aria.Pipelines.Pipelines;

namespace Aria.Pipelines.Compilation.Facts;

/// <summary>A pipeline as rules see it: as written, as compiled, and what its mappings make and read.</summary>
/// <param name="Document">Its <c>pipeline.json</c>.</param>
/// <param name="Definition">As written.</param>
/// <param name="Pipeline">As compiled; incomplete when there were errors.</param>
/// <param name="Bundle">Its files.</param>
internal sealed record PipelineFacts(SourceDocument Document, PipelineDefinition Definition, Pipeline Pipeline, DefinitionBundle Bundle)
{
    /// <summary>Steps in the order in which they run; those for failures follow.</summary>
    public required IReadOnlyList<StepFacts> Steps { get; init; }

    /// <summary>Triggers on events, each with its condition.</summary>
    public required IReadOnlyList<TriggerFacts> Triggers { get; init; }

    public Shape? RolloutBy { get; init; }

    /// <summary>What conditions of triggers and the rollout read.</summary>
    public required Reading TriggerReading { get; init; }

    public IEnumerable<Reading> Readings => Steps.Select(s => s.Reading).Prepend(TriggerReading);
}

/// <summary>A trigger on an event.</summary>
/// <param name="Definition">As written.</param>
/// <param name="Connection">Where the event comes from.</param>
/// <param name="Event">The event.</param>
/// <param name="When">The condition; null for none.</param>
internal sealed record TriggerFacts(TriggerDefinition Definition, Connection Connection, ConnectorEvent Event, Shape? When);
