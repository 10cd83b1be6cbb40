using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Aria.Pipelines.Abstractions;
using Aria.Pipelines.Connectors;
using Aria.Pipelines.Definitions;
using Aria.Pipelines.Sandbox.Adp;
using Aria.Pipelines.Sandbox.Certificates;
using Aria.Pipelines.Sandbox.Faults;

namespace Aria.Pipelines.Tests.Connectors;

/// <summary>Reads and writes of the ADP connector against its stand-in, over mutual TLS.</summary>
public sealed class AdpConnectorTests : IAsyncLifetime
{
    private readonly ConnectorRig _rig = new();
    private AdpSandbox _sandbox = null!;
    private string _id = "";

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _sandbox = await AdpSandbox.StartAsync(new AdpOptions { Time = _rig.Time }, Stop);
        _id = _sandbox.Apply(new AdpPerson("Zoë", "Lee", "Zoe@Example.com", "+15551234567"));
        SandboxCertificate client = _sandbox.Authority.IssueClient("ARIA");
        foreach ((string name, string value) in new Dictionary<string, string>
        {
            ["clientId"] = new AdpOptions().ClientId, ["clientSecret"] = new AdpOptions().ClientSecret,
            ["certificate"] = client.Pem, ["certificateKey"] = client.KeyPem, ["authority"] = _sandbox.Authority.Pem,
        })
        {
            _rig.Secrets[name] = value;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _sandbox.DisposeAsync();
        _rig.Dispose();
    }

    [Fact]
    public async Task ApplicationGet_Canonical()
    {
        JsonElement output = (await SendAsync(Connect(), "application.get", $$"""{"application_id":"{{_id}}"}""")).Output!.Value;
        JsonElement.DeepEquals(output, JsonElement.Parse($$"""
            {
              "application": { "id": "{{_id}}", "status": "New", "stage": { "id": "New", "name": "New" }, "applied_at": "2026-01-06T12:00:00.000Z", "url": null, "source": "Career Center" },
              "candidate": { "id": "G30000000000001", "first_name": "Zoë", "last_name": "Lee", "name": "Zoë Lee", "email": "Zoe@Example.com", "email_canonical": "zoe@example.com", "phone": "+15551234567", "resume_url": null, "url": null },
              "job": { "id": "92004056310_1", "title": "Backend Engineer", "requisition_id": "4056310" }
            }
            """)).ShouldBeTrue(output.GetRawText());
    }

    [Fact]
    public async Task StatusChange_ApplicationHasMovedOnMeanwhile_IsTheStatusOfTheEvent()
    {
        byte[] payload = Encoding.UTF8.GetBytes($$$"""{"eventID":"e-1","kind":"status","application_id":"{{{_id}}}","status":{"codeValue":"Interview","shortName":"Interview"}}""");
        JsonElement application = (await _rig.CanonicalAsync(Connect(), "application.stage_changed", payload)).GetProperty("application");
        (application.GetProperty("status").GetString(), application.GetProperty("stage").GetRawText()).ShouldBe(("Interview", """{"id":"Interview","name":"Interview"}"""));
        _sandbox.State.Application(_id).Status.ShouldBe("New");
    }

    [Fact]
    public async Task ApplicationGet_NothingIsAnsweredForIt_IsNotThere()
    {
        Connection connection = Connect();
        Preparation prepared = await PrepareAsync(connection, "application.get", """{"application_id":"1_1"}""");
        (prepared.Problem.ShouldNotBeNull().Code, prepared.Problem.Summary).ShouldBe(("application_not_found", "ADP has no application '1_1', or the profile of the API user may not see it."));
    }

