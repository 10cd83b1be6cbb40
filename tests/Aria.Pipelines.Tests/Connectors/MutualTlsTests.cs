using System.Net;
using System.Security.Cryptography.X509Certificates;
using Aria.Pipelines.Connectors;
using Aria.Pipelines.Sandbox.Certificates;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.Logging;

namespace Aria.Pipelines.Tests.Connectors;

/// <summary>Mutual TLS with a certificate from the secret source and an authority that the connection names, against a server that wants a certificate on the login and on every other request.</summary>
public sealed class MutualTlsTests : IAsyncLifetime
{
    private const string Http = """
        "clientCertificate": { "certificate": "{{ settings.certificate }}", "key": "{{ settings.certificateKey }}" },
        "auth": { "clientCredentials": { "tokenUrl": "URL/token", "clientId": "c", "clientSecret": "{{ settings.clientSecret }}" } },
        "errors": [ { "status": "400-599", "message": "/error" } ]
        """;

    private readonly SandboxAuthority _authority = new("Authority");
    private readonly SandboxAuthority _other = new("Other");
    private readonly List<string> _seen = [];
    private readonly ConnectorRig _rig = new();
    private X509Certificate2 _server = null!;
    private Func<X509Certificate2, bool> _handshake = _ => true;
    private WebApplication _app = null!;

