using System.Security.Cryptography;
using System.Text;
using System.Xml.Linq;
using Aria.Pipelines.Sandbox.Serving;
using Aria.Pipelines.Sandbox.Workday.Soap;

namespace Aria.Pipelines.Sandbox.Workday.Access;

/// <summary>Who may ask: the integration system user by WS-Security or HTTP Basic, or the bearer of a token.</summary>
internal sealed class Login(WorkdayOptions options, TokenDesk tokens)
{
    private const string PasswordText = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-username-token-profile-1.0#PasswordText";

    /// <summary>True for an envelope with the user's UsernameToken (user@tenant, PasswordText), or a request with a valid token.</summary>
    public bool Admits(SandboxRequest request, SoapEnvelope envelope) => envelope.Security is { } security ? Admits(security) : tokens.Admits(request);

    /// <summary>True for a report's request: Basic as the user, with or without the tenant (the vendor does not say), or a valid token.</summary>
    public bool Admits(SandboxRequest request) =>
        tokens.Admits(request)
        || (request.Credential("Basic") is { } basic
            && (TokenDesk.IsBasic(basic, options.User, options.Password) || TokenDesk.IsBasic(basic, $"{options.User}@{options.Tenant}", options.Password)));

    private bool Admits(XElement security)
    {
        XElement? token = security.Element(SoapEnvelope.Wsse + "UsernameToken");
        XElement? password = token?.Element(SoapEnvelope.Wsse + "Password");
        return (string?)security.Attribute(SoapEnvelope.Soap + "mustUnderstand") == "1"
            && (string?)token?.Element(SoapEnvelope.Wsse + "Username") == $"{options.User}@{options.Tenant}"
            && (string?)password?.Attribute("Type") == PasswordText
            && CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(password!.Value), Encoding.UTF8.GetBytes(options.Password));
    }
}
