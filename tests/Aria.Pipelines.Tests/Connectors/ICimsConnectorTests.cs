using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Aria.Pipelines.Abstractions;
using Aria.Pipelines.Connectors;
using Aria.Pipelines.Sandbox.Faults;
using Aria.Pipelines.Sandbox.ICims;

namespace Aria.Pipelines.Tests.Connectors;

/// <summary>The iCIMS connector against its stand-in, over sockets.</summary>
public sealed class ICimsConnectorTests : IAsyncLifetime
{
    private const string HookToken = "icims-hook-token-of-a-test";
    private readonly ConnectorRig _rig = new();
    private ICimsSandbox _sandbox = null!;
    private long _id;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private string Id => _id.ToString(CultureInfo.InvariantCulture);

    private ICimsWorkflowView Workflow => _sandbox.State.Workflow(_id);

    public ValueTask InitializeAsync() => StartAsync(new ICimsOptions());

    public async ValueTask DisposeAsync()
    {
        await _sandbox.DisposeAsync();
        _rig.Dispose();
    }

    [Fact]
    public async Task ApplicationGet_Workflow_Canonical()
    {
        _sandbox.Move(_id, "Phone Screen");
        JsonElement output = await PerformAsync(Connect(), "application.get", $$"""{"application_id":"{{Id}}"}""");
        JsonElement.DeepEquals(output, JsonElement.Parse($$"""
            {
              "application": { "id": "{{Id}}", "status": "Phone Screen", "stage": { "id": "C38354", "name": "Phone Screen" }, "applied_at": "2026-01-06T12:00:00Z", "url": null, "source": "Career Portal" },
              "candidate": { "id": "{{Workflow.PersonId}}", "first_name": "Zoë", "last_name": "Lee", "name": "Zoë Lee", "email": "Zoe@Example.com", "email_canonical": "zoe@example.com", "phone": "+15551234567", "resume_url": null, "url": null },
              "job": { "id": "4056310", "title": "Backend Engineer", "requisition_id": null }
            }
            """)).ShouldBeTrue(output.GetRawText());
    }

    [Theory]
    [InlineData("associatedprofile", null, "Backend Engineer")]
    [InlineData("email", "Zoë Lee", "Backend Engineer")]
    [InlineData("baseprofile", "Zoë Lee", null)]
    public async Task ApplicationGet_FieldHiddenFromTheApiUser_TheRestIsThere(string hidden, string? name, string? job)
    {
        await StartAgainAsync(new ICimsOptions { HiddenFields = new HashSet<string> { hidden } });
        JsonElement output = await PerformAsync(Connect(), "application.get", $$"""{"application_id":"{{Id}}"}""");
        output.GetProperty("candidate").GetProperty("name").GetString().ShouldBe(name);
        output.GetProperty("candidate").GetProperty("email").GetString().ShouldBe(hidden == "baseprofile" ? "Zoe@Example.com" : null);
        output.GetProperty("job").GetProperty("title").GetString().ShouldBe(job);
        output.GetProperty("application").GetProperty("stage").GetProperty("name").GetString().ShouldBe("Recently Applied");
    }

    [Fact]
    public async Task ApplicationGet_UnknownId_RefusedInTheVendorsWords()
    {
        Preparation prepared = await PrepareAsync(Connect(), "application.get", """{"application_id":"1"}""");
        prepared.Problem.ShouldNotBeNull().Summary.ShouldBe("'ats.application.get' could not read 'workflow' (status 404): Applicant Workflow not found");
    }

    [Theory]
    [InlineData("application.created")]
    [InlineData("application.stage_changed")]
    public async Task Event_AsTheSystemSendsIt_CompletedByReads(string type)
    {
        _sandbox.AddReceiver(new Uri("http://127.0.0.1:9/closed"));
        _id = _sandbox.Apply(new ICimsPerson("Zoë", "Lee", "zoe@example.com"), ICimsSeeds.DesignerJobId);
        _sandbox.Move(_id, "Phone Screen");
        await _sandbox.WhenQuietAsync(Stop);
        Connection connection = Connect();
        string body = _sandbox.Deliveries.Single(d => d.Event == connection.Connector.Events[type].WireType).Body;

        Reception reception = Receive(connection, body, HookToken);

        DecodedEvent decoded = reception.Events.ShouldHaveSingleItem();
        (reception.RejectStatus, decoded.Type, decoded.Subject).ShouldBe((null, type, $"application:{Id}"));
        decoded.Correlation.ShouldHaveSingleItem().ShouldBe(new("application_id", Id));
        JsonElement canonical = await CompleteAsync(connection, decoded);
        canonical.GetProperty("application").GetProperty("id").GetString().ShouldBe(Id);
        canonical.GetProperty("application").GetProperty("stage").GetProperty("name").GetString().ShouldBe("Phone Screen");
        canonical.GetProperty("candidate").GetProperty("email_canonical").GetString().ShouldBe("zoe@example.com");
        canonical.GetProperty("job").GetProperty("title").GetString().ShouldBe("Product Designer");
        connection.Connector.Events[type].Schema!.Validate(canonical).ShouldBeEmpty();
    }

