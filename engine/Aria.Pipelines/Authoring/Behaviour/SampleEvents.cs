using Aria.Pipelines.Connectors;
using Aria.Pipelines.Definitions;

namespace Aria.Pipelines.Authoring.Behaviour;

/// <summary>One sample of an event, and what it decodes to.</summary>
/// <param name="Definition">The event.</param>
/// <param name="Sample">The sample.</param>
/// <param name="Decoded">Its events.</param>
/// <param name="Position">Where the sample is named.</param>
internal sealed record SampleEvents(ConnectorEvent Definition, EventSample Sample, IReadOnlyList<DecodedEvent> Decoded, SourcePosition Position)
{
    /// <summary>Those of the event's own type that could be decoded.</summary>
    public IEnumerable<DecodedEvent> Good => Decoded.Where(d => d.QuarantineCode is null && d.Type == Definition.Type);

    /// <summary>All samples of a connector.</summary>
    public static IEnumerable<SampleEvents> Of(ConnectorSubject subject) =>
        from definition in subject.Connector.Events.Values
        from sample in definition.Samples
        select new SampleEvents(definition, sample, subject.Decode(definition, sample.Body), subject.At("events", definition.Type, "samples"));
}
