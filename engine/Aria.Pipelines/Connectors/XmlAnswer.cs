using System.Text.Json;
using System.Text.Json.Nodes;
using System.Xml;
using System.Xml.Linq;

namespace Aria.Pipelines.Connectors;

/// <summary>
/// XML as JSON, for mappings (<c>"format": "xml"</c>): an object with the root element's name. Names lose their prefix; an element with text alone
/// is that text, an empty one is null, others are objects: attributes under <c>@name</c>, text beside them under <c>#text</c>, elements of one
/// name as one value or an array in their order. Lost are namespaces, comments and the order of elements with different names.
/// </summary>
internal static class XmlAnswer
{
    private static readonly XmlReaderSettings Safe = new()
    {
        DtdProcessing = DtdProcessing.Prohibit,
        XmlResolver = null,
        MaxCharactersInDocument = 20 * 1024 * 1024,
        IgnoreComments = true,
        IgnoreProcessingInstructions = true,
    };

    /// <summary>The value; null when it is no XML, has a document type, or is deeper than JSON may be.</summary>
    public static JsonElement? Read(ReadOnlyMemory<byte> body)
    {
        try
        {
            if (IsTooDeep(body))
            {
                return null;
            }
            using XmlReader reader = Open(body);
            XElement root = XDocument.Load(reader).Root!;
            return ConnectorJson.ToElement(new JsonObject { [root.Name.LocalName] = Value(root) });
        }
        catch (XmlException)
        {
            return null;
        }
    }

    private static JsonNode? Value(XElement element)
    {
        var members = new JsonObject();
        foreach (XAttribute attribute in element.Attributes().Where(a => !a.IsNamespaceDeclaration))
        {
            members[$"@{attribute.Name.LocalName}"] = attribute.Value;
        }
        foreach (IGrouping<string, XElement> same in element.Elements().GroupBy(e => e.Name.LocalName))
        {
            XElement[] all = [.. same];
            members[same.Key] = all.Length == 1 ? Value(all[0]) : new JsonArray([.. all.Select(Value)]);
        }
        string text = string.Concat(element.Nodes().OfType<XText>().Select(t => t.Value));
        bool blank = string.IsNullOrWhiteSpace(text);
        if (members.Count == 0)
        {
            return text.Length == 0 ? null : JsonValue.Create(text);
        }
        if (!blank)
        {
            members["#text"] = text;
        }
        return members;
    }

    // Before anything is built of it: that takes a time that grows with the square of the depth, and the document is the vendor's.
    private static bool IsTooDeep(ReadOnlyMemory<byte> body)
    {
        using XmlReader reader = Open(body);
        while (reader.Read())
        {
            if (reader.NodeType == XmlNodeType.Element && reader.Depth >= StrictJson.MaxDepth)
            {
                return true;
            }
        }
        return false;
    }

    private static XmlReader Open(ReadOnlyMemory<byte> body) => XmlReader.Create(new MemoryStream(body.ToArray(), writable: false), Safe);
}