    [Fact]
    public async Task Event_ForgedStatus_TheOneThatIsReadCounts()
    {
        Connection connection = Connect();
        string forged = $$"""{"eventType":"WorkFlowStatusChangeEvent","customerId":"7609","systemId":"{{Id}}","personId":"1","jobId":"1","userId":"1","oldStatus":"D10100","newStatus":"C38356","links":[]}""";
        JsonElement canonical = await CompleteAsync(connection, Receive(connection, forged, HookToken).Events.Single());
        canonical.GetProperty("application").GetProperty("stage").GetProperty("name").GetString().ShouldBe("Recently Applied");
        canonical.GetProperty("candidate").GetProperty("id").GetString().ShouldBe($"{Workflow.PersonId}");
    }

    [Theory]
    [InlineData("icims-hook-token-of-a-tesT")]
    [InlineData(null)]
    public void Event_WrongOrNoToken_Refused(string? token) =>
        Receive(Connect(), """{"eventType":"AssessmentEvent","systemId":"1"}""", token).RejectStatus.ShouldBe(401);

    [Fact]
    public async Task InterviewWrite_IntoTheGroup_OneEntryEachAndRepeatedOnce()
    {
        await WriteAsync(Connect(), """ "status":"pending" """);
        string result = """ "status":"completed","score":8.46,"recommendation":"maybe","transcript_url":"https://t.example/1","recording_url":"https://r.example/1" """;
        await WriteAsync(Connect(), result);
        await WriteAsync(Connect(), result);
        Workflow.Assessments.Select(a => (a.Name, a.Status, a.Score, a.Result, a.Notes)).ShouldBe(
        [
            ("ARIA Interview", "Sent", null, null, null),
            ("ARIA Interview", "Complete", "8.5", "Maybe", "Transcript: https://t.example/1\nRecording: https://r.example/1"),
        ]);
        _sandbox.State.Counts.EntriesIgnored.ShouldBe(1);
    }

    [Fact]
    public async Task InterviewWrite_AsTheAccountHasIt_ValueAndUrl()
    {
        await StartAgainAsync(new ICimsOptions { AssessmentUrl = true });
        await WriteAsync(Connect("""{"transcriptIn":"assessmenturl","assessmentName":"Coding Test","assessmentStatuses":{"no_show":"Incomplete"}}"""), """ "status":"no_show","transcript_url":"https://t.example/1" """);
        ICimsAssessmentView entry = Workflow.Assessments.ShouldHaveSingleItem();
        (entry.Name, entry.Status, entry.Url, entry.Notes).ShouldBe(("Coding Test", "Incomplete", "https://t.example/1", null));
    }

    [Fact]
    public async Task InterviewWrite_IntoFields_SetAndTheRestLeft()
    {
        Connection connection = Connect("""{"results":"fields","resultFields":{"status":"rcf3001","score":"rcf3002","recommendation":"rcf3003","transcript_url":"rcf3004"}}""");
        await WriteAsync(connection, """ "score":8.46,"transcript_url":"https://t.example/1" """);
        await WriteAsync(connection, """ "status":"no_show","score":null """);
        Workflow.Fields.OrderBy(f => f.Key).Select(f => $"{f.Key}={f.Value}").ShouldBe(["rcf3001=No-show", "rcf3002=8.5", "rcf3004=https://t.example/1"]);
        Workflow.Assessments.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("{}", """ "recommendation":null """, "nothing_to_write")]
    [InlineData("""{"results":"fields"}""", """ "score":5 """, "nothing_to_write")]
    [InlineData("{}", """ "recording_url":"https://r.example/LONG" """, "too_long")]
    public async Task InterviewWrite_WhatCannotStand_RefusedBeforeAnythingIsSent(string settings, string members, string code)
    {
        members = members.Replace("LONG", new string('x', 164), StringComparison.Ordinal);
        (ConnectorOperation operation, JsonElement input) = Part(Connect(settings), members);
        (await _rig.Client.PrepareAsync(Connect(settings), operation, input, "key-1", Stop)).Problem.ShouldNotBeNull().Code.ShouldBe(code);
        _sandbox.State.Counts.Calls.ShouldBe(0);
    }

