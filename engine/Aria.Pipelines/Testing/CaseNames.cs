using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Aria.Pipelines.Connectors;
using Aria.Pipelines.Effects;
using Aria.Pipelines.Pipelines;

namespace Aria.Pipelines.Testing;

/// <summary>
/// Ids are new in every run, so cases name them: <c>&lt;event&gt;</c> is the id of the case's event, <c>&lt;effect:invite&gt;</c> the key
/// of step <c>invite</c>,
/// <c>&lt;effect:write/note&gt;</c> that of part <c>note</c> of step <c>write</c>. Requests are shown with names, in content that is sent as base64 too (<c>&lt;base64:…&gt;</c>), and
/// names in answers become the ids.
/// </summary>
internal sealed partial class CaseNames(Pipeline pipeline)
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

    public string ToIds(string text) => Content().Replace(
        _ids.Aggregate(text, (t, pair) => t.Replace(pair.Name, pair.Id, StringComparison.Ordinal)),
        m => Convert.ToBase64String(Encoding.UTF8.GetBytes(m.Groups["text"].Value)));

    public string ToNames(string text) => Named(Base64().Replace(text, Decoded));

    private string Named(string text) => _ids.Aggregate(text, (t, pair) => t.Replace(pair.Id, pair.Name, StringComparison.Ordinal));

    public JsonNode? ToNames(JsonNode? node) => node is null ? null : JsonNode.Parse(ToNames(Encoding.UTF8.GetString(ConnectorJson.ToBytes(node))));

    private string Decoded(Match match)
    {
        byte[] bytes = new byte[match.Length];
        if (!Convert.TryFromBase64String(match.Value, bytes, out int length))
        {
            return match.Value;
        }
        string text = Encoding.UTF8.GetString(bytes, 0, length);
        string named = Named(text);
        // It may stand in JSON as it is and must be read back, so what would have to be escaped there, or looks like a name, stays as it came.
        return named == text || text.Any(c => char.IsControl(c) || c is '"' or '\\' or '<' or '>') ? match.Value : $"<base64:{named}>";
    }

    [GeneratedRegex("<base64:(?<text>[^<>]*)>", RegexOptions.ExplicitCapture, 10_000)]
    private static partial Regex Content();

    // An id alone takes 35 characters.
    [GeneratedRegex("[A-Za-z0-9+/]{35,}={0,2}", RegexOptions.None, 10_000)]
    private static partial Regex Base64();
}
