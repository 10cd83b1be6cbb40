using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using Aria.Pipelines.Connectors;
using Aria.Pipelines.Sandbox.Aria;
using Aria.Pipelines.Sandbox.Faults;
using Aria.Pipelines.Sandbox.Greenhouse;

namespace Aria.Pipelines.Tests.Connectors;

/// <summary>Every operation of both connectors against the stand-ins, which refuse what the vendors would refuse.</summary>
public sealed class SandboxOperationTests : IAsyncLifetime
{
    private readonly ConnectorRig _rig = new();
    private GreenhouseSandbox _greenhouse = null!;
    private AriaSandbox _aria = null!;
    private long _application;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _greenhouse = await GreenhouseSandbox.StartAsync(new GreenhouseOptions { Time = _rig.Time, ClientId = "client-1", ClientSecret = "very-secret-value" }, Stop);
        _aria = await AriaSandbox.StartAsync(new AriaOptions { Time = _rig.Time, ApiKeys = ["key-1"] }, Stop);
        _application = _greenhouse.Apply(new GreenhouseCandidate("Zoë", "Lee", "Zoe@Example.com", "+15551234567") { ResumeFilename = "cv.pdf" });
        _greenhouse.MoveStage(_application, "Phone Screen");
    }

    public async ValueTask DisposeAsync()
    {
        await _greenhouse.DisposeAsync();
        await _aria.DisposeAsync();
        _rig.Dispose();
    }

    [Fact]
    public async Task ApplicationGet_Greenhouse_Complete()
    {
        OperationAnswer answer = await PerformAsync(Greenhouse(), "application.get", $$"""{"application_id":"{{_application}}"}""");
        JsonElement output = answer.Output!.Value;
        output.GetProperty("application").GetProperty("stage").GetProperty("name").GetString().ShouldBe("Phone Screen");
        output.GetProperty("application").GetProperty("status").GetString().ShouldBe("active");
        output.GetProperty("candidate").GetProperty("email_canonical").GetString().ShouldBe("zoe@example.com");
        output.GetProperty("candidate").GetProperty("resume_url").GetString().ShouldNotBeNull();
        output.GetProperty("job").GetProperty("title").GetString().ShouldBe("Backend Engineer");
    }

    [Fact]
    public async Task InterviewWrite_Greenhouse_FieldsHoldTheResult()
    {
        OperationAnswer answer = await PerformAsync(Greenhouse("""{"fields":{"recording_url":"aria_recording_url"}}"""), "interview.write",
            $$"""{"application_id":"{{_application}}","status":"completed","score":8.46,"recommendation":"maybe","transcript_url":"https://t.example/1","recording_url":"https://r.example/1"}""");
        answer.Outcome.ShouldBe(OperationOutcome.Confirmed);
        IReadOnlyDictionary<string, object?> fields = _greenhouse.State.Application(_application).CustomFields;
        fields["aria_interview_status"].ShouldBe("Completed");
        Convert.ToDouble(fields["aria_interview_score"], System.Globalization.CultureInfo.InvariantCulture).ShouldBe(8.5);
        fields["aria_recommendation"].ShouldBe("Maybe");
        fields["aria_transcript_url"].ShouldBe("https://t.example/1");
        fields["aria_recording_url"].ShouldBe("https://r.example/1");
    }

    [Fact]
    public async Task NoteAdd_AnswerLost_FoundByItsMarkerAndThereOnce()
    {
        Connection connection = Greenhouse();
        string input = $$"""{"application_id":"{{_application}}","text":"Needs attention"}""";
        byte[] frozen = await FreezeAsync(connection, "note.add", input);
        (await LookUpAsync(connection, "note.add", input, frozen)).Outcome.ShouldBe(OperationOutcome.NotFound);
        _greenhouse.Faults.Add(new Fault { Kind = FaultKind.DropAfter, Method = "POST", PathPrefix = "/v3/notes" });
        (await SendAsync(connection, "note.add", input, frozen)).Outcome.ShouldBe(OperationOutcome.Unknown);
        OperationAnswer found = await LookUpAsync(connection, "note.add", input, frozen);
        found.Outcome.ShouldBe(OperationOutcome.Confirmed);
        GreenhouseNoteView note = _greenhouse.State.Notes.ShouldHaveSingleItem();
        found.Reference.ShouldBe(note.Id.ToString(System.Globalization.CultureInfo.InvariantCulture));
        note.Body.ShouldBe("Needs attention\n\n[aria:key-1]");
    }

    [Theory]
    [InlineData("Face to Face")]
    [InlineData(" face TO face ")]
    [InlineData(null)]
    public async Task StageMove_Greenhouse_ByNameOrId_MovesOnce(string? name)
    {
        string stage = name ?? await StageIdAsync("Face to Face");
        await PerformAsync(Greenhouse(), "stage.move", $$"""{"application_id":"{{_application}}","stage_id":"{{stage}}"}""");
        _greenhouse.State.Moves.Where(m => m.OverHttp).ShouldBe([new GreenhouseMoveView(_application, "Phone Screen", "Face to Face", true)]);
    }

    [Fact]
    public async Task StageMove_Greenhouse_OfAnUnknownName_SaysWhichThereAre()
    {
        Connection connection = Greenhouse();
        Preparation prepared = await _rig.Client.PrepareAsync(connection, connection.Connector.Operations["stage.move"], JsonElement.Parse($$"""{"application_id":"{{_application}}","stage_id":"AI Interview"}"""), "key-1", Stop);
        prepared.Problem!.ToString().ShouldBe($"error stage_missing: The job of application '{_application}' has no stage 'AI Interview'. It has: Offer, Face to Face, Phone Screen, Application Review.");
    }

    [Fact]
    public async Task StageMove_Greenhouse_AnswerLost_FoundAndNotMovedTwice()
    {
        Connection connection = Greenhouse();
        string input = $$"""{"application_id":"{{_application}}","stage_id":"Face to Face"}""";
        byte[] frozen = await FreezeAsync(connection, "stage.move", input);
        (await LookUpAsync(connection, "stage.move", input, frozen)).Outcome.ShouldBe(OperationOutcome.NotFound);
        _greenhouse.Faults.Add(new Fault { Kind = FaultKind.DropAfter, Method = "POST", PathPrefix = "/v3/applications" });
        (await SendAsync(connection, "stage.move", input, frozen)).Outcome.ShouldBe(OperationOutcome.Unknown);
        (await LookUpAsync(connection, "stage.move", input, frozen)).Outcome.ShouldBe(OperationOutcome.Confirmed);
        OperationAnswer again = await SendAsync(connection, "stage.move", input, frozen);
        (again.Outcome, again.Status).ShouldBe((OperationOutcome.Rejected, 422), "the guard names the stage that it left");
        _greenhouse.State.Counts.Moves.ShouldBe(1);
    }

    [Fact]
    public async Task InterviewCreate_AnswerLost_FoundByExternalId()
    {
        Connection connection = Aria();
        byte[] frozen = await FreezeAsync(connection, "interview.create", Invitation);
        (await LookUpAsync(connection, "interview.create", Invitation, frozen)).Outcome.ShouldBe(OperationOutcome.NotFound);
        _aria.Faults.Add(new Fault { Kind = FaultKind.Garbage, Method = "POST" });
        OperationAnswer lost = await SendAsync(connection, "interview.create", Invitation, frozen);
        (lost.Outcome, lost.Code).ShouldBe((OperationOutcome.Unknown, "answer_not_understood"));
        OperationAnswer found = await LookUpAsync(connection, "interview.create", Invitation, frozen);
        found.Reference.ShouldBe(_aria.Interviews.ShouldHaveSingleItem().Id);
    }

    [Fact]
    public async Task InterviewCreate_KeyedAndSentAgain_OneInvitation()
    {
        Connection connection = Aria("""{"creation":"keyed"}""");
        byte[] frozen = await FreezeAsync(connection, "interview.create", Invitation);
        _aria.Faults.Add(new Fault { Kind = FaultKind.DropAfter, Method = "POST" });
        (await SendAsync(connection, "interview.create", Invitation, frozen)).Outcome.ShouldBe(OperationOutcome.Unknown);
        OperationAnswer again = await SendAsync(connection, "interview.create", Invitation, frozen);
        again.Outcome.ShouldBe(OperationOutcome.Confirmed);
        (_aria.InvitationsCreated, _aria.InvitationsRepeated).ShouldBe((1, 1));
    }

    [Fact]
    public async Task InterviewGet_BeforeAndAfterCompletion_SameMembers()
    {
        string id = (await PerformAsync(Aria(), "interview.create", Invitation)).Reference!;
        OperationAnswer before = await PerformAsync(Aria(), "interview.get", $$"""{"interview_id":"{{id}}"}""");
        before.Output!.Value.EnumerateObject().Select(p => $"{p.Name}={p.Value}").ShouldBe(
            [$"interview_id={id}", "status=invited", "score=", "recommendation=", "transcript_url=", "recording_url=", "completed_at=", "insights="]);
        _aria.Complete(id, new AriaResult(8.5m, "advance"));
        OperationAnswer after = await PerformAsync(Aria(), "interview.get", $$"""{"interview_id":"{{id}}"}""");
        after.Output!.Value.EnumerateObject().Select(p => p.Name).ShouldBe(before.Output.Value.EnumerateObject().Select(p => p.Name));
        after.Output.Value.GetProperty("score").GetDouble().ShouldBe(8.5);
    }

    [Fact]
    public async Task InterviewGet_UnknownId_RefusedInAriasWords()
    {
        byte[] frozen = await FreezeAsync(Aria(), "interview.get", """{"interview_id":"int_none"}""");
        OperationAnswer answer = await SendAsync(Aria(), "interview.get", """{"interview_id":"int_none"}""", frozen);
        (answer.Outcome, answer.Status, answer.Message).ShouldBe((OperationOutcome.Rejected, (int)HttpStatusCode.NotFound, "There is no interview 'int_none'."));
    }

    private const string Invitation = """{"candidate":{"email":"jane.doe@example.com","name":"Jane Doe"},"job_id":"job_abc123","interview_kit_id":"kit_xyz789","metadata":{"resume_url":null}}""";

    private Connection Greenhouse(string settings = "{}")
    {
        JsonObject all = JsonNode.Parse(settings)!.AsObject();
        all["baseUrl"] = _greenhouse.ApiUrl.ToString();
        all["tokenUrl"] = _greenhouse.TokenUrl.ToString();
        all["noteUserId"] = GreenhouseSeeds.SiteAdminId.ToString(System.Globalization.CultureInfo.InvariantCulture);
        return Plugins.Connect(Plugins.Greenhouse, all.ToJsonString());
    }

    private async Task<string> StageIdAsync(string name)
    {
        long elsewhere = _greenhouse.Apply(new GreenhouseCandidate("Ann", "Other", "ann@example.com", null));
        _greenhouse.MoveStage(elsewhere, name);
        await _greenhouse.WhenQuietAsync(Stop);
        return _greenhouse.State.Application(elsewhere).JobStageId!.Value.ToString(System.Globalization.CultureInfo.InvariantCulture);
    }

    private Connection Aria(string settings = "{}")
    {
        JsonObject all = JsonNode.Parse(settings)!.AsObject();
        all["baseUrl"] = _aria.ApiUrl.ToString();
        return Plugins.Connect(Plugins.Aria, all.ToJsonString(), "aria");
    }

    private async Task<byte[]> FreezeAsync(Connection connection, string operation, string input)
    {
        Preparation prepared = await _rig.Client.PrepareAsync(connection, connection.Connector.Operations[operation], JsonElement.Parse(input), "key-1", Stop);
        prepared.Problem.ShouldBeNull();
        return prepared.Frozen.ShouldNotBeNull(prepared.RetryCode);
    }

    private Task<OperationAnswer> SendAsync(Connection connection, string operation, string input, byte[] frozen) =>
        _rig.Client.SendAsync(connection, connection.Connector.Operations[operation], JsonElement.Parse(input), frozen, null, Stop);

    private Task<OperationAnswer> LookUpAsync(Connection connection, string operation, string input, byte[] frozen) =>
        _rig.Client.LookUpAsync(connection, connection.Connector.Operations[operation], JsonElement.Parse(input), "key-1", frozen, Stop);

    private async Task<OperationAnswer> PerformAsync(Connection connection, string operation, string input)
    {
        OperationAnswer answer = await SendAsync(connection, operation, input, await FreezeAsync(connection, operation, input));
        answer.Outcome.ShouldBe(OperationOutcome.Confirmed, answer.Message);
        return answer;
    }
}
