using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;
using System.Security.Cryptography.Xml;
using System.Text;
using System.Text.Json;
using System.Xml;
using System.Xml.Linq;
using Aria.Pipelines.Abstractions;

namespace Aria.Pipelines.Plugins.Workday;

/// <summary>A signed SAML 2.0 bearer assertion (RFC 7522). Its claims are not confirmed by Workday: issuer and audience are settings.</summary>
internal static class SamlAssertion
{
    private static readonly XNamespace Saml = "urn:oasis:names:tc:SAML:2.0:assertion";
    private static readonly TimeSpan Life = TimeSpan.FromMinutes(5);

    /// <summary>The form parameter <c>assertion</c>, base64url.</summary>
    /// <exception cref="CryptographicException">The setting <c>samlKey</c> is not an RSA private key in PEM.</exception>
    public static string Make(IConnectorHost host, Uri tokenUrl, string client)
    {
        DateTimeOffset now = host.Time.GetUtcNow();
        string id = $"_{Guid.NewGuid():N}";
        string issuer = host.Settings.GetProperty("samlIssuer") is { ValueKind: JsonValueKind.String } named ? named.GetString()! : client;
        string audience = host.Settings.GetProperty("samlAudience") is { ValueKind: JsonValueKind.String } given ? given.GetString()! : tokenUrl.AbsoluteUri;
        string end = Time(now + Life);
        var assertion = new XElement(
            Saml + "Assertion",
            new XAttribute("ID", id),
            new XAttribute("Version", "2.0"),
            new XAttribute("IssueInstant", Time(now)),
            new XElement(Saml + "Issuer", issuer),
            new XElement(
                Saml + "Subject",
                new XElement(Saml + "NameID", host.Settings.GetProperty("user").GetString()),
                new XElement(
                    Saml + "SubjectConfirmation",
                    new XAttribute("Method", "urn:oasis:names:tc:SAML:2.0:cm:bearer"),
                    new XElement(Saml + "SubjectConfirmationData", new XAttribute("Recipient", tokenUrl.AbsoluteUri), new XAttribute("NotOnOrAfter", end)))),
            new XElement(
                Saml + "Conditions",
                new XAttribute("NotBefore", Time(now - Life)),
                new XAttribute("NotOnOrAfter", end),
                new XElement(Saml + "AudienceRestriction", new XElement(Saml + "Audience", audience))),
            new XElement(
                Saml + "AuthnStatement",
                new XAttribute("AuthnInstant", Time(now)),
                new XElement(Saml + "AuthnContext", new XElement(Saml + "AuthnContextClassRef", "urn:oasis:names:tc:SAML:2.0:ac:classes:X509"))));
        return Base64Url.EncodeToString(Encoding.UTF8.GetBytes(Signed(assertion, id, WorkdayConnector.SecretOf(host, "samlKey"))));
    }

    private static string Signed(XElement assertion, string id, string pem)
    {
        var document = new XmlDocument { PreserveWhitespace = true, XmlResolver = null };
        using (XmlReader reader = assertion.CreateReader())
        {
            document.Load(reader);
        }
        using var key = RSA.Create();
        key.ImportFromPem(pem);
        var signed = new SignedXml(document) { SigningKey = key };
        signed.SignedInfo!.CanonicalizationMethod = SignedXml.XmlDsigExcC14NTransformUrl;
        var reference = new Reference($"#{id}") { DigestMethod = SignedXml.XmlDsigSHA256Url };
        reference.AddTransform(new XmlDsigEnvelopedSignatureTransform());
        reference.AddTransform(new XmlDsigExcC14NTransform());
        signed.AddReference(reference);
        signed.ComputeSignature();
        // The schema wants it right behind the issuer.
        document.DocumentElement!.InsertAfter(signed.GetXml(), document.DocumentElement.FirstChild);
        return document.OuterXml;
    }

    private static string Time(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
}
