using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Aria.Pipelines.Abstractions;
using Aria.Pipelines.Connectors;
using Aria.Pipelines.Sandbox.Faults;
using Aria.Pipelines.Sandbox.SmartRecruiters;
using Aria.Pipelines.Tests.Sandbox;
using HookServer = Aria.Pipelines.Tests.Sandbox.WebhookReceiver;

namespace Aria.Pipelines.Tests.Connectors;

/// <summary>The SmartRecruiters connector against its stand-in, over sockets.</summary>
public sealed class SmartRecruitersConnectorTests : IAsyncLifetime
{
    private readonly ConnectorRig _rig = new();
    private SmartRecruitersSandbox _sandbox = null!;
    private SmartRecruitersApplicationKey _key = null!;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private string Id => $"{_key.CandidateId}~{_key.JobId}";

    private SmartRecruitersApplicationView Application => _sandbox.State.Application(_key.CandidateId, _key.JobId);

    public ValueTask InitializeAsync() => StartAsync(new SmartRecruitersOptions());

    public async ValueTask DisposeAsync()
    {
        await _sandbox.DisposeAsync();
        _rig.Dispose();
    }

    [Theory]
    [InlineData("candidate")]
    [InlineData("application")]
    public async Task ApplicationGet_EitherSourceOfTheStatus_CanonicalAndOfTheAskedJob(string source)
    {
        SmartRecruitersApplicationKey second = _sandbox.ApplyAgain(_key.CandidateId, SmartRecruitersSeeds.DesignerJobId);
        _sandbox.SetStatus(_key, "IN_REVIEW", "Phone Screen");
        _sandbox.SetStatus(second, "INTERVIEW", "Face to Face");
        JsonElement output = (await PerformAsync(Connect($$"""{"statusFrom":"{{source}}","profileUrl":"https://app.example/p/"}"""), "application.get", $$"""{"application_id":"{{second.CandidateId}}~{{second.JobId}}"}""")).Output!.Value;
        output.GetRawText().ShouldBe(JsonNode.Parse($$"""
            {
              "application": { "id": "{{second.CandidateId}}~{{second.JobId}}", "status": "INTERVIEW", "stage": { "id": "INTERVIEW/Face to Face", "name": "Face to Face" }, "applied_at": null, "url": "https://app.example/p/{{second.CandidateId}}", "source": "API" },
              "candidate": { "id": "{{second.CandidateId}}", "first_name": "Zoë", "last_name": "Lee", "name": "Zoë Lee", "email": "Zoe@Example.com", "email_canonical": "zoe@example.com", "phone": "+15551234567", "resume_url": null, "url": "https://app.example/p/{{second.CandidateId}}" },
              "job": { "id": "{{second.JobId}}", "title": "Product Designer", "requisition_id": "REF1002" }
            }
            """)!.ToJsonString(new JsonSerializerOptions { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping }));
    }

    [Fact]
    public async Task ApplicationGet_CandidateNotOnTheJob_RefusedInWords()
    {
        Preparation prepared = await PrepareAsync(Connect(), "application.get", $$"""{"application_id":"{{_key.CandidateId}}~{{SmartRecruitersSeeds.DesignerJobId}}"}""");
        prepared.Problem!.Code.ShouldBe("application_not_found");
        prepared.Problem.Summary.ShouldContain("is not assigned to job");
    }

    [Fact]
    public async Task InterviewWrite_WholeResult_StandsInProperties()
    {
        await PerformAsync(Connect(), "interview.write",
            $$"""{"application_id":"{{Id}}","status":"completed","score":8.46,"recommendation":"maybe","transcript_url":"https://t.example/1","recording_url":"https://r.example/1"}""");
        IReadOnlyDictionary<string, object?> held = Application.Properties;
        held["ARIA Interview Status"].ShouldBe("Completed");
        held["ARIA Interview Score"].ShouldBe(8.5m);
        held["ARIA Recommendation"].ShouldBe("Maybe");
        held["ARIA Transcript"].ShouldBe("https://t.example/1");
        held["ARIA Recording"].ShouldBe("https://r.example/1");
    }

