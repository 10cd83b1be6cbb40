using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Aria.Pipelines.Abstractions;
using Aria.Pipelines.Connectors;
using Aria.Pipelines.Definitions;
using Aria.Pipelines.Sandbox.Faults;
using Aria.Pipelines.Sandbox.JazzHR;
using Aria.Pipelines.Tests.Sandbox;
using HookServer = Aria.Pipelines.Tests.Sandbox.WebhookReceiver;

namespace Aria.Pipelines.Tests.Connectors;

/// <summary>The JazzHR connector against its stand-in, over sockets.</summary>
public sealed class JazzHRConnectorTests : IAsyncLifetime
{
    private readonly ConnectorRig _rig = new();
    private JazzHRSandbox _sandbox = null!;
    private string _id = "";

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private JazzHRApplicationView Held => _sandbox.State.Application(_id);

    public ValueTask InitializeAsync() => StartAsync(new JazzHROptions());

    public async ValueTask DisposeAsync()
    {
        await _sandbox.DisposeAsync();
        _rig.Dispose();
    }

    [Fact]
    public async Task ApplicationGet_OneJobWithoutAList_Canonical()
    {
        JsonElement output = await PerformAsync("application.get", "{}");
        JsonElement.DeepEquals(output, JsonElement.Parse($$"""
            {
              "application": { "id": "{{_id}}", "status": null, "stage": { "id": "step_01", "name": "New" }, "applied_at": "2026-01-06T00:00:00Z", "url": null, "source": "Careers Page" },
              "candidate": { "id": "{{_id.Split('~')[0]}}", "first_name": "Zoë", "last_name": "Lee", "name": "Zoë Lee", "email": "Zoe@Example.com", "email_canonical": "zoe@example.com", "phone": "+15551234567", "resume_url": null, "url": null },
              "job": { "id": "job_4056310", "title": "Backend Engineer", "requisition_id": "4056310" }
            }
            """)).ShouldBeTrue(output.GetRawText());
        _sandbox.ApplyAgain(_id, "job_4056311");
        (await PerformAsync("application.get", "{}")).GetProperty("job").GetProperty("title").GetString().ShouldBe("Backend Engineer");
    }

    [Theory]
    [InlineData(200, "nobody~job_4056310", "JazzHR has no applicant 'nobody'.")]
    [InlineData(404, "nobody~job_4056310", "JazzHR has no applicant 'nobody'.")]
    [InlineData(200, "$~job_4056311", "has not applied to job 'job_4056311'.")]
    public async Task ApplicationGet_UnknownId_SaysWhatIsMissing(int status, string id, string message)
    {
        await RestartAsync(new JazzHROptions { UnknownIdStatus = status });
        string asked = id.Replace("$", _id.Split('~')[0], StringComparison.Ordinal);
        Preparation prepared = await PrepareAsync(Connect(), "application.get", $$"""{"application_id":"{{asked}}"}""");
        prepared.Problem.ShouldNotBeNull().ShouldSatisfyAllConditions(p => p.Code.ShouldBe("application_missing"), p => p.Summary.ShouldContain(message));
    }

    [Fact]
    public async Task InterviewWrite_WholeResult_OneNoteOfThisJobAndTheTagOfTheSettings()
    {
        Connection connection = Connect("""{"tags":{"completed":"ARIA: completed","pass":"Referral"}}""");
        JsonElement input = JsonElement.Parse($$"""{"application_id":"{{_id}}","status":"completed","score":8.46,"recommendation":"maybe","transcript_url":"https://t.example/1","recording_url":"https://r.example/1"}""");
        (IReadOnlyList<(OperationPart Part, JsonElement? Input)> parts, Diagnostic? problem) = OperationParts.Of(connection, connection.Connector.Operations["interview.write"], input);
        problem.ShouldBeNull();
        foreach ((OperationPart part, JsonElement? with) in parts.Where(p => p.Input is not null))
        {
            await PerformAsync(part.Operation.Name, with!.Value.GetRawText(), connection);
        }
        JazzHRNoteView note = Held.Notes.ShouldHaveSingleItem();
        note.Contents.ShouldStartWith("ARIA interview: Completed\nScore: 8.5 of 10\nRecommendation: Maybe\nTranscript: https://t.example/1\nRecording: https://r.example/1\nJob: Backend Engineer\n\n[aria:");
        (note.UserId, note.Security).ShouldBe((JazzHRSeeds.UserId, "1"));
        Held.Tags.ShouldBe(["ARIA: completed"]);
    }

