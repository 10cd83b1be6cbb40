using System.Text;
using System.Text.Json.Nodes;
using Aria.Pipelines.Connectors;
using Aria.Pipelines.Effects;
using Aria.Pipelines.Pipelines;

namespace Aria.Pipelines.Testing;

/// <summary>
/// Ids are new in every run, so cases name them: <c>&lt;event&gt;</c> is the id of the case's event, <c>&lt;effect:invite&gt;</c> the key
/// of step <c>invite</c>,
/// <c>&lt;effect:write/note&gt;</c> that of part <c>note</c> of step <c>write</c>. Requests are shown with names, and names in answers become the ids.
/// </summary>
internal sealed class CaseNames(Pipeline pipeline)
{
    private readonly List<(string Name, string Id)> _ids = [];

    /// <summary>The event of the case is known now.</summary>
    public void Set(string eventId)
    {
        _ids.Add(("<event>", eventId));
        foreach (string path in PipelineSteps.All(pipeline).SelectMany(s => s is ActionStep action ? action.EffectPaths : [s.Path]))
        {
            _ids.Add(($"<effect:{path}>", EffectKey.Of(eventId, pipeline.Id, path, 0)));
        }
    }

    public string ToIds(string text) => _ids.Aggregate(text, (t, pair) => t.Replace(pair.Name, pair.Id, StringComparison.Ordinal));

    public string ToNames(string text) => _ids.Aggregate(text, (t, pair) => t.Replace(pair.Id, pair.Name, StringComparison.Ordinal));

    public JsonNode? ToNames(JsonNode? node) => node is null ? null : JsonNode.Parse(ToNames(Encoding.UTF8.GetString(ConnectorJson.ToBytes(node))));
}