    [Fact]
    public async Task InterviewWrite_AnswerLost_SentAgainIsOneEntry()
    {
        Connection connection = Connect();
        (ConnectorOperation operation, JsonElement input) = Part(connection, """ "status":"completed","score":7 """);
        byte[] frozen = (await _rig.Client.PrepareAsync(connection, operation, input, "key-1", Stop)).Frozen!;
        _sandbox.Faults.Add(new Fault { Kind = FaultKind.DropAfter, Method = "POST" });
        (await _rig.Client.SendAsync(connection, operation, input, frozen, null, Stop)).Outcome.ShouldBe(OperationOutcome.Unknown);
        OperationAnswer again = await _rig.Client.SendAsync(connection, operation, input, frozen, null, Stop);
        (again.Outcome, again.Reference).ShouldBe((OperationOutcome.Confirmed, $"{Workflow.Assessments.ShouldHaveSingleItem().Entry}"));
    }

    [Fact]
    public async Task NoteAdd_LongText_CutToWhatTheGroupHolds()
    {
        string input = $$"""{"application_id":"{{Id}}","text":"{{new string('x', 300)}}"}""";
        JsonElement first = await PerformAsync(Connect(), "note.add", input);
        JsonElement second = await PerformAsync(Connect(), "note.add", input);
        ICimsAssessmentView entry = Workflow.Assessments.ShouldHaveSingleItem();
        entry.Notes.ShouldBe(new string('x', 191) + "…");
        (first.GetProperty("note_id").GetString(), second.GetProperty("note_id").GetString()).ShouldBe(($"{entry.Entry}", $"{entry.Entry}"));
    }

    [Fact]
    public async Task StageMove_AnswerLost_FoundByTheStatusThatStands()
    {
        Connection connection = Connect();
        ConnectorOperation operation = connection.Connector.Operations["stage.move"];
        JsonElement input = JsonElement.Parse($$"""{"application_id":"{{Id}}","stage_id":"C38354"}""");
        byte[] frozen = (await _rig.Client.PrepareAsync(connection, operation, input, "key-1", Stop)).Frozen!;
        (await _rig.Client.LookUpAsync(connection, operation, input, "key-1", frozen, Stop)).Outcome.ShouldBe(OperationOutcome.NotFound);
        _sandbox.Faults.Add(new Fault { Kind = FaultKind.DropAfter, Method = "PATCH" });
        (await _rig.Client.SendAsync(connection, operation, input, frozen, null, Stop)).Outcome.ShouldBe(OperationOutcome.Unknown);
        (await _rig.Client.LookUpAsync(connection, operation, input, "key-1", frozen, Stop)).Outcome.ShouldBe(OperationOutcome.Confirmed);
        Workflow.Status.ShouldBe("Phone Screen");
    }

    [Fact]
    public async Task StageMove_StatusThatIsNotThere_RefusedInTheVendorsWords()
    {
        OperationAnswer answer = await SendAsync(Connect(), "stage.move", $$"""{"application_id":"{{Id}}","stage_id":"C99999"}""");
        (answer.Outcome, answer.Status, answer.Message).ShouldBe((OperationOutcome.Rejected, 400, "The field status has no list node 'C99999'."));
    }

    [Fact]
    public async Task Credentials_OAuth2_OneTokenUntilItExpires()
    {
        Connection connection = Connect("""{"auth":"oauth2"}""");
        await PerformAsync(connection, "application.get", $$"""{"application_id":"{{Id}}"}""");
        _sandbox.State.Counts.TokensIssued.ShouldBe(1);
        _rig.Time.Advance(TimeSpan.FromHours(1));
        await PerformAsync(connection, "application.get", $$"""{"application_id":"{{Id}}"}""");
        _sandbox.State.Counts.TokensIssued.ShouldBe(2);
        _sandbox.Requests.Entries.Where(r => r.Path != "/oauth/token").ShouldAllBe(r => r.Authorization == "Bearer");
    }

    [Theory]
    [InlineData("basic", "password", "Invalid Username or Password credentials provided.")]
    [InlineData("oauth2", "clientSecret", "Step 'token' of the login refused the credentials")]
    public async Task Credentials_Wrong_FailInTheVendorsWords(string auth, string secret, string message)
    {
        _rig.Secrets[secret] = "wrong";
        Preparation prepared = await PrepareAsync(Connect($$"""{"auth":"{{auth}}"}"""), "application.get", $$"""{"application_id":"{{Id}}"}""");
        prepared.Frozen.ShouldBeNull();
        prepared.Problem.ShouldNotBeNull().Summary.ShouldContain(message);
    }

