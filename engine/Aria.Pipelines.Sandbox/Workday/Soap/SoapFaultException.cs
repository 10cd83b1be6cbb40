using System.Xml.Linq;
using Aria.Pipelines.Sandbox.Serving;
using Aria.Pipelines.Sandbox.Workday.Schema;
using static Aria.Pipelines.Sandbox.Workday.Schema.RecruitingSchema;

namespace Aria.Pipelines.Sandbox.Workday.Soap;

/// <summary>Ends a request with a SOAP fault. The shape of the detail is documented; the words of the fault code are not.</summary>
internal sealed class SoapFaultException(string code, string message, XElement? detail) : Exception(message)
{
    /// <summary>The request breaks the protocol.</summary>
    public static SoapFaultException Client(string message) => new("Client", message, null);

    /// <summary>The sender is not who may ask.</summary>
    public static SoapFaultException Authentication() => new("Client.authenticationError", "invalid username or password", null);

    /// <summary>The sender asks for something that the tenant cannot do now.</summary>
    public static SoapFaultException Processing(string message) =>
        new("Client.processingError", message, new XElement(Wd + "Processing_Fault", new XElement(Wd + "Detail_Message", message)));

    /// <summary>The message breaks a rule.</summary>
    /// <param name="message">The rule, in the vendor's words.</param>
    /// <param name="at">The element that breaks it.</param>
    public static SoapFaultException Validation(string message, XElement at) => Validation([new SchemaViolation(message, PathOf(at))]);

    /// <summary>The message breaks rules.</summary>
    public static SoapFaultException Validation(IReadOnlyList<SchemaViolation> violations) => new(
        "Client.validationError",
        $"Validation error occurred. {violations[0].Message}",
        new XElement(Wd + "Validation_Fault", violations.Select(v => new XElement(
            Wd + "Validation_Error", new XElement(Wd + "Message", v.Message), new XElement(Wd + "Detail_Message", v.Message), new XElement(Wd + "Xpath", v.Path)))));

    public Answer ToAnswer(int status) => SoapEnvelope.Wrap(status, new XElement(
        SoapEnvelope.Soap + "Fault",
        new XElement("faultcode", $"env:{code}"),
        new XElement("faultstring", Message),
        detail is null ? null : new XElement("detail", detail)));
}
