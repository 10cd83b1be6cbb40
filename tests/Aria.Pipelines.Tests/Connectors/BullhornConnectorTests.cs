using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Aria.Pipelines.Abstractions;
using Aria.Pipelines.Connectors;
using Aria.Pipelines.Definitions;
using Aria.Pipelines.Sandbox.Bullhorn;
using Aria.Pipelines.Sandbox.Faults;
using Aria.Pipelines.Sandbox.Serving;

namespace Aria.Pipelines.Tests.Connectors;

/// <summary>The Bullhorn connector against its stand-in, over sockets: logging in, reading and writing.</summary>
public sealed class BullhornConnectorTests : IAsyncLifetime
{
    private const string Token = "/oauth/token";
    private readonly ConnectorRig _rig = new();
    private BullhornOptions _options = null!;
    private BullhornSandbox _sandbox = null!;
    private long _id;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private string Get => $$"""{"application_id":"{{Id}}"}""";

    private string Id => _id.ToString(CultureInfo.InvariantCulture);

    private BullhornSubmissionView Held => _sandbox.State.Submission(_id);

    private IReadOnlyList<BullhornNoteView> Notes => _sandbox.State.NotesOf(Held);

    /// <summary>Method and path of what was asked, with the grant where a token was.</summary>
    private string[] Lines => [.. _sandbox.Requests.Entries.Select(Line)];

    public async ValueTask InitializeAsync()
    {
        (_rig.Secrets["username"], _rig.Secrets["password"]) = ("acme.api", "p&ss=wörd");
        _options = new BullhornOptions { Time = _rig.Time, ClientId = "client-1", ClientSecret = "very-secret-value", Username = "acme.api", Password = "p&ss=wörd" };
        await StartAsync(_options);
    }

    public async ValueTask DisposeAsync()
    {
        await _sandbox.DisposeAsync();
        _rig.Dispose();
    }

    [Fact]
    public async Task Login_FourSteps_CodeTokenSessionAndTheAccountsOwnAddress()
    {
        OperationAnswer answer = await SendAsync(Connect(), "application.get", Get);
        answer.Outcome.ShouldBe(OperationOutcome.Confirmed, answer.Message);
        Lines.ShouldBe(
        [
            "GET /rest-services/loginInfo", "POST /oauth/authorize", "POST /oauth/token authorization_code", "POST /rest-services/login",
            $"GET /rest-services/e999/entity/JobSubmission/{Id}",
        ]);
        await SendAsync(Connect(), "note.add", $$"""{"application_id":"{{Id}}","text":"hello"}""");
        (_sandbox.State.Logins, _rig.Rotated.Kept.Count).ShouldBe((1, 1), "one session serves all, and its refresh token is kept");
    }

    [Theory]
    [InlineData("GET", "/rest-services/loginInfo")]
    [InlineData("POST", "/oauth/authorize")]
    [InlineData("POST", "/oauth/token")]
    [InlineData("POST", "/rest-services/login")]
    public async Task Login_AnswerOfAStepLost_LogsInAnewFromTheBeginning(string method, string path)
    {
        Connection connection = Connect();
        _sandbox.Faults.Add(new Fault { Kind = FaultKind.DropAfter, Method = method, PathPrefix = path });
        OperationAnswer lost = await TouchAsync(connection);
        (lost.Outcome, lost.Code).ShouldBe((OperationOutcome.NotSent, "token_unavailable"));
        (await TouchAsync(connection)).Outcome.ShouldBe(OperationOutcome.Confirmed);
    }

    [Fact]
    public async Task Login_WrongPassword_SaysWhichStep()
    {
        _rig.Secrets["password"] = "wrong-password";
        OperationAnswer answer = await TouchAsync(Connect());
        (answer.Outcome, answer.Code, answer.Message).ShouldBe(
            (OperationOutcome.NotSent, "token_refused", "Step 'code' of the login refused the credentials with status 200. Check the settings 'username', 'clientId', 'clientSecret' and 'password' of this connection."));
    }