    public async ValueTask InitializeAsync()
    {
        _server = _authority.IssueServer().Certificate;
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(k => k.Listen(IPAddress.Loopback, 0, l => l.UseHttps(o =>
        {
            o.ServerCertificateSelector = (_, _) => _server;
            o.ClientCertificateMode = ClientCertificateMode.AllowCertificate;
            o.ClientCertificateValidation = (shown, _, _) => _handshake(shown);
        })));
        _app = builder.Build();
        _app.Run(async http =>
        {
            X509Certificate2? shown = await http.Connection.GetClientCertificateAsync();
            _seen.Add($"{http.Request.Method} {http.Request.Path} {shown?.Subject ?? "nobody"}");
            bool good = _authority.Accepts(shown);
            await RemoteServer.Json(http.Response, good ? """{"access_token":"token-123","id":1}""" : """{"error":"proper client ssl certificate was not presented"}""", good ? 200 : 401);
        });
        await _app.StartAsync();
        _rig.Secrets["authority"] = _authority.Pem;
        Give(_authority.IssueClient("ARIA"));
    }

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        _rig.Dispose();
        _authority.Dispose();
        _other.Dispose();
    }

    [Fact]
    public async Task Certificate_Given_ShownOnTheLoginAndOnEveryRequest()
    {
        OperationAnswer answer = await DoAsync(Http);
        answer.Outcome.ShouldBe(OperationOutcome.Confirmed, answer.Message);
        _seen.ShouldBe(["POST /token CN=ARIA", "GET /thing CN=ARIA"]);
    }

    [Fact]
    public async Task Certificate_NotDeclared_IsNotShown()
    {
        (await DoAsync("")).Outcome.ShouldBe(OperationOutcome.Rejected);
        _seen.ShouldBe(["GET /thing nobody"]);
    }

    [Fact]
    public async Task Certificate_Renewed_IsShownInsteadOfTheFormerOne()
    {
        await DoAsync(Http);
        Give(_authority.IssueClient("Next"));
        (await DoAsync(Http)).Outcome.ShouldBe(OperationOutcome.Confirmed);
        _seen.ShouldBe(["POST /token CN=ARIA", "GET /thing CN=ARIA", "POST /token CN=Next", "GET /thing CN=Next"]);
    }

    [Fact]
    public async Task Certificate_ThatIsNone_OperatorIsToldHowToGiveIt()
    {
        _rig.Secrets["certificateKey"] = "not a key";
        await ShouldNotBeSentAsync("certificate_unusable",
            "The client certificate of connection 'ats' or its key cannot be used. Provide both as PEM text (-----BEGIN CERTIFICATE----- …), the key without a password.");
    }

    [Fact]
    public async Task Certificate_WhoseTimeIsOver_IsNotShown()
    {
        DateTimeOffset end = new(2027, 3, 1, 12, 0, 0, TimeSpan.Zero);
        Give(_authority.IssueClient("ARIA", until: end));
        _rig.Time.SetUtcNow(end);
        await ShouldNotBeSentAsync("certificate_expired",
            "The client certificate of connection 'ats' ('CN=ARIA', issued by 'CN=Authority', valid until 2027-03-01) has expired. Get a new one from the vendor, and provide it and its key in place of the old ones.");
    }

    [Fact]
    public async Task Certificate_OfAnotherAuthority_TheRefusalNamesIt()
    {
        SandboxCertificate foreign = _other.IssueClient("ARIA");
        Give(foreign);
        OperationAnswer answer = await DoAsync(Http);
        (answer.Outcome, answer.Code, answer.Message).ShouldBe((OperationOutcome.NotSent, "token_refused",
            "The token endpoint refused the credentials with status 401 (proper client ssl certificate was not presented). Check the settings 'clientSecret', 'certificate' and 'certificateKey' of this connection, "
            + $"and whether its certificate ('CN=ARIA', issued by 'CN=Other', valid until {foreign.Certificate.NotAfter.ToUniversalTime():yyyy-MM-dd}) is the one that the vendor knows."));
    }

    [Fact]
    public async Task Certificate_RefusedInTheHandshake_TheMessageNamesIt()
    {
        _handshake = _authority.Accepts;
        Give(_other.IssueClient("ARIA"));
        OperationAnswer answer = await DoAsync(Http);
        (answer.Outcome, answer.Code).ShouldBe((OperationOutcome.NotSent, "token_unavailable"));
        answer.Message.ShouldNotBeNull().ShouldContain("It was shown the client certificate 'CN=ARIA', issued by 'CN=Other', valid until ");
        _seen.ShouldBeEmpty();
    }

    [Fact]
    public async Task Server_OfAnotherAuthority_IsToldNothing()
    {
        _server = _other.IssueServer().Certificate;
        await ShouldNotBeTrustedAsync("issued by 'CN=Authority': 'trust' of the connection names no other authority.");
    }

    [Fact]
    public async Task Server_OfTheRightAuthorityWithoutTrustInIt_IsToldNothing() =>
        await ShouldNotBeTrustedAsync("issued by an authority that this machine trusts; a private one is named by 'trust' in the connection.", []);

    [Fact]
    public async Task Server_WhoseTimeIsOver_IsToldNothing()
    {
        DateTimeOffset now = TimeProvider.System.GetUtcNow();
        _server = _authority.IssueServer(from: now.AddDays(-3), until: now.AddDays(-1)).Certificate;
        await ShouldNotBeTrustedAsync("has to be for this host, in date,");
    }

    [Fact]
    public async Task Server_OfAnotherName_IsToldNothing()
    {
        _server = _authority.IssueServer("api.example.com").Certificate;
        await ShouldNotBeTrustedAsync("has to be for this host, in date,");
    }

    [Theory]
    [InlineData("none of PEM", "authority_unusable", "The authority that connection 'ats' trusts cannot be used. Provide its certificate as PEM text (-----BEGIN CERTIFICATE----- …) in the secret 'authority'.")]
    [InlineData("", "secret_not_found", "Secret 'authority' of connection 'ats' ('trust') is missing or empty. Provide it here: entry 'authority' of the secrets in memory.")]
    public async Task Authority_ThatCannotBeUsed_NothingIsSent(string pem, string code, string message)
    {
        _rig.Secrets["authority"] = pem;
        await ShouldNotBeSentAsync(code, message);
    }

    private async Task ShouldNotBeTrustedAsync(string expected, string[]? trust = null)
    {
        OperationAnswer answer = await DoAsync(Http, trust);
        (answer.Outcome, answer.Code).ShouldBe((OperationOutcome.NotSent, "token_unavailable"));
        answer.Message.ShouldNotBeNull().ShouldStartWith("The token endpoint was not answered (tls_failed). No secure connection to '127.0.0.1:");
        answer.Message.ShouldContain(expected);
        _seen.ShouldBeEmpty();
    }

    private async Task ShouldNotBeSentAsync(string code, string message)
    {
        OperationAnswer answer = await DoAsync(Http);
        (answer.Outcome, answer.Code, answer.Message).ShouldBe((OperationOutcome.NotSent, code, message));
        _seen.ShouldBeEmpty();
    }

    private void Give(SandboxCertificate certificate)
    {
        _rig.Secrets["certificate"] = certificate.Pem;
        _rig.Secrets["certificateKey"] = certificate.KeyPem;
    }

    private Task<OperationAnswer> DoAsync(string http, string[]? trust = null)
    {
        Wire wire = Wire.At(_rig, _app.Urls.First());
        return wire.DoAsync(wire.Connect(http) with { Trust = [.. (trust ?? ["authority"]).Select(name => new SecretName(name))] });
    }
}
