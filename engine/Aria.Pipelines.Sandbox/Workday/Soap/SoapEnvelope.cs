using System.Xml;
using System.Xml.Linq;
using Aria.Pipelines.Sandbox.Serving;
using static Aria.Pipelines.Sandbox.Workday.Schema.RecruitingSchema;

namespace Aria.Pipelines.Sandbox.Workday.Soap;

/// <summary>A SOAP 1.1 envelope as it came in.</summary>
/// <param name="Message">The one element in its body.</param>
/// <param name="Security">The WS-Security header; null when there is none.</param>
/// <param name="Descriptors">True when the common header asks for descriptors of references.</param>
internal sealed record SoapEnvelope(XElement Message, XElement? Security, bool Descriptors)
{
    public static readonly XNamespace Soap = "http://schemas.xmlsoap.org/soap/envelope/";
    public static readonly XNamespace Wsse = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd";
    private static readonly XName CommonHeader = Wd + "Workday_Common_Header";

    /// <exception cref="SoapFaultException">The bytes are no envelope with one message, or a header must be understood and is not.</exception>
    public static SoapEnvelope Read(byte[] body)
    {
        XElement envelope = Parse(body);
        if (envelope.Name != Soap + "Envelope")
        {
            throw SoapFaultException.Client("The request is not a SOAP 1.1 envelope.");
        }

        XElement[] headers = [.. envelope.Element(Soap + "Header")?.Elements() ?? []];
        if (Array.Find(headers, h => (string?)h.Attribute(Soap + "mustUnderstand") == "1" && h.Name != Wsse + "Security") is { } unknown)
        {
            throw new SoapFaultException("MustUnderstand", $"The header {unknown.Name.LocalName} is not understood.", null);
        }

        return envelope.Element(Soap + "Body")?.Elements().ToArray() is [{ } message]
            ? new SoapEnvelope(message, Array.Find(headers, h => h.Name == Wsse + "Security"), AsksForDescriptors(headers))
            : throw SoapFaultException.Client("The body of the envelope has to hold one message.");
    }

    /// <summary>An answer with a message.</summary>
    public static Answer Wrap(int status, XElement message) => new(
        status,
        Bytes(new XElement(Soap + "Envelope", new XAttribute(XNamespace.Xmlns + "env", Soap), new XAttribute(XNamespace.Xmlns + "wd", Wd), new XElement(Soap + "Body", message))),
        "text/xml; charset=utf-8");

    public static byte[] Bytes(XElement root)
    {
        using var bytes = new MemoryStream();
        using (var writer = XmlWriter.Create(bytes, new XmlWriterSettings { Encoding = new System.Text.UTF8Encoding(false) }))
        {
            root.Save(writer);
        }

        return bytes.ToArray();
    }

    private static bool AsksForDescriptors(XElement[] headers) =>
        (string?)Array.Find(headers, h => h.Name == CommonHeader)?.Element(Wd + "Include_Reference_Descriptors_In_Response") is "true" or "1";

    private static XElement Parse(byte[] body)
    {
        try
        {
            using var reader = XmlReader.Create(new MemoryStream(body), new XmlReaderSettings { DtdProcessing = DtdProcessing.Prohibit, XmlResolver = null, IgnoreWhitespace = true });
            return XElement.Load(reader);
        }
        catch (XmlException e)
        {
            throw SoapFaultException.Client($"The request is not well-formed XML without a DTD: {e.Message}");
        }
    }
}