    [Fact]
    public async Task Budget_UsedUp_AskedAgainAfterMidnightUtc()
    {
        await StartAgainAsync(new ICimsOptions { DailyLimit = 4 });
        await PerformAsync(Connect(), "application.get", $$"""{"application_id":"{{Id}}"}""");
        string other = $$"""{"application_id":"{{_sandbox.Apply(new ICimsPerson("Ada", "Example"))}}"}""";
        Preparation prepared = await PrepareAsync(Connect(), "application.get", other);
        (prepared.RetryCode, prepared.CountsAsAttempt).ShouldBe(("rate_limited", false));
        _rig.Budgets.Remaining.Min().ShouldBe(0);
        _rig.Time.Advance(TimeSpan.FromHours(12));
        (await PrepareAsync(Connect(), "application.get", other)).RetryCode.ShouldBeNull();
    }

    private async ValueTask StartAsync(ICimsOptions options)
    {
        (_rig.Secrets["user"], _rig.Secrets["password"], _rig.Secrets["hookToken"]) = (options.User, options.Password, HookToken);
        _sandbox = await ICimsSandbox.StartAsync(options with { Time = _rig.Time, ClientId = "client-1", ClientSecret = "very-secret-value" }, Stop);
        _id = _sandbox.Apply(new ICimsPerson("Zoë", "Lee", "Zoe@Example.com", "+15551234567"));
    }

    private async Task StartAgainAsync(ICimsOptions options)
    {
        await _sandbox.DisposeAsync();
        await StartAsync(options);
    }

    private Connection Connect(string settings = "{}")
    {
        JsonObject all = JsonNode.Parse(settings)!.AsObject();
        all["customerId"] = "7609";
        all["baseUrl"] = _sandbox.BaseUrl.GetLeftPart(UriPartial.Authority);
        all["tokenUrl"] = _sandbox.TokenUrl.ToString();
        return Plugins.Connect(Plugins.ICims, all.ToJsonString());
    }

    private Reception Receive(Connection connection, string body, string? token) => _rig.Receiver.Receive(
        connection, new Delivery("POST", new Dictionary<string, IReadOnlyList<string>>(), new Dictionary<string, IReadOnlyList<string>>(), Encoding.UTF8.GetBytes(body), _rig.Time.GetUtcNow()), token);

    /// <summary>What a pipeline sees of an event, after the reads that complete it.</summary>
    private async Task<JsonElement> CompleteAsync(Connection connection, DecodedEvent decoded)
    {
        ConnectorOperation enrich = connection.Connector.Events[decoded.Type].Enrich!;
        JsonElement payload = JsonElement.Parse(decoded.Body);
        Preparation prepared = await _rig.Client.PrepareAsync(connection, enrich, payload, "key-1", Stop);
        JsonElement reads = (await _rig.Client.SendAsync(connection, enrich, payload, prepared.Frozen.ShouldNotBeNull(), null, Stop)).Output!.Value;
        JsonElement canonical = _rig.Receiver.Canonical(connection, decoded.Type, "01EVENT", decoded.Body, reads);
        return canonical;
    }

    /// <summary>The one change that <c>interview.write</c> makes with these settings.</summary>
    private (ConnectorOperation Operation, JsonElement Input) Part(Connection connection, string members)
    {
        JsonElement whole = JsonElement.Parse($$"""{"application_id":"{{Id}}",{{members}}}""");
        (IReadOnlyList<(OperationPart Part, JsonElement? Input)> parts, Diagnostic? problem) = OperationParts.Of(connection, connection.Connector.Operations["interview.write"], whole);
        problem.ShouldBeNull();
        (OperationPart part, JsonElement? input) = parts.Single(p => p.Input is not null);
        return (part.Operation, input!.Value);
    }

    private async Task WriteAsync(Connection connection, string members)
    {
        (ConnectorOperation operation, JsonElement input) = Part(connection, members);
        Preparation prepared = await _rig.Client.PrepareAsync(connection, operation, input, "key-1", Stop);
        OperationAnswer answer = await _rig.Client.SendAsync(connection, operation, input, prepared.Frozen.ShouldNotBeNull(prepared.Problem?.ToString()), null, Stop);
        answer.Outcome.ShouldBe(OperationOutcome.Confirmed, answer.Message);
    }

    private Task<Preparation> PrepareAsync(Connection connection, string operation, string input) =>
        _rig.Client.PrepareAsync(connection, connection.Connector.Operations[operation], JsonElement.Parse(input), "key-1", Stop);

    private async Task<OperationAnswer> SendAsync(Connection connection, string operation, string input)
    {
        Preparation prepared = await PrepareAsync(connection, operation, input);
        return await _rig.Client.SendAsync(connection, connection.Connector.Operations[operation], JsonElement.Parse(input), prepared.Frozen.ShouldNotBeNull(prepared.Problem?.ToString()), null, Stop);
    }

    private async Task<JsonElement> PerformAsync(Connection connection, string operation, string input)
    {
        OperationAnswer answer = await SendAsync(connection, operation, input);
        answer.Outcome.ShouldBe(OperationOutcome.Confirmed, answer.Message);
        return answer.Output!.Value;
    }
}
