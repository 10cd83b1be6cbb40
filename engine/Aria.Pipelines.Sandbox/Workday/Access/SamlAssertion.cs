using System.Globalization;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Security.Cryptography.Xml;
using System.Xml;
using Microsoft.AspNetCore.WebUtilities;

namespace Aria.Pipelines.Sandbox.Workday.Access;

/// <summary>
/// A SAML 2.0 bearer assertion (RFC 7522): issued by the client, about the user, for an audience, in time, signed with the registered
/// certificate. The vendor publishes no claims: these are RFC 7522's.
/// </summary>
internal sealed class SamlAssertion(WorkdayOptions options)
{
    private const string Namespace = "urn:oasis:names:tc:SAML:2.0:assertion";

    /// <param name="assertion">The form parameter, base64url.</param>
    public bool IsGood(string assertion)
    {
        if (options.AssertionCertificate is not { } certificate)
        {
            return false;
        }

        try
        {
            var document = new XmlDocument { PreserveWhitespace = true, XmlResolver = null };
            using var reader = XmlReader.Create(new MemoryStream(WebEncoders.Base64UrlDecode(assertion)), new XmlReaderSettings { DtdProcessing = DtdProcessing.Prohibit, XmlResolver = null });
            document.Load(reader);
            return IsSigned(document, certificate) && Says(document.DocumentElement!);
        }
        catch (Exception e) when (e is FormatException or XmlException or CryptographicException)
        {
            return false;
        }
    }

    private static bool IsSigned(XmlDocument document, string certificate)
    {
        if (document.GetElementsByTagName("Signature", SignedXml.XmlDsigNamespaceUrl) is not { Count: 1 } signatures)
        {
            return false;
        }

        using var registered = X509Certificate2.CreateFromPem(certificate);
        var signed = new SignedXml(document.DocumentElement!);
        signed.LoadXml((XmlElement)signatures[0]!);
        // The signature has to be over this very element, not over another one beside it.
        return signed.SignedInfo!.References.Count == 1 && ((Reference)signed.SignedInfo.References[0]!).Uri == $"#{document.DocumentElement!.GetAttribute("ID")}"
            && signed.CheckSignature(registered, verifySignatureOnly: true);
    }

    private bool Says(XmlElement assertion)
    {
        DateTimeOffset now = options.Time.GetUtcNow();
        string? Text(string name) => assertion.GetElementsByTagName(name, Namespace) is { Count: 1 } only ? only[0]!.InnerText : null;
        XmlElement? conditions = assertion.GetElementsByTagName("Conditions", Namespace)[0] as XmlElement;
        return assertion.LocalName == "Assertion" && assertion.NamespaceURI == Namespace
            && Text("Issuer") == options.ClientId && Text("NameID") == options.User && Text("Audience") is { Length: > 0 }
            && Time(conditions?.GetAttribute("NotBefore")) <= now && Time(conditions?.GetAttribute("NotOnOrAfter")) > now;
    }

    private static DateTimeOffset? Time(string? text) =>
        DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out DateTimeOffset time) ? time : null;
}
