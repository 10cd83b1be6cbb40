using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Aria.Pipelines.Testing;

/// <summary>JSON as people lay it out: on one line where it fits, otherwise a member per line, two spaces in.</summary>
internal static class CaseLayout
{
    private const int Width = 120;
    private static readonly JsonSerializerOptions Relaxed = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The value on several lines.</summary>
    /// <param name="node">The value.</param>
    /// <param name="indent">How far in its first line stands, in steps.</param>
    /// <param name="before">Characters already on that line.</param>
    public static string Pretty(JsonNode? node, int indent, int before)
    {
        string line = OneLine(node);
        if (line.Length + before <= Width || node is not (JsonObject or JsonArray))
        {
            return line;
        }
        string inner = new(' ', 2 * (indent + 1));
        var text = new StringBuilder();
        IEnumerable<string> parts = node is JsonObject members
            ? members.Select(m => Member(m.Key, m.Value, indent + 1))
            : node.AsArray().Select(item => Pretty(item, indent + 1, inner.Length + 1));
        text.Append(node is JsonObject ? '{' : '[').Append('\n');
        text.AppendJoin(",\n", parts.Select(p => inner + p)).Append('\n');
        return text.Append(' ', 2 * indent).Append(node is JsonObject ? '}' : ']').ToString();
    }

    public static string OneLine(JsonNode? node) => node switch
    {
        JsonObject { Count: 0 } => "{}",
        JsonObject members => $"{{ {string.Join(", ", members.Select(m => $"{Quoted(m.Key)}: {OneLine(m.Value)}"))} }}",
        JsonArray items => $"[{string.Join(", ", items.Select(OneLine))}]",
        null => "null",
        _ => node.ToJsonString(Relaxed),
    };

    private static string Member(string name, JsonNode? value, int indent)
    {
        string head = $"{Quoted(name)}: ";
        return head + Pretty(value, indent, (2 * indent) + head.Length + 1);
    }

    private static string Quoted(string name) => JsonValue.Create(name).ToJsonString(Relaxed);
}
