using System.Net.Http.Headers;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json;
using Aria.Pipelines.Sandbox.Adp;
using Aria.Pipelines.Sandbox.Certificates;
using Microsoft.Extensions.Time.Testing;

namespace Aria.Pipelines.Tests.Sandbox.Adp;

/// <summary>The stand-in refuses what ADP refuses, in ADP's words.</summary>
public sealed class AdpSandboxTests : IAsyncLifetime
{
    private const string Applications = "/staffing/v2/job-applications";
    private const string Queue = "/core/v1/event-notification-messages";
    private const string NoCertificate = """{"error":"invalid_request","error_description":"proper client ssl certificate was not presented"}""";
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 1, 6, 12, 0, 0, TimeSpan.Zero));
    private readonly List<HttpMessageInvoker> _clients = [];
    private AdpSandbox _sandbox = null!;
    private HttpMessageInvoker _good = null!;
    private string _token = "";

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        await StartAsync(new AdpOptions { Time = _time });
        _token = await TokenAsync();
    }

    public async ValueTask DisposeAsync()
    {
        _clients.ForEach(c => c.Dispose());
        await _sandbox.DisposeAsync();
    }

    [Theory]
    [InlineData("missing")]
    [InlineData("expired")]
    [InlineData("not yet valid")]
    [InlineData("foreign")]
    [InlineData("self-made")]
    [InlineData("a server's")]
    public async Task Certificate_NotGood_RefusedOnTheTokenCallAndOnEveryOther(string kind)
    {
        using var other = new SandboxAuthority("ADP sandbox authority");
        HttpMessageInvoker client = Client(Certificate(kind, other));

        (await TokenReplyAsync(client)).ShouldBe((401, NoCertificate));
        foreach ((string method, string path) in new[] { ("GET", Applications), ("GET", Queue), ("DELETE", $"{Queue}/1"), ("POST", "/events/staffing/v1/job-applicant.external-assessment.status.change") })
        {
            (await SendAsync(client, method, path)).ShouldBe((401, NoCertificate), path);
        }
    }

    [Theory]
    [InlineData("missing")]
    [InlineData("expired")]
    [InlineData("foreign")]
    public async Task Certificate_NotGoodWhereTheHandshakeDecides_NoAnswer(string kind)
    {
        await _sandbox.DisposeAsync();
        await StartAsync(new AdpOptions { Time = _time, RefusesInHandshake = true });
        using var other = new SandboxAuthority("ADP sandbox authority");

        await Should.ThrowAsync<HttpRequestException>(() => TokenReplyAsync(Client(Certificate(kind, other))));
        (await TokenAsync()).ShouldNotBeEmpty();
    }

    [Theory]
    [InlineData("grant_type=client_credentials&client_id=adp-sandbox-client&client_secret=wrong", 401, "invalid_client", "The given client credentials were not valid")]
    [InlineData("grant_type=password&client_id=adp-sandbox-client&client_secret=adp-sandbox-secret", 400, "unsupported_grant_type", "Validation error")]
    public async Task Token_NotForThese_Refused(string form, int status, string error, string description) =>
        (await TokenReplyAsync(_good, form)).ShouldBe((status, $$"""{"error":"{{error}}","error_description":"{{description}}"}"""));

    [Fact]
    public async Task Token_Ended_Is400()
    {
        (await SendAsync(_good, "GET", Applications)).Status.ShouldBe(204);
        _time.Advance(TimeSpan.FromHours(1));
        (await SendAsync(_good, "GET", Applications)).ShouldBe((400, """{"error":"invalid_request","error_description":"Validation error"}"""));
    }

    [Fact]
    public async Task Call_WithoutRole_Refused() =>
        (await SendAsync(_good, "GET", Applications, role: null)).Status.ShouldBe(400);

    [Theory]
    [InlineData("?$filter=jobRequisitionReference/clientRequisitionID eq 4056310", 200)]
    [InlineData("?$filter=jobRequisitionReference/clientRequisitionID eq '4056310'", 500)]
    [InlineData("?$filter=jobRequisitionReference/requisitionTitle eq BACKEND ENGINEER", 200)]
    [InlineData("?$filter=applicationSource/submittedDate eq 2026-01-06", 200)]
    [InlineData("?$filter=applicationSource/submittedDate eq 2026-01-05", 204)]
    [InlineData("?$filter=applicationSource/submittedDate eq 06.01.2026", 400)]
    [InlineData("?$filter=applicationStatusCode/codeValue eq Make Offer", 204)]
    [InlineData("?$filter=applicant/internalApplicantIndicator eq false", 200)]
    [InlineData("?$filter=modified gt 2026-01-06", 400)]
    [InlineData("?modifiedSince=2026-01-06", 400)]
    [InlineData("?$top=1&$skip=1", 204)]
    [InlineData("/123@", 204)]
    public async Task Applications_Asked_AsDocumented(string query, int status)
    {
        _sandbox.Apply(new AdpPerson("Zoë", "Lee", "zoe@example.com"));
        (await SendAsync(_good, "GET", Applications + query)).Status.ShouldBe(status);
    }

    [Theory]
    [InlineData("application/json;masked=false", "zoe@example.com")]
    [InlineData("application/json", "XXXXXXXX")]
    public async Task Applications_PersonalData_MaskedUnlessAskedFor(string accept, string email)
    {
        string id = _sandbox.Apply(new AdpPerson("Zoë", "Lee", "zoe@example.com"));
        (int status, string body) = await SendAsync(_good, "GET", $"{Applications}/{id}", accept: accept);
        status.ShouldBe(200);
        JsonElement.Parse(body).GetProperty("jobApplications")[0].GetProperty("applicant").GetProperty("person").GetProperty("communication").GetProperty("emails")[0].GetProperty("emailUri").GetString().ShouldBe(email);
    }

    [Theory]
    [InlineData("""{"events":[]}""", "Bad Request - no events")]
    [InlineData("""{"events":[{"data":{"transform":{"externalAssessment":{"jobApplications":[]}}}}]}""", "Bad Request - agencyCode should not be blank")]
    [InlineData("""{"events":[{"data":{"transform":{"externalAssessment":{"agencyCode":{"codeValue":"ARIA"},"jobApplications":[]}}}}]}""", "Bad Request - Invalid AppOid - []")]
    [InlineData("""{"events":[{"data":{"transform":{"externalAssessment":{"agencyCode":{"codeValue":"ARIA"},"jobApplications":[{"applicationID":"1_1"}]}}}}]}""", "Bad Request - Invalid AppOid - [1_1]")]
    [InlineData("""{"events":[{"data":{"transform":{"externalAssessment":{"agencyCode":{"codeValue":"ARIA"},"jobApplications":[{"applicationID":"169744662286_1"}]}}}}]}""", "Bad Request - Invalid assessmentPackageID - []")]
    [InlineData("""{"events":[{"data":{"transform":{"externalAssessment":{"agencyCode":{"codeValue":"ARIA"},"jobApplications":[{"applicationID":"169744662286_1","assessmentPackageID":"ARIA_INTERVIEW"}]}}}}]}""", "Bad Request - [Status should not be blank against Application Id - 169744662286_1]")]
    [InlineData("""{"events":[{"eventNameCode":{"codeValue":"worker.hire"},"data":{"transform":{}}}]}""", "Bad Request - the event worker.hire does not belong here")]
    public async Task StatusChange_WithoutWhatItNeeds_RefusedInTheVendorsWords(string body, string message)
    {
        _sandbox.Apply(new AdpPerson("Zoë", "Lee"));
        (int status, string said) = await SendAsync(_good, "POST", "/events/staffing/v1/job-applicant.external-assessment.status.change", body);
        (status, Said(said)).ShouldBe((400, message));
    }

    [Theory]
    [InlineData("""{"agencyCode":{"codeValue":"ARIA"},"screeningPackages":[]}""", "Bad Request - screeningTypeCode should not be blank or should be ASSESSMENT")]
    [InlineData("""{"agencyCode":{"codeValue":"ARIA"},"screeningTypeCode":{"codeValue":"ASSESSMENT"},"screeningPackages":[{"screeningPackageID":"P"}]}""", "Bad Request - [packageName should not be blank against screeningPackageID: P]")]
    [InlineData("""{"agencyCode":{"codeValue":"ARIA"},"screeningTypeCode":{"codeValue":"ASSESSMENT"},"screeningPackages":[{"screeningPackageID":"P","packageName":"n","packageStatusCode":{"codeValue":"Active"}}]}""", null)]
    public async Task Packages_Published_OrRefusedInTheVendorsWords(string screening, string? message)
    {
        (int status, string said) = await SendAsync(_good, "POST", "/events/staffing/v1/job-applicant.external-screening.packages.modify", """{"events":[{"data":{"transform":{"externalScreening":""" + screening + "}}}]}");
        (status, status == 200 ? null : Said(said)).ShouldBe((message is null ? 200 : 400, message));
        _sandbox.State.Packages.Contains("P").ShouldBe(message is null);
    }

    [Fact]
    public async Task Queue_HeadStaysUntilItIsDeleted()
    {
        string id = _sandbox.Apply(new AdpPerson("Zoë", "Lee"));
        (await SendAsync(_good, "GET", Queue)).Status.ShouldBe(204);
        _sandbox.Move(id, "Phone Screen");
        _sandbox.Move(id, "Interview");
        using HttpResponseMessage first = await RawAsync(_good, "GET", Queue);
        string message = first.Headers.GetValues("adp-msg-msgid").Single();
        using HttpResponseMessage again = await RawAsync(_good, "GET", Queue);
        again.Headers.GetValues("adp-msg-msgid").Single().ShouldBe(message);
        (await SendAsync(_good, "DELETE", $"{Queue}/{message}")).Status.ShouldBe(200);
        (await SendAsync(_good, "DELETE", $"{Queue}/{message}")).Status.ShouldBe(404);
        using HttpResponseMessage next = await RawAsync(_good, "GET", Queue);
        next.Headers.GetValues("adp-msg-msgid").Single().ShouldNotBe(message);
        _sandbox.State.Queued.ShouldBe(1);
    }

    private X509Certificate2? Certificate(string kind, SandboxAuthority other)
    {
        DateTimeOffset now = TimeProvider.System.GetUtcNow();
        return kind switch
        {
            "expired" => _sandbox.Authority.IssueClient("ARIA", now.AddDays(-9), now.AddDays(-1)).Certificate,
            "not yet valid" => _sandbox.Authority.IssueClient("ARIA", now.AddDays(1), now.AddDays(9)).Certificate,
            "foreign" => other.IssueClient("ARIA").Certificate,
            "self-made" => X509CertificateLoader.LoadPkcs12(other.Certificate.Export(X509ContentType.Pkcs12), null),
            "a server's" => _sandbox.Authority.IssueServer().Certificate,
            _ => null,
        };
    }

    private async Task StartAsync(AdpOptions options)
    {
        _sandbox = await AdpSandbox.StartAsync(options, Stop);
        _good = Client(_sandbox.Authority.IssueClient("ARIA").Certificate);
    }

    private HttpMessageInvoker Client(X509Certificate2? certificate)
    {
        var trust = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        trust.CustomTrustStore.Add(_sandbox.Authority.Certificate);
#pragma warning disable RS0030 // The test is the client; it must not share the engine's outbound path.
        var client = new HttpMessageInvoker(new SocketsHttpHandler
        {
            UseProxy = false,
            SslOptions = new SslClientAuthenticationOptions
            {
                ClientCertificateContext = certificate is null ? null : SslStreamCertificateContext.Create(certificate, null, offline: true),
                CertificateChainPolicy = trust,
            },
        });
#pragma warning restore RS0030
        _clients.Add(client);
        return client;
    }

    private async Task<string> TokenAsync()
    {
        (int status, string body) = await TokenReplyAsync(_good);
        status.ShouldBe(200);
        return JsonElement.Parse(body).GetProperty("access_token").GetString()!;
    }

    private async Task<(int Status, string Body)> TokenReplyAsync(HttpMessageInvoker client, string form = "grant_type=client_credentials&client_id=adp-sandbox-client&client_secret=adp-sandbox-secret")
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, _sandbox.TokenUrl) { Content = new StringContent(form, Encoding.UTF8, "application/x-www-form-urlencoded") };
        using HttpResponseMessage response = await client.SendAsync(request, Stop);
        return ((int)response.StatusCode, await response.Content.ReadAsStringAsync(Stop));
    }

    private async Task<(int Status, string Body)> SendAsync(HttpMessageInvoker client, string method, string path, string? body = null, string? role = "practitioner", string accept = "application/json")
    {
        using HttpResponseMessage response = await RawAsync(client, method, path, body, role, accept);
        return ((int)response.StatusCode, await response.Content.ReadAsStringAsync(Stop));
    }

    private async Task<HttpResponseMessage> RawAsync(HttpMessageInvoker client, string method, string path, string? body = null, string? role = "practitioner", string accept = "application/json")
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), new Uri(_sandbox.BaseUrl, path)) { Content = body is null ? null : new StringContent(body, Encoding.UTF8, "application/json") };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", _token);
        request.Headers.TryAddWithoutValidation("Accept", accept);
        if (role is not null)
        {
            request.Headers.Add("roleCode", role);
        }
        return await client.SendAsync(request, Stop);
    }

    private static string? Said(string body) => JsonElement.Parse(body).GetProperty("confirmMessage").GetProperty("resourceMessages")[0].GetProperty("processMessages")[0].GetProperty("userMessage").GetProperty("messageTxt").GetString();
}