    [Theory]
    [InlineData("127.0.0.1", true)]
    [InlineData("bullhornstaffing.com", false)]
    public async Task Login_WrongDataCentre_SentOnWithinTheDomainOnly(string domain, bool follows)
    {
        await using BullhornSandbox elsewhere = await BullhornSandbox.StartAsync(_options with { DataCentre = _sandbox.BaseUrl }, Stop);
        Connection connection = Connect(new JsonObject { ["baseUrl"] = elsewhere.RestUrl.ToString(), ["domain"] = domain }.ToJsonString());
        OperationAnswer answer = await TouchAsync(connection);
        elsewhere.Requests.Entries.Select(Line).ShouldBe(follows
            ? ["GET /rest-services/loginInfo", "POST /oauth/authorize", "POST /oauth/token authorization_code", "POST /rest-services/login"]
            : ["GET /rest-services/loginInfo", "POST /oauth/authorize"]);
        Lines.ShouldBe(follows
            ? ["POST /oauth/authorize", "POST /oauth/token authorization_code", "POST /rest-services/login", $"POST /rest-services/e999/entity/JobSubmission/{Id}"]
            : []);
        answer.Message.ShouldBe(follows ? null : "Step 'code' of the login refused the credentials with status 307. Check the settings 'username', 'clientId', 'clientSecret' and 'password' of this connection.");
    }

    [Fact]
    public async Task Session_Ended_RenewedWithTheRefreshTokenThatIsGoodOnce()
    {
        Connection connection = Connect();
        for (int round = 0; round < 3; round++)
        {
            (await TouchAsync(connection)).Outcome.ShouldBe(OperationOutcome.Confirmed);
            _sandbox.EndSessions();
        }
        Lines.Count(l => l == "POST /oauth/authorize").ShouldBe(1);
        Lines.Count(l => l == "POST /oauth/token refresh_token").ShouldBe(2);
        _rig.Rotated.Kept.Distinct().Count().ShouldBe(3);
    }

    [Fact]
    public async Task Session_ThatEndsInAnHour_RenewedALittleBefore()
    {
        Connection connection = Connect();
        await TouchAsync(connection);
        _rig.Time.Advance(TimeSpan.FromMinutes(58));
        await TouchAsync(connection);
        _sandbox.State.Logins.ShouldBe(1);
        _rig.Time.Advance(TimeSpan.FromMinutes(1.5));
        await TouchAsync(connection);
        _sandbox.State.Logins.ShouldBe(2);
        _sandbox.Requests.Entries.ShouldAllBe(r => r.Status != 401);
    }

    [Fact]
    public async Task RefreshToken_AnswerToItLost_PasswordLogsInAndANewChainBegins()
    {
        Connection connection = Connect();
        await TouchAsync(connection);
        _sandbox.EndSessions();
        _sandbox.Faults.Add(new Fault { Kind = FaultKind.DropAfter, PathPrefix = Token });
        (await TouchAsync(connection)).Code.ShouldBe("token_unavailable");
        (await TouchAsync(connection)).Outcome.ShouldBe(OperationOutcome.Confirmed);
        Lines.Count(l => l == "POST /oauth/authorize").ShouldBe(2);
        _sandbox.EndSessions();
        (await TouchAsync(connection)).Outcome.ShouldBe(OperationOutcome.Confirmed);
        Lines.Count(l => l == "POST /oauth/authorize").ShouldBe(2, "the successor of the new chain is good");
    }