    [Fact]
    public async Task ApplicationGet_WithoutAccess_SaysWhatTheVendorSays()
    {
        await using AdpSandbox closed = await AdpSandbox.StartAsync(new AdpOptions { Time = _rig.Time, Permission = false }, Stop);
        _rig.Secrets["authority"] = closed.Authority.Pem;
        Give(closed.Authority.IssueClient("ARIA"));
        Preparation prepared = await PrepareAsync(Connect(closed), "application.get", $$"""{"application_id":"{{_id}}"}""");
        prepared.Problem.ShouldNotBeNull().Summary.ShouldBe("'ats.application.get' could not read 'application' (status 403): Forbidden - WFN-REC-MarketPlace-API User doesn't have access to get applications");
    }

    [Fact]
    public async Task InterviewWrite_WholeResult_StatusTextAndLinkOfThePackage()
    {
        await WriteAsync(Connect(), "interview.write", $$"""{"application_id":"{{_id}}","status":"completed","score":8.46,"recommendation":"maybe","transcript_url":"https://t.example/1","recording_url":"https://r.example/1"}""");
        _sandbox.State.Application(_id).Assessments.ShouldBe([new AdpAssessmentView("ARIA_INTERVIEW", "Completed", "Completed: 8.5 of 10, Maybe", "https://t.example/1")]);
    }

    [Fact]
    public async Task InterviewWrite_Pending_StatusAlone()
    {
        await WriteAsync(Connect(), "interview.write", $$"""{"application_id":"{{_id}}","status":"pending"}""");
        _sandbox.State.Application(_id).Assessments.ShouldBe([new AdpAssessmentView("ARIA_INTERVIEW", "Pending", "Pending", null)]);
    }

    [Fact]
    public async Task NoteAdd_Text_BesideTheStatusOfThePackageForNotes()
    {
        await WriteAsync(Connect("""{"textLength":10}"""), "note.add", $$"""{"application_id":"{{_id}}","text":"needs attention"}""");
        AdpAssessmentView note = _sandbox.State.Application(_id).Assessments.ShouldHaveSingleItem();
        (note.PackageId, note.StatusCode).ShouldBe(("ARIA_NOTE", "Note"));
        note.StatusName.ShouldNotBeNull().Length.ShouldBe(10);
    }

    [Fact]
    public async Task Places_OfATenant_NestTheEventAsTheySay()
    {
        Connection connection = Connect("""{"places":{"application":"/eventContext/jobApplication/itemID","text":null,"link":"/transform/links/0/href","score":"/transform/score/value","recommendation":"/transform/score/shortName"}}""");
        byte[] frozen = (await PrepareAsync(connection, "assessment.set", """{"application_id":"7_1","package_id":"P","status":"Done","text":"t","link":"https://t.example","score":8,"recommendation":"advance"}""")).Frozen.ShouldNotBeNull();
        JsonElement data = JsonElement.Parse(FrozenRequest.FromBytes(frozen).Body).GetProperty("events")[0].GetProperty("data");
        JsonElement.DeepEquals(data, JsonElement.Parse("""
            {
              "transform": {
                "externalAssessment": { "agencyCode": { "codeValue": "ARIA" }, "jobApplications": [ { "assessmentPackageID": "P", "assessmentStatusCode": { "codeValue": "Done" } } ] },
                "links": [ { "href": "https://t.example" } ], "score": { "value": 8, "shortName": "advance" }
              },
              "eventContext": { "jobApplication": { "itemID": "7_1" } }
            }
            """)).ShouldBeTrue(data.GetRawText());
    }