    [Theory]
    [InlineData("note.add", """{"text":"Hello"}""")]
    [InlineData("tag.add", """{"tag":"Referral"}""")]
    [InlineData("category.add", """{"tag":"VIP"}""")]
    public async Task Change_AnswerLost_FoundAndThereOnce(string name, string members)
    {
        Connection connection = Connect();
        ConnectorOperation operation = connection.Connector.Operations[name];
        JsonElement input = Input(name, members);
        byte[] frozen = (await PrepareAsync(connection, name, input.GetRawText())).Frozen!;
        Encoding.UTF8.GetString(frozen).ShouldNotContain("apikey");
        (await _rig.Client.LookUpAsync(connection, operation, input, "key-1", frozen, Stop)).Outcome.ShouldBe(OperationOutcome.NotFound);
        byte[] another = (await _rig.Client.PrepareAsync(connection, operation, input, "key-2", Stop)).Frozen!;
        _sandbox.Faults.Add(new Fault { Kind = FaultKind.DropAfter, Method = "POST" });
        (await _rig.Client.SendAsync(connection, operation, input, frozen, null, Stop)).Outcome.ShouldBe(OperationOutcome.Unknown);
        if (name == "note.add")
        {
            (await _rig.Client.LookUpAsync(connection, operation, input, "key-2", another, Stop)).Outcome.ShouldBe(OperationOutcome.NotFound, "the same text is another note");
        }
        OperationAnswer found = await _rig.Client.LookUpAsync(connection, operation, input, "key-1", frozen, Stop);
        (found.Outcome, found.Output!.Value.EnumerateObject().Single().Value.GetString()!.Length > 0).ShouldBe((OperationOutcome.Confirmed, true));
        (Held.Notes.Count, Held.Tags.Count, _sandbox.State.Categories.Count(c => c == "VIP")).ShouldBe((name == "note.add" ? 1 : 0, name == "tag.add" ? 1 : 0, name == "category.add" ? 1 : 0));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task CategoryAdd_IdInAnObjectOrAlone_ThenTheTagCanBeAdded(bool isObject)
    {
        await RestartAsync(new JazzHROptions { CategoryIdIsObject = isObject, Categories = ["ARIA: maybe", "ARIA: maybe later"] });
        (await PrepareAsync(Connect(), "tag.add", Input("tag.add", """{"tag":"ARIA"}""").GetRawText())).Problem.ShouldNotBeNull()
            .ShouldSatisfyAllConditions(p => p.Code.ShouldBe("category_missing"), p => p.Summary.ShouldContain("JazzHR has no category 'ARIA'."));
        string id = (await PerformAsync("category.add", """{"tag":"ARIA"}""")).GetProperty("category_id").GetString()!;
        _rig.Time.Advance(TimeSpan.FromMinutes(5));
        (await PerformAsync("tag.add", """{"tag":"aria"}""")).GetProperty("category_id").GetString().ShouldBe(id);
        Held.Tags.ShouldBe(["ARIA"]);
    }

    [Fact]
    public async Task NoteAdd_OverTheLimit_WaitsAndIsNotWritten()
    {
        Connection connection = Connect();
        ConnectorOperation note = connection.Connector.Operations["note.add"];
        JsonElement input = Input("note.add", """{"text":"Hello"}""");
        byte[] frozen = (await PrepareAsync(connection, "note.add", input.GetRawText())).Frozen!;
        _sandbox.Faults.Add(new Fault { Kind = FaultKind.Status, Status = 429, Method = "POST" });
        OperationAnswer answer = await _rig.Client.SendAsync(connection, note, input, frozen, null, Stop);
        answer.Outcome.ShouldBe(OperationOutcome.RateLimited);
        Held.Notes.ShouldBeEmpty();
    }

    [Fact]
    public async Task Verify_Signed_AnsweredWith200AsAPing()
    {
        await using HookServer receiver = await HookServer.StartAsync();
        await _sandbox.AddExportAsync(receiver.Url, "test-secret-1", Stop);
        Reception reception = Receive(Connect(), await receiver.NextAsync());
        (reception.RejectStatus, reception.AckStatus, reception.Events.ShouldHaveSingleItem().Type).ShouldBe((null, 200, "raw.VERIFY"));
    }

    [Theory]
    [InlineData("as sent", null)]
    [InlineData("in capitals", null)]
    [InlineData("with a prefix", null)]
    [InlineData("changed body", 401)]
    [InlineData("another secret", 401)]
    [InlineData("cut", 401)]
    [InlineData("none", 401)]
    [InlineData("secret not given", 401)]
    public async Task Signature_OverTheBody_GoodHoweverItIsWritten(string what, int? refused)
    {
        ReceivedHook sent = await ExportedAsync(_id, what == "another secret" ? "test-secret-2" : "test-secret-1");
        var headers = sent.Headers.ToDictionary(h => h.Key, h => h.Value, StringComparer.OrdinalIgnoreCase);
        string signature = headers["X-JazzHR-Signature"];
        headers["X-JazzHR-Signature"] = what switch
        {
            "in capitals" => signature.ToUpperInvariant(),
            "with a prefix" => $"sha256={signature}",
            "cut" => signature[..^2],
            _ => signature,
        };
        if (what == "none")
        {
            headers.Remove("X-JazzHR-Signature");
        }
        else if (what == "secret not given")
        {
            _rig.Secrets.Remove("webhookSecret");
        }
        Reception reception = Receive(Connect(), new ReceivedHook(what == "changed body" ? [.. sent.Body, (byte)' '] : sent.Body, headers));
        (reception.RejectStatus, reception.Events.Count).ShouldBe((refused, refused is null ? 1 : 0));
    }

    [Fact]
    public async Task Export_OldOneSentAgainUnderAnotherId_IsTheSameEvent()
    {
        ReceivedHook sent = await ExportedAsync(_id);
        _rig.Time.Advance(TimeSpan.FromDays(20));
        var again = sent.Headers.ToDictionary(h => h.Key, h => h.Value, StringComparer.OrdinalIgnoreCase);
        again["X-JazzHR-UUID"] = "another";
        byte[] Key(ReceivedHook hook) => Receive(Connect(), hook).Events.ShouldHaveSingleItem().DedupeKey;
        Key(sent with { Headers = again }).ShouldBe(Key(sent));
        Key(await ExportedAsync(_id)).ShouldNotBe(Key(sent));
    }

    [Fact]
    public async Task Export_StepReached_CanonicalWithTheRequisitionOfTheJob()
    {
        JsonElement canonical = await CanonicalAsync(await ExportedAsync(_id));
        canonical.GetProperty("application").GetRawText().ShouldBe(
            $$"""{"id":"{{_id}}","status":"Active","stage":{"id":null,"name":"Phone Screen"},"applied_at":"2026-01-06T00:00:00Z","url":null,"source":null}""");
        JsonElement candidate = canonical.GetProperty("candidate");
        (candidate.GetProperty("name").GetString(), candidate.GetProperty("email_canonical").GetString(), candidate.GetProperty("phone").GetString()).ShouldBe(("Zoë Lee", "zoe@example.com", "+15551234567"));
        candidate.GetProperty("url").GetString().ShouldBe($"https://app.jazz.co/app/v2/candidate/{_id.Split('~')[0]}");
        canonical.GetProperty("job").GetRawText().ShouldBe("""{"id":"job_4056310","title":"Backend Engineer","requisition_id":"4056310"}""");
    }

    [Theory]
    [InlineData("job_4056311", "job_4056311")]
    [InlineData("https://app.jazz.co/app/v2/job/job_4056311", "job_4056311")]
    [InlineData(null, "job_4056310")]
    [InlineData("job_40563", "job_4056310")]
    public async Task Export_SeveralApplications_TheOneOfTheContextOrTheOneThatMovedLast(string? context, string job)
    {
        await RestartAsync(new JazzHROptions { ExportsAllApplications = true });
        _sandbox.ApplyAgain(_id, "job_4056311");
        _rig.Time.Advance(TimeSpan.FromMinutes(1));
        ReceivedHook sent = await ExportedAsync(_id);
        var headers = sent.Headers.ToDictionary(h => h.Key, h => h.Value, StringComparer.OrdinalIgnoreCase);
        headers.Remove("X-JazzHR-Export-Context");
        if (context is not null)
        {
            headers["X-JazzHR-Export-Context"] = context;
        }
        string expected = $"{_id.Split('~')[0]}~{job}";
        JsonElement canonical = await CanonicalAsync(sent with { Headers = headers }, $"application:{expected}");
        (canonical.GetProperty("application").GetProperty("id").GetString(), canonical.GetProperty("job").GetProperty("requisition_id").GetString()).ShouldBe((expected, job[4..]));
    }

    [Theory]
    [InlineData("step_01", "New")]
    [InlineData("step_02", null)]
    public async Task Row_OfAStepThatWasLeftMeanwhile_DoesNotTakeTheWordsOfTheNewOne(string step, string? name)
    {
        string[] ids = _id.Split('~');
        JsonElement canonical = await _rig.CanonicalAsync(
            Connect(), "application.stage_changed", Encoding.UTF8.GetBytes($$"""{"id":"1","applicant_id":"{{ids[0]}}","job_id":"{{ids[1]}}","workflow_step_id":"{{step}}","date":"2026-01-06"}"""));
        JsonElement stage = canonical.GetProperty("application").GetProperty("stage");
        (stage.GetProperty("id").GetString(), stage.GetProperty("name").GetString()).ShouldBe((step, name));
    }

    [Theory]
    [InlineData("{}", null)]
    [InlineData("""{"tags":{"completed":"ARIA: completed"}}""", null)]
    [InlineData("""{"tags":{"completed":"ARIA: complete"}}""", "JazzHR has no category 'ARIA: complete'.")]
    [InlineData("""{"userId":"usr_9999"}""", "JazzHR has no user 'usr_9999'.")]
    public async Task Check_SettingsAgainstTheAccount_FoundBeforeAnythingRuns(string settings, string? finding)
    {
        var bag = new DiagnosticBag();
        await new ConnectionChecks(_rig.Client).CheckAsync(Connect(settings), bag, Stop);
        bag.Items.Select(i => i.Summary).FirstOrDefault()?.ShouldContain(finding ?? "nothing");
        bag.Items.Count.ShouldBe(finding is null ? 0 : 1);
    }

    private async ValueTask StartAsync(JazzHROptions options)
    {
        _sandbox = await JazzHRSandbox.StartAsync(options with { Time = _rig.Time, ApiKey = "key-1" }, Stop);
        _id = _sandbox.Apply(new JazzHRApplicant("Zoë", "Lee", "Zoe@Example.com", "+15551234567"));
    }

    private async Task RestartAsync(JazzHROptions options)
    {
        await _sandbox.DisposeAsync();
        await StartAsync(options);
    }

    private Connection Connect(string settings = "{}")
    {
        JsonObject all = JsonNode.Parse(settings)!.AsObject();
        all["baseUrl"] = _sandbox.ApiUrl.ToString();
        all["userId"] ??= JazzHRSeeds.UserId;
        return Plugins.Connect(Plugins.JazzHR, all.ToJsonString());
    }

    private JsonElement Input(string operation, string members)
    {
        JsonObject input = JsonNode.Parse(members)!.AsObject();
        if (operation != "category.add" && !input.ContainsKey("application_id"))
        {
            input["application_id"] = _id;
        }
        return JsonElement.Parse(input.ToJsonString());
    }

    private Task<Preparation> PrepareAsync(Connection connection, string operation, string input) =>
        _rig.Client.PrepareAsync(connection, connection.Connector.Operations[operation], JsonElement.Parse(input), "key-1", Stop);

    private async Task<JsonElement> PerformAsync(string operation, string members, Connection? connection = null)
    {
        connection ??= Connect();
        JsonElement input = Input(operation, members);
        Preparation prepared = await PrepareAsync(connection, operation, input.GetRawText());
        OperationAnswer answer = await _rig.Client.SendAsync(connection, connection.Connector.Operations[operation], input, prepared.Frozen.ShouldNotBeNull(prepared.Problem?.ToString()), null, Stop);
        answer.Outcome.ShouldBe(OperationOutcome.Confirmed, answer.Message);
        return answer.Output!.Value;
    }

    /// <summary>What JazzHR posts when an application reaches the step that exports.</summary>
    private async Task<ReceivedHook> ExportedAsync(string id, string secret = "test-secret-1")
    {
        await using HookServer receiver = await HookServer.StartAsync();
        (await _sandbox.AddExportAsync(receiver.Url, secret, Stop)).ShouldBeTrue();
        await receiver.NextAsync();
        _sandbox.Move(id, "Phone Screen");
        return await receiver.NextAsync();
    }

    private Reception Receive(Connection connection, ReceivedHook sent) => _rig.Receiver.Receive(connection, new Delivery(
        "POST", sent.Headers.ToDictionary(h => h.Key, h => (IReadOnlyList<string>)[h.Value], StringComparer.OrdinalIgnoreCase), new Dictionary<string, IReadOnlyList<string>>(), sent.Body, _rig.Time.GetUtcNow()));

    private async Task<JsonElement> CanonicalAsync(ReceivedHook sent, string? subject = null)
    {
        Connection connection = Connect();
        DecodedEvent decoded = Receive(connection, sent).Events.ShouldHaveSingleItem();
        (decoded.Type, decoded.Subject).ShouldBe(("application.stage_changed", subject ?? $"application:{_id}"));
        decoded.Correlation.ShouldHaveSingleItem().ShouldBe(new("application_id", decoded.Subject!["application:".Length..]));
        return await _rig.CanonicalAsync(connection, decoded.Type, decoded.Body);
    }
}