    [Fact]
    public async Task InterviewWrite_StatusAlone_LeavesTheRestAndAnswerLostIsSentAgain()
    {
        Connection connection = Connect();
        await PerformAsync(connection, "interview.write", $$"""{"application_id":"{{Id}}","score":7}""");
        string input = $$"""{"application_id":"{{Id}}","status":"pending","score":null}""";
        byte[] frozen = await FreezeAsync(connection, "interview.write", input);
        _sandbox.Faults.Add(new Fault { Kind = FaultKind.DropAfter, Method = "PUT" });
        (await SendAsync(connection, "interview.write", input, frozen)).Outcome.ShouldBe(OperationOutcome.Unknown);
        (await SendAsync(connection, "interview.write", input, frozen)).Outcome.ShouldBe(OperationOutcome.Confirmed);
        (Application.Properties["ARIA Interview Status"], Application.Properties["ARIA Interview Score"]).ShouldBe(("Pending", 7m));
    }

    [Theory]
    [InlineData("""{"fields":{"score":"Nowhere"}}""", "field_missing", "SmartRecruiters has no candidate property 'Nowhere' for 'score'.")]
    [InlineData("""{"fields":{"score":"Relocation"}}""", "field_type_mismatch", "The candidate property 'Relocation' for 'score' is of type BOOLEAN. It has to be one of: NUMBER, TEXT.")]
    [InlineData("""{"labels":{"completed":"Done"}}""", "option_missing", "The candidate property 'ARIA Interview Status' has no option 'Done' for 'status'.")]
    [InlineData("""{"fields":{"score":null,"status":null}}""", "nothing_to_write", "None of the given results has a candidate property")]
    public async Task InterviewWrite_SettingsThatDoNotFitTheAccount_RefusedBeforeAnythingIsSent(string settings, string code, string summary)
    {
        Preparation prepared = await PrepareAsync(Connect(settings), "interview.write", $$"""{"application_id":"{{Id}}","status":"completed","score":8}""");
        prepared.Problem!.Code.ShouldBe(code);
        prepared.Problem.Summary.ShouldContain(summary);
        _sandbox.State.Counts.PropertyWrites.ShouldBe(0);
    }

    [Fact]
    public async Task InterviewWrite_PropertiesOfTypeText_HoldLabelsAndDigits()
    {
        await DisposeSandboxAsync();
        await StartAsync(new SmartRecruitersOptions { Properties = [new("p-1", "Status", "TEXT"), new("p-2", "Score", "TEXT")] });
        await PerformAsync(Connect("""{"fields":{"status":"p-1","score":"score","recommendation":null,"transcript_url":null,"recording_url":null}}"""), "interview.write",
            $$"""{"application_id":"{{Id}}","status":"no_show","score":8.46}""");
        (Application.Properties["Status"], Application.Properties["Score"]).ShouldBe(("No-show", "8.5"));
    }

    [Theory]
    [InlineData("INTERVIEW/Face to Face", null, "INTERVIEW", "Face to Face")]
    [InlineData("HIRED", null, "HIRED", null)]
    [InlineData("REJECTED", SmartRecruitersSeeds.RejectionReasonId, "REJECTED", null)]
    public async Task StageMove_StatusWithItsSubStatus_SetAndSettingItAgainChangesNothing(string stage, string? reason, string status, string? subStatus)
    {
        string input = new JsonObject { ["application_id"] = Id, ["stage_id"] = stage, ["reason_id"] = reason }.ToJsonString();
        Connection connection = Connect();
        await PerformAsync(connection, "stage.move", input);
        await PerformAsync(connection, "stage.move", input);
        (Application.Status, Application.SubStatus).ShouldBe((status, subStatus));
    }