    [Fact]
    public async Task AssessmentSet_AnswerLost_FoundAmongOthersByAllThatWasWritten()
    {
        Connection connection = Connect();
        ConnectorOperation operation = connection.Connector.Operations["assessment.set"];
        JsonElement input = JsonElement.Parse($$"""{"application_id":"{{_id}}","package_id":"ARIA_INTERVIEW","status":"Completed","text":"Completed: 8 of 10","link":"https://t.example/1"}""");
        await SendAsync(connection, "assessment.set", $$"""{"application_id":"{{_id}}","package_id":"ARIA_INTERVIEW","status":"Pending","text":"Pending"}""");
        await SendAsync(connection, "assessment.set", $$"""{"application_id":"{{_id}}","package_id":"ARIA_NOTE","status":"Completed","text":"Completed: 8 of 10","link":"https://t.example/1"}""");
        byte[] frozen = (await _rig.Client.PrepareAsync(connection, operation, input, "key-1", Stop)).Frozen!;
        (await _rig.Client.LookUpAsync(connection, operation, input, "key-1", frozen, Stop)).Outcome.ShouldBe(OperationOutcome.NotFound);
        _sandbox.Faults.Add(new Fault { Kind = FaultKind.DropAfter, Method = "POST" });
        (await _rig.Client.SendAsync(connection, operation, input, frozen, null, Stop)).Outcome.ShouldBe(OperationOutcome.Unknown);
        (await _rig.Client.LookUpAsync(connection, operation, input, "key-1", frozen, Stop)).Outcome.ShouldBe(OperationOutcome.Confirmed);
    }

    [Theory]
    [InlineData("""{"assessmentPackage":"OTHER"}""", "Bad Request - Invalid assessmentPackageID - [OTHER]")]
    [InlineData("""{"agencyCode":""}""", "Bad Request - agencyCode should not be blank")]
    [InlineData("""{"places":{"status":null,"text":"/transform/externalAssessment/jobApplications/0/assessmentStatusCode/longName"}}""", "Bad Request - [Status should not be blank against Application Id - 169744662286_1]")]
    [InlineData("""{"places":{"link":"/transform/externalAssessment/jobApplications/0/link"}}""", "Bad Request - unknown field link")]
    public async Task InterviewWrite_Refused_SaysWhatTheVendorSays(string settings, string message)
    {
        Connection connection = Connect(settings);
        (IReadOnlyList<(OperationPart Part, JsonElement? Input)> parts, _) = OperationParts.Of(
            connection, connection.Connector.Operations["interview.write"], JsonElement.Parse($$"""{"application_id":"{{_id}}","status":"completed","transcript_url":"https://t.example/1"}"""));
        OperationAnswer answer = await SendAsync(connection, "assessment.set", parts.Single().Input!.Value.GetRawText());
        (answer.Outcome, answer.Status, answer.Message).ShouldBe((OperationOutcome.Rejected, 400, message));
        _sandbox.State.Application(_id).Assessments.ShouldBeEmpty();
    }

    [Fact]
    public async Task Token_EndedBeforeItsTime_IsRenewedOnTheVendors400()
    {
        Connection connection = Connect();
        await SendAsync(connection, "application.get", $$"""{"application_id":"{{_id}}"}""");
        _sandbox.EndTokens();
        await WriteAsync(connection, "interview.write", $$"""{"application_id":"{{_id}}","status":"pending"}""");
        _sandbox.Requests.Entries.Select(e => $"{e.Method} {e.Path} {e.Status}").ShouldBe([
            "POST /auth/oauth/v2/token 200", "GET /staffing/v2/job-applications/169744662286_1 200",
            "POST /events/staffing/v1/job-applicant.external-assessment.status.change 400", "POST /auth/oauth/v2/token 200",
            "POST /events/staffing/v1/job-applicant.external-assessment.status.change 200",
        ]);
    }

    [Theory]
    [InlineData(7, OperationOutcome.RateLimited)]
    [InlineData(null, OperationOutcome.Unknown)]
    public async Task Status503_WithATimeToComeAgain_IsALimitAndOtherwiseNobodyKnows(int? seconds, object outcome)
    {
        Connection connection = Connect();
        await SendAsync(connection, "application.get", $$"""{"application_id":"{{_id}}"}""");
        _sandbox.Faults.Add(new Fault { Kind = FaultKind.Status, Method = "POST", Status = 503, RetryAfter = seconds });
        OperationAnswer answer = await SendAsync(connection, "assessment.set", $$"""{"application_id":"{{_id}}","package_id":"ARIA_INTERVIEW","status":"Pending"}""");
        (answer.Outcome, (answer.RetryAt - _rig.Time.GetUtcNow())?.TotalSeconds).ShouldBe(((OperationOutcome)outcome, seconds));
    }

