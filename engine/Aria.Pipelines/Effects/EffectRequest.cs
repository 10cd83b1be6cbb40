using System.Text.Json;
using Aria.Pipelines.Abstractions;
using Aria.Pipelines.Connectors;
using Aria.Pipelines.Outbound;
using Aria.Pipelines.Store;

namespace Aria.Pipelines.Effects;

/// <summary>An action to be performed within a leased run.</summary>
/// <param name="Lease">The right to work on the run.</param>
/// <param name="EventId">Public id of the run's event.</param>
/// <param name="Path">Step path.</param>
/// <param name="Iteration">0 outside of loops.</param>
/// <param name="Connection">Account.</param>
/// <param name="Operation">Operation.</param>
/// <param name="Input">Its input.</param>
/// <param name="StartedUtc">The step's first start.</param>
/// <param name="Timeout">How long one attempt may take; null for the connector's time.</param>
/// <param name="Force">Force number of the effect, if it has to be planned.</param>
internal sealed record EffectRequest(
    RunLease Lease,
    string EventId,
    string Path,
    int Iteration,
    Connection Connection,
    ConnectorOperation Operation,
    JsonElement Input,
    DateTimeOffset StartedUtc,
    TimeSpan? Timeout,
    int Force = 0)
{
    /// <summary>What the run is about; empty for nothing in particular.</summary>
    public string Subject { get; init; } = "";

    /// <summary>Types of the events that it makes happen; of a part, those of the whole.</summary>
    public IReadOnlyList<string> Causes { get; init; } = Operation.Causes;

    /// <summary>True when a person waits for it.</summary>
    public bool IsUrgent { get; init; }

    /// <summary>
    /// True when whoever asks makes the step's record of the output: of a part with the whole, of what an event consists of with the event.
    /// </summary>
    public bool StepFollows { get; init; }

    /// <summary>True when an unsafe operation may be sent again while its outcome is unknown.</summary>
    public bool AllowsDuplicates { get; init; }

    /// <summary>Class of the effect, if it has to be planned.</summary>
    public EffectClass Class => Operation.EffectFor(Connection).Allowing(AllowsDuplicates);

    /// <summary>Results of the steps before it that are not recorded yet.</summary>
    public HeldSteps Held { get; init; } = new();

    /// <summary>How the run ends when it is confirmed, given what the output warns of; null when the run goes on.</summary>
    public Func<Diagnostic?, RunTransition>? Ends { get; init; }

    /// <summary>What it counts against.</summary>
    public BudgetScope Budget => Connection.Budget with { Pipeline = Lease.Pipeline, IsUrgent = IsUrgent };
}
