using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;

namespace Aria.Pipelines.Schemas.Keywords;

/// <summary>Schemas by property name, found without making a string of the name where that is possible.</summary>
internal sealed class PropertyTable
{
    private const int LongestOnStack = 128;

    private readonly Dictionary<string, SchemaNode> _nodes;
    private readonly Dictionary<string, SchemaNode>.AlternateLookup<ReadOnlySpan<char>> _bySpan;

    public PropertyTable(IEnumerable<KeyValuePair<string, SchemaNode>> nodes)
    {
        _nodes = new Dictionary<string, SchemaNode>(StringComparer.Ordinal);
        foreach ((string name, SchemaNode node) in nodes)
        {
            _nodes[name] = node;
        }
        _bySpan = _nodes.GetAlternateLookup<ReadOnlySpan<char>>();
        Names = [.. _nodes.Keys];
    }

    public string[] Names { get; }

    public bool TryFind(JsonProperty property, [NotNullWhen(true)] out SchemaNode? node)
    {
        if (_nodes.Count == 0)
        {
            node = null;
            return false;
        }
        ReadOnlySpan<byte> raw = JsonMarshal.GetRawUtf8PropertyName(property);
        if (raw.Length > LongestOnStack || raw.Contains((byte)'\\'))
        {
            return _nodes.TryGetValue(property.Name, out node);
        }
        Span<char> name = stackalloc char[LongestOnStack];
        int length = Encoding.UTF8.GetChars(raw, name);
        return _bySpan.TryGetValue(name[..length], out node);
    }
}
