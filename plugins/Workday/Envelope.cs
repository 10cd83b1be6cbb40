using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Xml;
using System.Xml.Linq;

namespace Aria.Pipelines.Plugins.Workday;

/// <summary>
/// SOAP 1.1 envelopes of Workday as JSON. <c>{ "Header": { … }, "Body": { … } }</c>: a member is an element, <c>@name</c> an attribute, an array
/// repeats its element, null leaves it out. A member <c>…_Reference</c> holds typed ids: <c>{ "Candidate_ID": "C00001" }</c>.
/// </summary>
internal static class Envelope
{
    // Workday's own answers have a tenth of it; JSON is not read deeper than 64.
    private const int Deepest = 60;
    private static readonly XNamespace Soap = "http://schemas.xmlsoap.org/soap/envelope/";
    private static readonly XNamespace Wd = "urn:com.workday/bsvc";
    private static readonly XNamespace Wsse = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd";
    private static readonly XmlReaderSettings Reading = new() { DtdProcessing = DtdProcessing.Prohibit, XmlResolver = null, IgnoreComments = true, IgnoreProcessingInstructions = true };

    /// <exception cref="FormatException">A member is no XML name, or a reference names nothing.</exception>
    public static byte[] Write(JsonElement body) => ToBytes(new XElement(
        Soap + "Envelope",
        new XAttribute(XNamespace.Xmlns + "soapenv", Soap),
        new XAttribute(XNamespace.Xmlns + "wd", Wd),
        new XElement(Soap + "Header", Children(body.GetProperty("Header"))),
        new XElement(Soap + "Body", Children(body.GetProperty("Body")))));

    /// <summary>The same envelope with a UsernameToken as its first header.</summary>
    public static byte[] WithUser(ReadOnlyMemory<byte> envelope, string user, string password)
    {
        XElement root = Load(envelope);
        root.Element(Soap + "Header")!.AddFirst(new XElement(
            Wsse + "Security",
            new XAttribute(XNamespace.Xmlns + "wsse", Wsse),
            new XAttribute(Soap + "mustUnderstand", "1"),
            new XElement(
                Wsse + "UsernameToken",
                new XElement(Wsse + "Username", user),
                new XElement(
                    Wsse + "Password",
                    new XAttribute("Type", "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-username-token-profile-1.0#PasswordText"),
                    password))));
        return ToBytes(root);
    }

    /// <summary>What is in the body of an envelope (a message or a <c>Fault</c>), any other XML (a report) by its root, or JSON as it is.</summary>
    public static JsonElement Read(ReadOnlyMemory<byte> answer)
    {
        string text = Encoding.UTF8.GetString(answer.Span).TrimStart('\uFEFF', ' ', '\t', '\r', '\n');
        if (!text.StartsWith('<'))
        {
            return JsonElement.Parse(text);
        }
        CheckDepth(answer);
        XElement root = Load(answer);
        XElement read = root.Name == Soap + "Envelope" && root.Element(Soap + "Body")?.Elements().FirstOrDefault() is { } message ? message : root;
        return JsonSerializer.SerializeToElement(new JsonObject { [read.Name.LocalName] = ToJson(read) });
    }

    private static IEnumerable<XObject> Children(JsonElement owner)
    {
        foreach (JsonProperty member in owner.EnumerateObject())
        {
            if (member.Name.StartsWith('@') && member.Value.ValueKind != JsonValueKind.Null)
            {
                yield return new XAttribute(NameOf(member.Name[1..]), TextOf(member.Value));
            }
            else
            {
                foreach (JsonElement one in member.Value.ValueKind == JsonValueKind.Array ? [.. member.Value.EnumerateArray()] : (JsonElement[])[member.Value])
                {
                    if (one.ValueKind != JsonValueKind.Null)
                    {
                        yield return ToXml(member.Name, one);
                    }
                }
            }
        }
    }