    [Fact]
    public async Task StageMove_RefusedByTheVendor_InItsOwnWords()
    {
        string input = $$"""{"application_id":"{{Id}}","stage_id":"IN_REVIEW"}""";
        OperationAnswer answer = await SendAsync(Connect(), "stage.move", input, await FreezeAsync(Connect(), "stage.move", input));
        (answer.Outcome, answer.Status, answer.Message).ShouldBe((OperationOutcome.Rejected, 400, "IN_REVIEW needs one of: Application Review, Phone Screen."));
    }

    [Fact]
    public async Task NoteAdd_AnswerLost_FoundByItsMarkerAndThereOnce()
    {
        Connection connection = Connect();
        string input = $$"""{"application_id":"{{Id}}","text":"Look at #[CANDIDATE:x] @[USER:y]"}""";
        byte[] frozen = await FreezeAsync(connection, "note.add", input);
        (await LookUpAsync(connection, input, frozen)).Outcome.ShouldBe(OperationOutcome.NotFound);
        _sandbox.Faults.Add(new Fault { Kind = FaultKind.DropAfter, Method = "POST", PathPrefix = "/messages" });
        (await SendAsync(connection, "note.add", input, frozen)).Outcome.ShouldBe(OperationOutcome.Unknown);
        OperationAnswer found = await LookUpAsync(connection, input, frozen);
        SmartRecruitersMessageView message = _sandbox.State.Messages.ShouldHaveSingleItem();
        (found.Outcome, found.Reference).ShouldBe((OperationOutcome.Confirmed, message.Id));
        message.Content.ShouldBe($"Look at # [CANDIDATE:x] @ [USER:y]\n\n#[CANDIDATE:{_key.CandidateId}] [aria:key-1]");
        (message.Visibility, message.Applications.ShouldHaveSingleItem()).ShouldBe(("OPEN", _key));
    }

    [Theory]
    [InlineData("hiringTeam", "DIRECT")]
    [InlineData("everyone", "EVERYONE")]
    public async Task NoteAdd_SharedAsConfigured_OnTheProfile(string setting, string visibility)
    {
        await PerformAsync(Connect($$"""{"noteSharedWith":"{{setting}}"}"""), "note.add", $$"""{"application_id":"{{Id}}","text":"Hello"}""");
        _sandbox.State.Messages.ShouldHaveSingleItem().Visibility.ShouldBe(visibility);
    }

    [Fact]
    public async Task NoteAdd_MessagesThatCannotBeSearchedToTheirEnd_AreNoProofThatItIsNotThere()
    {
        Connection connection = Connect();
        string input = $$"""{"application_id":"{{Id}}","text":"Hello"}""";
        byte[] frozen = await FreezeAsync(connection, "note.add", input);
        using (var client = new SandboxClient(_sandbox.BaseUrl) { ApiKey = "key-1" })
        {
            for (int i = 0; i <= 100; i++)
            {
                _rig.Time.Advance(TimeSpan.FromSeconds(1));
                (await client.PostAsync("/messages/shares", $$"""{"content":"{{i}} #[CANDIDATE:{{_key.CandidateId}}]"}""")).Status.ShouldBe(201);
            }
        }
        OperationAnswer answer = await LookUpAsync(connection, input, frozen);
        (answer.Outcome, answer.Code).ShouldBe((OperationOutcome.Unknown, "answer_not_understood"));
        _sandbox.Faults.Add(new Fault { Kind = FaultKind.Status, Status = 403, PathPrefix = "/messages" });
        (await LookUpAsync(connection, input, frozen)).Outcome.ShouldBe(OperationOutcome.Unknown);
    }

    [Fact]
    public async Task Credentials_ClientInsteadOfKey_OneTokenUntilItIsRefused()
    {
        await DisposeSandboxAsync();
        await StartAsync(new SmartRecruitersOptions { ClientId = "client-1", ClientSecret = "very-secret-value" });
        Connection connection = Connect(without: ["apiKey"]);
        await PerformAsync(connection, "application.get", $$"""{"application_id":"{{Id}}"}""");
        await PerformAsync(connection, "interview.write", $$"""{"application_id":"{{Id}}","status":"pending"}""");
        _sandbox.State.Counts.TokensIssued.ShouldBe(1);
        _sandbox.Requests.Entries.Where(r => r.Path.StartsWith("/candidates", StringComparison.Ordinal)).ShouldAllBe(r => r.Authorization == "Bearer");
        _sandbox.Faults.Add(new Fault { Kind = FaultKind.Status, Status = 401, Method = "PUT" });
        await PerformAsync(connection, "interview.write", $$"""{"application_id":"{{Id}}","status":"completed"}""");
        _sandbox.State.Counts.TokensIssued.ShouldBe(2);
    }