    [Theory]
    [InlineData("failed", AnswerKind.Rejected, "No such package")]
    [InlineData("succeeded", AnswerKind.Success, null)]
    public void Status200_WithAConfirmMessage_MeansWhatThatSays(string code, object kind, string? message)
    {
        byte[] body = Encoding.UTF8.GetBytes($$$"""{"confirmMessage":{"requestStatusCode":{"codeValue":"{{{code}}}"},"resourceMessages":[{"processMessages":[{"userMessage":{"messageTxt":"No such package"}}]}]}}""");
        Verdict verdict = AnswerClassifier.Classify(Connect().Connector.Http.Errors, new ConnectorResponse(200, new Dictionary<string, IReadOnlyList<string>>(), body), r => JsonElement.Parse(r.Body.Span));
        (verdict.Kind, verdict.Message).ShouldBe(((AnswerKind)kind, message));
    }

    [Fact]
    public async Task Certificate_ThatADPDoesNotKnow_RefusalNamesIt()
    {
        using var other = new SandboxAuthority("Another authority");
        Give(other.IssueClient("ARIA"));
        Preparation prepared = await PrepareAsync(Connect(), "application.get", $$"""{"application_id":"{{_id}}"}""");
        string said = prepared.Problem.ShouldNotBeNull().Summary;
        said.ShouldContain("The token endpoint refused the credentials with status 401 (proper client ssl certificate was not presented).");
        said.ShouldContain("whether its certificate ('CN=ARIA', issued by 'CN=Another authority', valid until ");
    }

    private void Give(SandboxCertificate certificate) => (_rig.Secrets["certificate"], _rig.Secrets["certificateKey"]) = (certificate.Pem, certificate.KeyPem);

    private Connection Connect(string settings = "{}") => Connect(_sandbox, settings);

    private static Connection Connect(AdpSandbox sandbox, string settings = "{}")
    {
        JsonObject all = JsonNode.Parse(settings)!.AsObject();
        all["baseUrl"] = sandbox.BaseUrl.ToString().TrimEnd('/');
        all["tokenUrl"] = sandbox.TokenUrl.ToString();
        all.TryAdd("agencyCode", "ARIA");
        return Plugins.Connect(Plugins.Read(new DefinitionFolder(Path.Combine(Plugins.Root, "plugins/Adp"), "plugins/Adp")), all.ToJsonString()) with { Trust = [new("authority")] };
    }

    /// <summary>Does an operation that consists of parts.</summary>
    private async Task WriteAsync(Connection connection, string operation, string input)
    {
        (IReadOnlyList<(OperationPart Part, JsonElement? Input)> parts, Diagnostic? problem) = OperationParts.Of(connection, connection.Connector.Operations[operation], JsonElement.Parse(input));
        problem.ShouldBeNull();
        foreach ((OperationPart part, JsonElement? with) in parts)
        {
            OperationAnswer answer = await SendAsync(connection, part.Operation.Name, with!.Value.GetRawText());
            answer.Outcome.ShouldBe(OperationOutcome.Confirmed, answer.Message);
        }
    }

    private Task<Preparation> PrepareAsync(Connection connection, string operation, string input) =>
        _rig.Client.PrepareAsync(connection, connection.Connector.Operations[operation], JsonElement.Parse(input), "key-1", Stop);

    private async Task<OperationAnswer> SendAsync(Connection connection, string operation, string input)
    {
        Preparation prepared = await PrepareAsync(connection, operation, input);
        return await _rig.Client.SendAsync(connection, connection.Connector.Operations[operation], JsonElement.Parse(input), prepared.Frozen.ShouldNotBeNull(prepared.Problem?.ToString()), null, Stop);
    }
}
