using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Aria.Pipelines.Connectors;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.Logging;

namespace Aria.Pipelines.Tests.Connectors;

/// <summary>Mutual TLS with a certificate from the secret source, against a server that wants it on the login and on every other request.</summary>
public sealed class ClientCertificateTests : IAsyncLifetime
{
    private const string Http = """
        "clientCertificate": { "certificate": "{{ settings.certificate }}", "key": "{{ settings.certificateKey }}" },
        "auth": { "clientCredentials": { "tokenUrl": "URL/token", "clientId": "c", "clientSecret": "{{ settings.clientSecret }}" } }
        """;

    private readonly X509Certificate2 _authority = Make("CN=Authority", null);
    private readonly List<string> _seen = [];
    private WebApplication _server = null!;
    private ConnectorRig _rig = null!;

    public async ValueTask InitializeAsync()
    {
        // A server needs a key that the platform can use, which one made in memory is not everywhere.
        X509Certificate2 own = X509CertificateLoader.LoadPkcs12(Make("CN=127.0.0.1", _authority).Export(X509ContentType.Pkcs12), null);
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(k => k.Listen(IPAddress.Loopback, 0, l => l.UseHttps(own, o =>
        {
            o.ClientCertificateMode = ClientCertificateMode.AllowCertificate;
            o.ClientCertificateValidation = (certificate, _, _) => certificate.Issuer == _authority.Subject;
        })));
        _server = builder.Build();
        _server.Run(async http =>
        {
            string shown = (await http.Connection.GetClientCertificateAsync())?.Subject ?? "nobody";
            _seen.Add($"{http.Request.Method} {http.Request.Path} {shown}");
            await RemoteServer.Json(http.Response, shown == "nobody" ? """{"error":"proper client ssl certificate was not presented"}""" : """{"access_token":"token-123","id":1}""", shown == "nobody" ? 401 : 200);
        });
        await _server.StartAsync();
        var trust = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        trust.CustomTrustStore.Add(_authority);
        _rig = new ConnectorRig(trust);
        Give(Make("CN=ARIA", _authority));
    }

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        _rig.Dispose();
        _authority.Dispose();
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
        Give(Make("CN=Next", _authority));
        (await DoAsync(Http)).Outcome.ShouldBe(OperationOutcome.Confirmed);
        _seen.ShouldBe(["POST /token CN=ARIA", "GET /thing CN=ARIA", "POST /token CN=Next", "GET /thing CN=Next"]);
    }

    [Fact]
    public async Task Certificate_ThatIsNone_OperatorIsToldHowToGiveIt()
    {
        _rig.Secrets["certificateKey"] = "not a key";
        OperationAnswer answer = await DoAsync(Http);
        (answer.Outcome, answer.Code, answer.Message).ShouldBe((OperationOutcome.NotSent, "certificate_unusable",
            "The client certificate of connection 'ats' or its key cannot be used. Provide both as PEM text (-----BEGIN CERTIFICATE----- …), the key without a password."));
        _seen.ShouldBeEmpty();
    }

    private static X509Certificate2 Make(string subject, X509Certificate2? issuer)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest(subject, key, HashAlgorithmName.SHA256);
        DateTimeOffset from = TimeProvider.System.GetUtcNow().AddHours(-1);
        if (issuer is null)
        {
            request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, hasPathLengthConstraint: false, 0, critical: true));
            return request.CreateSelfSigned(from, from.AddDays(1));
        }
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        using X509Certificate2 made = request.Create(issuer, from, from.AddHours(20), RandomNumberGenerator.GetBytes(8));
        return made.CopyWithPrivateKey(key);
    }

    private void Give(X509Certificate2 certificate)
    {
        _rig.Secrets["certificate"] = certificate.ExportCertificatePem();
        _rig.Secrets["certificateKey"] = certificate.GetECDsaPrivateKey()!.ExportPkcs8PrivateKeyPem();
    }

    private Task<OperationAnswer> DoAsync(string http) => Wire.At(_rig, _server.Urls.First()).DoAsync(http);
}