    [Fact]
    public async Task Credentials_WrongKey_RefusedOnceAndForAll()
    {
        _rig.Secrets["apiKey"] = "another";
        Preparation prepared = await PrepareAsync(Connect(), "application.get", $$"""{"application_id":"{{Id}}"}""");
        prepared.Problem!.Code.ShouldBe("unauthorized");
    }

    [Fact]
    public async Task Reads_BudgetUsedUpBetweenThem_WaitsInsteadOfReadingTheFirstAgain()
    {
        (_rig.Budgets.Allowed, _rig.Budgets.Later) = (1, _rig.Time.GetUtcNow().AddSeconds(1));
        Task<Preparation> preparing = PrepareAsync(Connect(), "application.get", $$"""{"application_id":"{{Id}}"}""");
        while (_rig.Budgets.Taken < 2)
        {
            await Task.Yield();
        }
        _rig.Budgets.Allowed = int.MaxValue;
        while (!preparing.IsCompleted)
        {
            _rig.Time.Advance(TimeSpan.FromSeconds(1));
            await Task.Yield();
        }
        (await preparing).Frozen.ShouldNotBeNull();
        _sandbox.Requests.Entries.Select(r => r.Path.Split('/')[1]).ShouldBe(["candidates", "jobs"]);
    }

    [Fact]
    public async Task Reads_BudgetUsedUpBeforeTheFirst_GivesItsTurnUp()
    {
        _rig.Budgets.Allowed = 0;
        Preparation prepared = await PrepareAsync(Connect(), "application.get", $$"""{"application_id":"{{Id}}"}""");
        (prepared.Frozen, prepared.RetryAt).ShouldBe((null, _rig.Budgets.Later));
    }

    [Fact]
    public async Task Limit_TooManyRequests_WaitsAndDoesNotCountAsSent()
    {
        _sandbox.Faults.Add(new Fault { Kind = FaultKind.Status, Status = 429, Method = "PUT" });
        string input = $$"""{"application_id":"{{Id}}","stage_id":"HIRED"}""";
        OperationAnswer answer = await SendAsync(Connect(), "stage.move", input, await FreezeAsync(Connect(), "stage.move", input));
        (answer.Outcome, answer.RetryAt).ShouldBe((OperationOutcome.RateLimited, _rig.Time.GetUtcNow().AddSeconds(30)));
    }

    [Fact]
    public async Task Concurrency_NineAtOnce_TheNinthWaitsUntilOneIsAnswered()
    {
        string input = $$"""{"application_id":"{{Id}}","stage_id":"HIRED"}""";
        byte[] frozen = await FreezeAsync(Connect(), "stage.move", input);
        for (int i = 0; i < 9; i++)
        {
            _sandbox.Faults.Add(new Fault { Kind = FaultKind.Delay, Delay = TimeSpan.FromSeconds(1), Method = "PUT" });
        }
        Connection connection = Connect();
        Task<OperationAnswer[]> all = Task.WhenAll(Enumerable.Range(0, 9).Select(_ => SendAsync(connection, "stage.move", input, frozen)));
        while (_sandbox.Faults.Count > 1)
        {
            await Task.Yield();
        }
        while (!all.IsCompleted)
        {
            _rig.Time.Advance(TimeSpan.FromSeconds(1));
            await Task.Yield();
        }

        (await all).ShouldAllBe(a => a.Status != 429);
    }

