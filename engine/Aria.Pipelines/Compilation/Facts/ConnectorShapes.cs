using System.Collections.Concurrent;
using System.Text.Json;
using Aria.Pipelines.Connectors;
using Aria.Pipelines.Mapping;
using Aria.Pipelines.Mapping.Inference;

namespace Aria.Pipelines.Compilation.Facts;

/// <summary>
/// What connectors give, before anything runs: names of members from their mappings, types from their samples. Computed once for all
/// pipelines of a workspace, which may ask at the same time.
/// </summary>
internal sealed class ConnectorShapes
{
    private readonly ConcurrentDictionary<(Connector, string), Shape> _events = [];
    private readonly ConcurrentDictionary<ConnectorOperation, Shape> _outputs = new(ReferenceEqualityComparer.Instance);

    /// <summary>What an event of a schedule holds.</summary>
    public static Shape Scheduled { get; } = Shape.OfSample(JsonElement.Parse("{\"scheduled_at\":\"2026-01-31T09:00:00Z\",\"missed\":0}"), closed: true);

    /// <summary>An event as pipelines see it.</summary>
    public Shape Event(Connection connection, ConnectorEvent definition) => _events.GetOrAdd(
        (connection.Connector, definition.Type),
        _ => WithIdentity(Made(definition.Canonical, Samples(connection, definition)), definition.Type));

    /// <summary>What an operation gives.</summary>
    public Shape Output(ConnectorOperation operation) => _outputs.GetOrAdd(
        operation,
        o => o.Output is { } output ? Made(output, o.Sample) : Shape.OfSample(o.Sample, closed: false));

    /// <summary>The members that the engine gives every event.</summary>
    public static Shape WithIdentity(Shape canonical, string type)
    {
        if (!canonical.Is(ShapeKinds.Object))
        {
            return Shape.Unknown;
        }
        var members = new Dictionary<string, Shape>(canonical.Members)
        {
            ["id"] = Shape.Text,
            ["type"] = Shape.OfText(type, default),
            ["raw"] = Shape.Unknown,
        };
        return canonical with { Members = members };
    }

    private static Shape Made(CompiledMapping mapping, JsonElement sample) => Made(mapping, Shape.OfSample(sample, closed: false));

    private static Shape Made(CompiledMapping mapping, Shape sample) =>
        mapping.Infer(new Reading(new Dictionary<string, Shape>())).Detached().Refine(sample);

    private static Shape Samples(Connection connection, ConnectorEvent definition)
    {
        Shape shape = Shape.Unknown;
        WebhookDefinition? webhook = connection.Connector.Webhook;
        foreach (EventSample sample in definition.Samples.Where(_ => definition.Poll is not null || webhook is { DecodedByCode: false, Split: null }))
        {
            try
            {
                var values = new Dictionary<string, JsonElement> { ["payload"] = JsonElement.Parse(sample.Body), ["settings"] = connection.Settings, ["reads"] = definition.Enrich?.Sample ?? ConnectorJson.Null };
                shape = shape.AndExample(Shape.OfSample(ConnectorJson.ToElement(definition.Canonical.Evaluate(values)), closed: false));
            }
            catch (Exception e) when (e is MappingException or JsonException)
            {
                // A sample that its own connector cannot read is for the connector's tests; here it says nothing.
                continue;
            }
        }
        return shape;
    }
}