    [Fact]
    public async Task RefreshToken_GivenWithoutAPassword_IsAllThatIsNeeded()
    {
        await StartAsync(_options with { RefreshToken = "first-refresh-token" });
        _rig.Secrets["refreshToken"] = "first-refresh-token";
        _rig.Secrets.Remove("password");
        Connection connection = Connect();
        await TouchAsync(connection);
        _sandbox.EndSessions();
        (await TouchAsync(connection)).Outcome.ShouldBe(OperationOutcome.Confirmed);
        Lines.ShouldNotContain("POST /oauth/authorize");
        _sandbox.EndSessions();
        _sandbox.ForgetRefreshTokens();
        (await TouchAsync(connection)).Message.ShouldNotBeNull().ShouldContain("Step 'code' of the login refused the credentials");
    }

    [Fact]
    public async Task Call_429WithoutAHeader_WaitsASecond()
    {
        Connection connection = Connect();
        await TouchAsync(connection);
        _sandbox.Faults.Add(new Fault { Kind = FaultKind.Status, Status = 429 });
        OperationAnswer refused = await TouchAsync(connection);
        (refused.Code, refused.RetryAt).ShouldBe(("rate_limited", _rig.Time.GetUtcNow() + TimeSpan.FromSeconds(1)));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task ApplicationGet_Canonical(bool bare)
    {
        await StartAsync(_options with { BareEntities = bare });
        JsonElement output = (await SendAsync(Connect("""{"requisitionField":"externalID"}"""), "application.get", Get)).Output!.Value;
        JsonElement.DeepEquals(output, JsonElement.Parse($$"""
            {
              "application": { "id": "{{Id}}", "status": "New Lead", "stage": { "id": "New Lead", "name": "New Lead" }, "applied_at": "2026-01-06T12:00:00.000Z", "url": null, "source": "Web" },
              "candidate": { "id": "{{Held.CandidateId}}", "first_name": "Zoë", "last_name": "O'Lee", "name": "Zoë O'Lee", "email": "Zoe@Example.com", "email_canonical": "zoe@example.com", "phone": "+15551234567", "resume_url": null, "url": null },
              "job": { "id": "4056310", "title": "Backend Engineer", "requisition_id": "ENG-17" }
            }
            """)).ShouldBeTrue(output.GetRawText());
    }

    [Fact]
    public async Task InterviewWrite_Screening_FieldsAndANoteWithTheAddresses()
    {
        await WriteAsync("{}", """{"status":"completed","score":8.46,"recommendation":"maybe","transcript_url":"https://t.example/1","recording_url":"https://r.example/1"}""");
        (Held.Fields["screeningStatus"], Held.Fields["screeningScore"], Held.Fields["screeningSummary"]).ShouldBe(("Completed", "85", "Recommendation: Maybe\nScore: 8.5 of 10"));
        BullhornNoteView note = Notes.ShouldHaveSingleItem();
        (note.Action, note.Comments).ShouldBe(("Other", "ARIA interview: Completed\nTranscript: https://t.example/1\nRecording: https://r.example/1"));
        note.ExternalId.ShouldNotBeNull().Length.ShouldBeLessThanOrEqualTo(100);
    }

    [Fact]
    public async Task InterviewWrite_FieldsForEverything_NoNoteAndTheStatusOfTheSettings()
    {
        await WriteAsync(
            """{"fields":{"recommendation":"customText1","transcript_url":"customTextBlock1","recording_url":"customText2"},"statuses":{"completed":"Interviewed"},"scoreOf":10}""",
            """{"status":"completed","score":8.46,"recommendation":"advance","transcript_url":"https://t.example/1","recording_url":"https://r.example/1"}""");
        (Held.Fields["screeningScore"], Held.Fields["customText1"], Held.Fields["customTextBlock1"], Held.Fields["customText2"]).ShouldBe(("8", "Advance", "https://t.example/1", "https://r.example/1"));
        Notes.ShouldBeEmpty();
        Held.Status.ShouldBe("Interviewed");
    }

    [Fact]
    public async Task InterviewWrite_AsANote_AllOfIt()
    {
        await WriteAsync("""{"results":"note"}""", """{"status":"no_show"}""");
        await WriteAsync("""{"results":"note"}""", """{"status":"completed","score":7,"recommendation":"pass","transcript_url":"https://t.example/1"}""");
        Notes.Select(n => n.Comments).ShouldBe(["ARIA interview: No-show", "ARIA interview: Completed\nScore: 7 of 10\nRecommendation: Pass\nTranscript: https://t.example/1"]);
        Held.Fields.ShouldNotContainKey("screeningStatus");
    }

    [Fact]
    public async Task InterviewWrite_AddressLongerThanItsField_IsRefusedBeforeAnythingIsWritten()
    {
        string url = "https://t.example/" + new string('a', 100);
        Preparation prepared = await PrepareAsync(Connect("""{"fields":{"transcript_url":"customText1"}}"""), "screening.update", $$"""{"application_id":"{{Id}}","status":"completed","transcript_url":"{{url}}"}""");
        prepared.Problem.ShouldNotBeNull().ToString().ShouldContain("'customText1' holds 100 characters and 'transcript_url' has 118. Name a customTextBlock field in settings.fields, or null for a note.");
    }

    [Theory]
    [InlineData("query")]
    [InlineData("search")]
    public async Task NoteAdd_AnswerLost_FoundByItsExternalId(string lookup)
    {
        Connection connection = Connect($$"""{"noteLookup":"{{lookup}}"}""");
        ConnectorOperation operation = connection.Connector.Operations["note.add"];
        JsonElement input = JsonElement.Parse($$"""{"application_id":"{{Id}}","text":"hello"}""");
        foreach (string key in (string[])["key-1", "it's \"quoted\" \\ and:odd"])
        {
            byte[] frozen = (await _rig.Client.PrepareAsync(connection, operation, input, key, Stop)).Frozen!;
            (await _rig.Client.LookUpAsync(connection, operation, input, key, frozen, Stop)).Outcome.ShouldBe(OperationOutcome.NotFound);
            _sandbox.Faults.Add(new Fault { Kind = FaultKind.DropAfter, Method = "PUT" });
            (await _rig.Client.SendAsync(connection, operation, input, frozen, null, Stop)).Outcome.ShouldBe(OperationOutcome.Unknown);
            OperationAnswer found = await _rig.Client.LookUpAsync(connection, operation, input, key, frozen, Stop);
            (found.Outcome, found.Output!.Value.GetProperty("note_id").GetString()).ShouldBe((OperationOutcome.Confirmed, Notes[^1].Id.ToString(CultureInfo.InvariantCulture)));
        }
        Notes.Count.ShouldBe(2);
    }

    [Fact]
    public async Task StageMove_FromAWebResponse_BecomesAFormalSubmissionOfThatDay()
    {
        _rig.Time.Advance(TimeSpan.FromDays(2));
        long now = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds();
        await SendAsync(Connect(), "stage.move", $$"""{"application_id":"{{Id}}","stage_id":"Phone Screen"}""");
        Held.Status.ShouldBe("Phone Screen");
        long promoted = Held.DateAdded;
        promoted.ShouldBeGreaterThanOrEqualTo(now - 1000, "the time of the system's own answer");
        await SendAsync(Connect(), "stage.move", $$"""{"application_id":"{{Id}}","stage_id":"Interviewed"}""");
        (Held.Status, Held.DateAdded).ShouldBe(("Interviewed", promoted));
        (await PrepareAsync(Connect(), "stage.move", $$"""{"application_id":"{{Id}}","stage_id":"Hired"}""")).Problem.ShouldNotBeNull().ToString()
            .ShouldContain("Bullhorn has no status 'Hired'. It has: New Lead, Submitted, Phone Screen, Interviewed, Offer Extended, Rejected.");
    }

    [Fact]
    public async Task Write_Refused_TheReasonIsTheSystems()
    {
        OperationAnswer answer = await SendAsync(Connect("""{"fields":{"recommendation":"screeningVerdict"}}"""), "screening.update", $$"""{"application_id":"{{Id}}","recommendation":"advance"}""");
        (answer.Outcome, answer.Status, answer.Message).ShouldBe((OperationOutcome.Rejected, 400, "Unknown field 'screeningVerdict' of JobSubmission."));
    }

    [Fact]
    public async Task Check_SettingsThatTheAccountDoesNotHave_AreNamed()
    {
        Connection connection = Connect("""{"fields":{"score":"screeningScores"},"statuses":{"completed":"Interview"},"noteAction":"Othr"}""");
        _rig.Rotated.CanKeep = false;
        var bag = new DiagnosticBag();
        await new ConnectionChecks(_rig.Client).CheckAsync(connection, bag, Stop);
        bag.Items.Select(f => f.Summary).ShouldBe(
        [
            "A JobSubmission has no field 'screeningScores'.", "Bullhorn has no status 'Interview' of submissions.", "Bullhorn has no action 'Othr' of notes.",
        ]);
    }

    private static string Line(ReceivedRequest request)
    {
        string grant = System.Web.HttpUtility.ParseQueryString(request.Query)["grant_type"] is { } given ? $" {given}" : "";
        return $"{request.Method} {request.Path}{grant}";
    }

    private async Task StartAsync(BullhornOptions options)
    {
        if (_sandbox is not null)
        {
            await _sandbox.DisposeAsync();
        }
        _sandbox = await BullhornSandbox.StartAsync(options, Stop);
        _id = _sandbox.Apply(new BullhornCandidate("Zoë", "O'Lee", "Zoe@Example.com", "+15551234567"));
    }

    private Connection Connect(string settings = "{}")
    {
        JsonObject all = JsonNode.Parse(settings)!.AsObject();
        all["userId"] = BullhornSeeds.ApiUserId;
        all["baseUrl"] ??= _sandbox.RestUrl.ToString();
        Connection connection = Plugins.Connect(Plugins.Read(new DefinitionFolder(Path.Combine(Plugins.Root, "plugins/Bullhorn"), "plugins/Bullhorn")), all.ToJsonString());
        // A connection names what its account has.
        return connection with { SecretNames = connection.SecretNames.Where(s => _rig.Secrets.ContainsKey(s.Key)).ToDictionary() };
    }

    private async Task WriteAsync(string settings, string result)
    {
        Connection connection = Connect(settings);
        JsonObject input = JsonNode.Parse(result)!.AsObject();
        input["application_id"] = Id;
        (IReadOnlyList<(OperationPart Part, JsonElement? Input)> parts, Diagnostic? problem) = OperationParts.Of(connection, connection.Connector.Operations["interview.write"], JsonElement.Parse(input.ToJsonString()));
        problem.ShouldBeNull();
        foreach ((OperationPart part, JsonElement? with) in parts.Where(p => p.Input is not null))
        {
            OperationAnswer answer = await SendAsync(connection, part.Operation.Name, with!.Value.GetRawText());
            answer.Outcome.ShouldBe(OperationOutcome.Confirmed, answer.Message);
        }
    }

    /// <summary>A write that reads nothing first.</summary>
    private Task<OperationAnswer> TouchAsync(Connection connection) => SendAsync(connection, "screening.update", $$"""{"application_id":"{{Id}}","status":"pending"}""");

    private Task<Preparation> PrepareAsync(Connection connection, string operation, string input) =>
        _rig.Client.PrepareAsync(connection, connection.Connector.Operations[operation], JsonElement.Parse(input), "key-1", Stop);

    private async Task<OperationAnswer> SendAsync(Connection connection, string operation, string input)
    {
        Preparation prepared = await PrepareAsync(connection, operation, input);
        byte[] frozen = prepared.Frozen.ShouldNotBeNull(prepared.Problem?.ToString() ?? prepared.RetryCode);
        return await _rig.Client.SendAsync(connection, connection.Connector.Operations[operation], JsonElement.Parse(input), frozen, null, Stop);
    }
}