    [Fact]
    public async Task Notification_StatusUpdated_VerifiedAndCompletedByReads()
    {
        ReceivedHook hook = await NotifyAsync(() => _sandbox.SetStatus(_key, "IN_REVIEW", "Phone Screen"), "application.status.updated");
        Connection connection = Connect();
        Reception reception = _rig.Receiver.Receive(connection, Delivery(hook));
        (reception.RejectStatus, reception.AckStatus).ShouldBe((null, 202));
        DecodedEvent decoded = reception.Events.ShouldHaveSingleItem();
        (decoded.Type, decoded.Subject, decoded.KeyIsId).ShouldBe(("application.stage_changed", $"application:{Id}", true));
        decoded.Correlation.ShouldBe([new("application_id", Id)]);
        Encoding.UTF8.GetString(decoded.DedupeKey).ShouldContain(hook.Headers["event-id"]);
        ConnectorEvent definition = connection.Connector.Events[decoded.Type];
        JsonElement reads = await EnrichAsync(connection, definition, decoded);
        JsonElement canonical = _rig.Receiver.Canonical(connection, decoded.Type, "e1", decoded.Body, reads);
        definition.Schema!.Validate(canonical).ShouldBeEmpty();
        canonical.GetProperty("application").GetProperty("stage").GetProperty("name").GetString().ShouldBe("Phone Screen");
        canonical.GetProperty("candidate").GetProperty("email_canonical").GetString().ShouldBe("zoe@example.com");
        canonical.GetProperty("raw").GetProperty("headers").GetProperty("link").GetString().ShouldBe($"<{_sandbox.BaseUrl}candidates/{_key.CandidateId}/jobs/{_key.JobId}>; rel=self");
    }

