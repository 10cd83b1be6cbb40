using Aria.Pipelines.Connectors;
using Aria.Pipelines.Pipelines;

namespace Aria.Pipelines.Catalog;

/// <summary>All connections and pipelines in force together; immutable.</summary>
internal sealed class CatalogSnapshot
{
    private readonly Dictionary<(string Connection, string EventType), List<Pipeline>> _byEvent = [];

    public CatalogSnapshot(IReadOnlyDictionary<string, Connection> connections, IReadOnlyList<Pipeline> pipelines)
    {
        Connections = connections;
        Pipelines = pipelines.ToDictionary(p => p.Id);
        foreach (Pipeline pipeline in pipelines.Where(p => p.Enabled))
        {
            foreach ((string, string) key in pipeline.Triggers.Select(t => (t.Connection.Id, t.EventType)).Distinct())
            {
                if (!_byEvent.TryGetValue(key, out List<Pipeline>? started))
                {
                    _byEvent[key] = started = [];
                }
                started.Add(pipeline);
            }
        }
    }

    public IReadOnlyDictionary<string, Connection> Connections { get; }

    /// <summary>True when a pipeline in force starts on an event or waits for it. Parked runs wait on although their pipeline starts no new ones.</summary>
    public bool Needs(string connection, string eventType) =>
        StartedBy(connection, eventType).Count > 0
        || Pipelines.Values.Any(p => p.Steps.OfType<AwaitStep>().Any(w => w.Events.Any(e => e.Connection.Id == connection && e.EventType == eventType)));

    public IReadOnlyDictionary<string, Pipeline> Pipelines { get; }

    /// <summary>The enabled pipelines that an event may start: the static match, made before anything is evaluated.</summary>
    public IReadOnlyList<Pipeline> StartedBy(string connection, string eventType) =>
        _byEvent.TryGetValue((connection, eventType), out List<Pipeline>? pipelines) ? pipelines : [];
}