    private static XElement ToXml(string name, JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Object when name.EndsWith("_Reference", StringComparison.Ordinal) => Reference(name, value),
        JsonValueKind.Object => new XElement(NameOf(name), Children(value)),
        _ when name == "File_Content" => new XElement(NameOf(name), Convert.ToBase64String(Encoding.UTF8.GetBytes(TextOf(value)))),
        _ => new XElement(NameOf(name), TextOf(value)),
    };

    private static XElement Reference(string name, JsonElement ids)
    {
        XElement[] written = [.. ids.EnumerateObject().Where(i => i.Value.ValueKind == JsonValueKind.String)
            .Select(i => new XElement(Wd + "ID", new XAttribute(Wd + "type", i.Name), TextOf(i.Value)))];
        return written.Length > 0 ? new XElement(NameOf(name), written) : throw new FormatException($"'{name}' names nothing: give it one id.");
    }

    private static XName NameOf(string name)
    {
        try
        {
            return Wd + XmlConvert.VerifyNCName(name);
        }
        catch (XmlException e)
        {
            throw new FormatException($"'{name}' is not a name of an element or attribute.", e);
        }
    }

    /// <summary>Text that XML can hold: other characters (a name may have any) become U+FFFD.</summary>
    private static string TextOf(JsonElement value)
    {
        string text = value.ValueKind == JsonValueKind.String ? value.GetString()! : value.GetRawText();
        var kept = new StringBuilder(text.Length);
        for (int i = 0; i < text.Length; i++)
        {
            bool isPair = i + 1 < text.Length && XmlConvert.IsXmlSurrogatePair(text[i + 1], text[i]);
            kept.Append(isPair ? text.Substring(i++, 2) : XmlConvert.IsXmlChar(text[i]) ? text[i].ToString() : "\uFFFD");
        }
        return kept.ToString();
    }

    private static JsonNode ToJson(XElement element)
    {
        XAttribute[] attributes = [.. element.Attributes().Where(a => !a.IsNamespaceDeclaration)];
        if (!element.HasElements)
        {
            return JsonValue.Create(element.Value);
        }
        var json = new JsonObject();
        foreach (XAttribute attribute in attributes)
        {
            json[$"@{attribute.Name.LocalName}"] = attribute.Value;
        }
        if (element.Elements().All(e => e.Name == Wd + "ID" && e.Attribute(Wd + "type") is not null))
        {
            foreach (XElement id in element.Elements())
            {
                json[id.Attribute(Wd + "type")!.Value] = id.Value;
            }
            return json;
        }
        foreach (IGrouping<string, XElement> same in element.Elements().GroupBy(e => e.Name.LocalName))
        {
            json[same.Key] = same.Count() == 1 ? ToJson(same.Single()) : new JsonArray([.. same.Select(ToJson)]);
        }
        return json;
    }

    // Before anything is built of it: that takes a time that grows with the square of the depth.
    private static void CheckDepth(ReadOnlyMemory<byte> answer)
    {
        using XmlReader reader = Open(answer);
        while (reader.Read())
        {
            if (reader.NodeType == XmlNodeType.Element && reader.Depth > Deepest)
            {
                throw new FormatException($"The answer is nested deeper than {Deepest} elements.");
            }
        }
    }

    private static XmlReader Open(ReadOnlyMemory<byte> bytes) => XmlReader.Create(new MemoryStream(bytes.ToArray(), writable: false), Reading);

    private static XElement Load(ReadOnlyMemory<byte> bytes)
    {
        using XmlReader reader = Open(bytes);
        return XElement.Load(reader, LoadOptions.PreserveWhitespace);
    }

    private static byte[] ToBytes(XElement root)
    {
        using var bytes = new MemoryStream();
        // Line breaks in text are written as references: a parser would turn them into plain line feeds, or spaces in attributes.
        using (var writer = XmlWriter.Create(bytes, new XmlWriterSettings { Encoding = new UTF8Encoding(false), NewLineHandling = NewLineHandling.Entitize }))
        {
            root.Save(writer);
        }
        return bytes.ToArray();
    }
}