    [Fact]
    public async Task Notification_ChangedOrForAnotherEvent_Refused()
    {
        ReceivedHook hook = await NotifyAsync(() => _sandbox.SetStatus(_key, "HIRED"), "application.status.updated");
        Connection connection = Connect();
        Delivery delivery = Delivery(hook);
        _rig.Receiver.Receive(connection, delivery with { Body = Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(hook.Body) + " ") }).RejectStatus.ShouldBe(401);
        foreach (string header in (string[])["event-name", "event-id", "link"])
        {
            _rig.Receiver.Receive(connection, Delivery(hook, header, "application.created")).RejectStatus.ShouldBe(401, header);
        }
    }

    [Fact]
    public async Task Notification_AfterARotation_AcceptedWithEitherKey()
    {
        await using HookServer receiver = await SubscribeAsync("old-key", "candidate.deleted");
        _sandbox.RotateKeys("new-key");
        _sandbox.DeleteCandidate(_key.CandidateId);
        ReceivedHook hook = await receiver.NextAsync();
        foreach (string key in (string[])["old-key", "new-key"])
        {
            _rig.Secrets["webhookSecret"] = key;
            DecodedEvent decoded = _rig.Receiver.Receive(Connect(), Delivery(hook)).Events.ShouldHaveSingleItem();
            JsonElement canonical = _rig.Receiver.Canonical(Connect(), decoded.Type, "e1", decoded.Body);
            canonical.GetProperty("candidate").GetProperty("id").GetString().ShouldBe(_key.CandidateId);
        }
        _rig.Secrets["webhookSecret"] = "third-key";
        _rig.Receiver.Receive(Connect(), Delivery(hook)).RejectStatus.ShouldBe(401);
    }

    [Fact]
    public void Samples_OfEveryEvent_DecodedAndOfTheDeclaredShape()
    {
        Connection connection = Connect();
        foreach (ConnectorEvent definition in connection.Connector.Events.Values)
        {
            DecodedEvent decoded = _rig.Receiver.Decode(connection, new Delivery("POST", NoHeaders, NoHeaders, definition.Samples[0].Body, default)).Events.ShouldHaveSingleItem();
            decoded.Type.ShouldBe(definition.Type);
            JsonElement canonical = _rig.Receiver.Canonical(connection, decoded.Type, "e1", decoded.Body, definition.Enrich?.Sample);
            (definition.Schema?.Validate(canonical) ?? []).ShouldBeEmpty(definition.Type);
        }
    }

    private static readonly Dictionary<string, IReadOnlyList<string>> NoHeaders = [];

    private async ValueTask StartAsync(SmartRecruitersOptions options)
    {
        _sandbox = await SmartRecruitersSandbox.StartAsync(options with { Time = _rig.Time, ApiKey = "key-1" }, Stop);
        _key = _sandbox.Apply(new SmartRecruitersCandidate("Zoë", "Lee", "Zoe@Example.com", "+15551234567"));
    }

    private ValueTask DisposeSandboxAsync() => _sandbox.DisposeAsync();

    private async Task<HookServer> SubscribeAsync(string key, string name)
    {
        HookServer receiver = await HookServer.StartAsync();
        receiver.Echo = "X-Hook-Secret";
        (await _sandbox.SubscribeAsync(receiver.Url, key, [name], Stop)).ShouldBeTrue();
        receiver.Drain();
        receiver.Status = 202;
        return receiver;
    }

    private async Task<ReceivedHook> NotifyAsync(Action change, string name)
    {
        await using HookServer receiver = await SubscribeAsync("test-secret-1", name);
        change();
        return await receiver.NextAsync();
    }

    private static Delivery Delivery(ReceivedHook hook, string? changed = null, string value = "") => new(
        "POST", hook.Headers.ToDictionary(h => h.Key, h => (IReadOnlyList<string>)[string.Equals(h.Key, changed, StringComparison.OrdinalIgnoreCase) ? value : h.Value]), NoHeaders, hook.Body, DateTimeOffset.UnixEpoch);

    private async Task<JsonElement> EnrichAsync(Connection connection, ConnectorEvent definition, DecodedEvent decoded)
    {
        JsonElement input = JsonElement.Parse(decoded.Body);
        Preparation prepared = await _rig.Client.PrepareAsync(connection, definition.Enrich!, input, "key-1", Stop);
        OperationAnswer answer = await _rig.Client.SendAsync(connection, definition.Enrich!, input, prepared.Frozen.ShouldNotBeNull(prepared.Problem?.ToString()), null, Stop);
        return answer.Output!.Value;
    }

    private Connection Connect(string settings = "{}", string[]? without = null)
    {
        JsonObject all = JsonNode.Parse(settings)!.AsObject();
        all["baseUrl"] = _sandbox.BaseUrl.ToString();
        all["tokenUrl"] = _sandbox.TokenUrl.ToString();
        Connection connection = Plugins.Connect(Plugins.SmartRecruiters, all.ToJsonString());
        return connection with { SecretNames = connection.SecretNames.Where(s => without?.Contains(s.Key) != true).ToDictionary() };
    }

    private Task<Preparation> PrepareAsync(Connection connection, string operation, string input) =>
        _rig.Client.PrepareAsync(connection, connection.Connector.Operations[operation], JsonElement.Parse(input), "key-1", Stop);

    private async Task<byte[]> FreezeAsync(Connection connection, string operation, string input)
    {
        Preparation prepared = await PrepareAsync(connection, operation, input);
        return prepared.Frozen.ShouldNotBeNull(prepared.Problem?.ToString() ?? prepared.RetryCode);
    }

    private Task<OperationAnswer> SendAsync(Connection connection, string operation, string input, byte[] frozen) =>
        _rig.Client.SendAsync(connection, connection.Connector.Operations[operation], JsonElement.Parse(input), frozen, null, Stop);

    private Task<OperationAnswer> LookUpAsync(Connection connection, string input, byte[] frozen) =>
        _rig.Client.LookUpAsync(connection, connection.Connector.Operations["note.add"], JsonElement.Parse(input), "key-1", frozen, Stop);

    private async Task<OperationAnswer> PerformAsync(Connection connection, string operation, string input)
    {
        OperationAnswer answer = await SendAsync(connection, operation, input, await FreezeAsync(connection, operation, input));
        answer.Outcome.ShouldBe(OperationOutcome.Confirmed, answer.Message);
        return answer;
    }
}
