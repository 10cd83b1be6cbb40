using System.Text.Json.Nodes;
using Aria.Pipelines.Abstractions;

namespace Aria.Pipelines.Authoring.Forecast;

/// <summary>What a pipeline would do with one recorded event.</summary>
/// <param name="Name">Where the event is from: a file, a line of it, or a run.</param>
/// <param name="Fate">What would become of it.</param>
/// <param name="Reason">Why, when it is not caught; null otherwise.</param>
/// <param name="Requests">What would be sent, in order of steps.</param>
/// <param name="Findings">Everything said about it.</param>
internal sealed record PlannedEvent(string Name, EventFate Fate, string? Reason, IReadOnlyList<PlannedRequest> Requests, IReadOnlyList<Diagnostic> Findings);

/// <summary>A request of a step, or of a part of one (<c>step/part</c>); the body is null for none.</summary>
internal sealed record PlannedRequest(string Step, string Method, string Url, JsonNode? Body)
{
    /// <summary>True when both would look the same to the target.</summary>
    public bool IsSame(PlannedRequest other) => Method == other.Method && Url == other.Url && JsonNode.DeepEquals(Body, other.Body);
}

/// <summary>What becomes of an event.</summary>
internal enum EventFate
{
    /// <summary>It starts a run that goes through its steps.</summary>
    Caught,

    /// <summary>It starts a run that ends at once: condition or rollout.</summary>
    Skipped,

    /// <summary>No trigger takes it.</summary>
    Ignored,

    /// <summary>A mapping or a request would fail.</summary>
    Failed,
}
