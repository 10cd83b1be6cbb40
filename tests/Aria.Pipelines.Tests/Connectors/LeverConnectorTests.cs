using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Aria.Pipelines.Abstractions;
using Aria.Pipelines.Connectors;
using Aria.Pipelines.Definitions;
using Aria.Pipelines.Sandbox.Faults;
using Aria.Pipelines.Sandbox.Lever;
using HookServer = Aria.Pipelines.Tests.Sandbox.WebhookReceiver;

namespace Aria.Pipelines.Tests.Connectors;

/// <summary>The Lever connector against its stand-in, over sockets.</summary>
public sealed class LeverConnectorTests : IAsyncLifetime
{
    private const string Vector = """{"triggeredAt":1767225600000,"event":"candidateStageChange","data":{"opportunityId":"11111111-1111-4111-8111-111111111111"},"signature":"2b228e28400e45b8349c8ee4172737dd54b44fa2126a2b97876880bddda09a4a","token":"a1b2c3d4e5f60718293a4b5c6d7e8f901122334455667788"}""";
    private const string TestVector = """{"triggeredAt":1767225660000,"event":"candidateHired","data":{},"signature":"76057ccbe174fce599e4847c9eed4bdedf1bd5da287855ba6448ef4ff7136076","token":"0f1e2d3c4b5a69788796a5b4c3d2e1f00112233445566778"}""";
    private static readonly Dictionary<string, IReadOnlyList<string>> None = [];
    private readonly ConnectorRig _rig = new();
    private LeverSandbox _sandbox = null!;
    private string _id = "";

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private LeverOpportunityView Held => _sandbox.State.Opportunity(_id);

    public async ValueTask InitializeAsync()
    {
        (_rig.Secrets["refreshToken"], _rig.Secrets["signatureTokens"]) = ("refresh-1", "lever-test-signature-token-0001");
        _sandbox = await LeverSandbox.StartAsync(
            new LeverOptions { Time = _rig.Time, ApiKey = "key-1", ClientId = "client-1", ClientSecret = "very-secret-value", RefreshToken = "refresh-1" }, Stop);
        _id = _sandbox.Apply(new LeverCandidate("Zoë Lee", "Zoe@Example.com", "+15551234567"));
    }

    public async ValueTask DisposeAsync()
    {
        await _sandbox.DisposeAsync();
        _rig.Dispose();
    }

    [Theory]
    [InlineData("", "", null)]
    [InlineData("11111111-1111-4111-8111-111111111111", "11111111-1111-4111-8111-111111111112", null)]
    [InlineData("1767225600000", "1767225600001", 401)]
    [InlineData("a1b2c3d4e5f6", "a1b2c3d4e5f7", 401)]
    [InlineData("\"signature\":", "\"unsigned\":", 401)]
    public void Signature_VendorsVector_OverTokenAndTimeOnly(string from, string to, int? refused)
    {
        string body = from.Length == 0 ? Vector : Vector.Replace(from, to, StringComparison.Ordinal);
        Reception reception = Receive(Connect(), body);
        reception.RejectStatus.ShouldBe(refused);
        reception.Events.Count.ShouldBe(refused is null ? 1 : 0);
    }

    [Fact]
    public void Signature_TestDelivery_TakenAsAPing()
    {
        Reception reception = Receive(Connect(), TestVector);
        (reception.RejectStatus, reception.AckStatus, reception.Events.ShouldHaveSingleItem().Type).ShouldBe((null, 200, "raw.ping"));
        Receive(Connect(), TestVector.Replace("\"signature\":", "\"unsigned\":", StringComparison.Ordinal)).RejectStatus.ShouldBe(401);
    }

    [Theory]
    [InlineData("candidateStageChange", "application.stage_changed", "active")]
    [InlineData("candidateArchiveChange", "application.archive_changed", "hired")]
    [InlineData("candidateHired", "application.hired", "hired")]
    public async Task Event_AsTheSystemSendsIt_CompletedByReads(string wire, string type, string status)
    {
        await using HookServer receiver = await HookServer.StartAsync();
        _sandbox.AddWebhook(receiver.Url, "lever-test-signature-token-0001", [wire]);
        _sandbox.MoveStage(_id, "Phone Screen");
        if (status == "hired")
        {
            _sandbox.Archive(_id, LeverSeeds.HiredReasonId);
        }
        string body = Encoding.UTF8.GetString((await receiver.NextAsync()).Body);
        Connection connection = Connect($$"""{"hiredReasonId":"{{LeverSeeds.HiredReasonId}}"}""");
        DecodedEvent decoded = Receive(connection, body).Events.ShouldHaveSingleItem();
        (decoded.Type, decoded.Subject).ShouldBe((type, $"application:{_id}"));
        JsonElement canonical = await CompletedAsync(connection, decoded);
        JsonElement application = canonical.GetProperty("application");
        (application.GetProperty("status").GetString(), application.GetProperty("stage").GetProperty("name").GetString()).ShouldBe((status, "Phone Screen"));
        canonical.GetProperty("candidate").GetProperty("email_canonical").GetString().ShouldBe("zoe@example.com");
        canonical.GetProperty("job").GetProperty("requisition_id").GetString().ShouldBe("ENG-17");
    }

    [Theory]
    [InlineData("opportunityId")]
    [InlineData("candidateId")]
    [InlineData(null)]
    public async Task ApplicationCreated_HoweverItNamesTheOpportunity_CompletedByReads(string? name)
    {
        await using HookServer receiver = await HookServer.StartAsync();
        await using LeverSandbox sandbox = await LeverSandbox.StartAsync(new LeverOptions { Time = _rig.Time, ApiKey = "key-1", ApplicationNamesOpportunity = name != "candidateId" }, Stop);
        sandbox.AddWebhook(receiver.Url, "lever-test-signature-token-0001", ["applicationCreated"]);
        string id = sandbox.Apply(new LeverCandidate("Zoë Lee", "Zoe@Example.com", null));
        JsonNode body = JsonNode.Parse((await receiver.NextAsync()).Body)!;
        string application = body["data"]!["applicationId"]!.GetValue<string>();
        (name is null ? body["data"]!.AsObject().Remove("opportunityId") : body["data"]!.AsObject().ContainsKey(name)).ShouldBeTrue();
        Connection connection = Connect($$"""{"baseUrl":"{{sandbox.ApiUrl}}"}""");
        DecodedEvent decoded = Receive(connection, body.ToJsonString()).Events.ShouldHaveSingleItem();
        (decoded.Type, decoded.Subject).ShouldBe(("application.created", name is null ? $"lever-application:{application}" : $"application:{id}"));
        JsonElement canonical = await CompletedAsync(connection, decoded);
        canonical.GetProperty("application").GetProperty("id").GetString().ShouldBe(id);
        canonical.GetProperty("application").GetProperty("stage").GetProperty("name").GetString().ShouldBe("New applicant");
        canonical.GetProperty("candidate").GetProperty("name").GetString().ShouldBe("Zoë Lee");
    }

    [Fact]
    public async Task LinkAdd_AnswerLost_FoundAndThereOnce()
    {
        Connection connection = Connect();
        ConnectorOperation add = connection.Connector.Operations["link.add"];
        JsonElement input = JsonElement.Parse($$"""{"application_id":"{{_id}}","links":["https://r.example/1","https://t.example/1"]}""");
        byte[] frozen = (await _rig.Client.PrepareAsync(connection, add, input, "key-1", Stop)).Frozen!;
        (await _rig.Client.LookUpAsync(connection, add, input, "key-1", frozen, Stop)).Outcome.ShouldBe(OperationOutcome.NotFound);
        _sandbox.Faults.Add(new Fault { Kind = FaultKind.DropAfter, Method = "POST", PathPrefix = $"/v1/opportunities/{_id}/addLinks" });
        (await _rig.Client.SendAsync(connection, add, input, frozen, null, Stop)).Outcome.ShouldBe(OperationOutcome.Unknown);
        (await _rig.Client.LookUpAsync(connection, add, input, "key-1", frozen, Stop)).Outcome.ShouldBe(OperationOutcome.Confirmed);
        Held.Links.ShouldBe(["https://r.example/1", "https://t.example/1"], ignoreOrder: true);
    }

    [Fact]
    public async Task InterviewWrite_AnswerOfTheStageLost_SentAgainAndMovedOnce()
    {
        Connection connection = Connect(Writing);
        (OperationPart part, JsonElement input) = Parts(connection, """{"status":"completed"}""").Single(p => p.Part.Id == "stage");
        byte[] frozen = (await _rig.Client.PrepareAsync(connection, part.Operation, input, "key-1", Stop)).Frozen!;
        _sandbox.Faults.Add(new Fault { Kind = FaultKind.DropAfter, Method = "PUT", PathPrefix = $"/v1/opportunities/{_id}/stage" });
        (await _rig.Client.SendAsync(connection, part.Operation, input, frozen, null, Stop)).Outcome.ShouldBe(OperationOutcome.Unknown);
        (await _rig.Client.SendAsync(connection, part.Operation, input, frozen, null, Stop)).Outcome.ShouldBe(OperationOutcome.Confirmed);
        _sandbox.State.Moves.ShouldHaveSingleItem().ToStageId.ShouldBe(LeverSeeds.AiInterviewDoneId);
    }

    [Fact]
    public async Task InterviewWrite_WholeResult_NoteTagsFormAndStage()
    {
        await WriteAsync("""{"status":"pending"}""");
        await WriteAsync("""{"status":"completed","score":8.46,"recommendation":"maybe","transcript_url":"https://t.example/1"}""");
        Held.Notes.ShouldHaveSingleItem().Value.ShouldStartWith("ARIA interview: Completed\nScore: 8.5 of 10\nRecommendation: Maybe\nTranscript: https://t.example/1\n\n[aria:");
        Held.Tags.ShouldBe(["ARIA: completed", "ARIA: maybe"], ignoreOrder: true);
        LeverFeedbackView form = Held.Feedback.ShouldHaveSingleItem();
        (form.IsDraft, form.Values[LeverSeeds.RatingFieldId]).ShouldBe((false, "3 - Hire"));
        Held.Stage.ShouldBe("AI Interview done");
    }

    [Theory]
    [InlineData("note", "/notes")]
    [InlineData("feedback", "/feedback")]
    [InlineData("tag", "/addTags")]
    [InlineData("untag", "/removeTags")]
    public async Task InterviewWrite_AnswerOfOnePartLost_FoundAndThereOnce(string id, string path)
    {
        Connection connection = Connect(Writing);
        (OperationPart part, JsonElement input) = Parts(connection, """{"status":"completed","score":7,"recommendation":"advance"}""").Single(p => p.Part.Id == id);
        await PerformAsync(connection, "tag.add", $$"""{"application_id":"{{_id}}","tags":["ARIA: pending"]}""");
        Preparation prepared = await _rig.Client.PrepareAsync(connection, part.Operation, input, "key-1", Stop);
        byte[] frozen = prepared.Frozen.ShouldNotBeNull(prepared.Problem?.ToString());
        (await _rig.Client.LookUpAsync(connection, part.Operation, input, "key-1", frozen, Stop)).Outcome.ShouldBe(OperationOutcome.NotFound);
        _sandbox.Faults.Add(new Fault { Kind = FaultKind.DropAfter, Method = "POST", PathPrefix = $"/v1/opportunities/{_id}{path}" });
        (await _rig.Client.SendAsync(connection, part.Operation, input, frozen, null, Stop)).Outcome.ShouldBe(OperationOutcome.Unknown);
        (await _rig.Client.LookUpAsync(connection, part.Operation, input, "key-1", frozen, Stop)).Outcome.ShouldBe(OperationOutcome.Confirmed);
        (Held.Notes.Count, Held.Feedback.Count).ShouldBe((id == "note" ? 1 : 0, id == "feedback" ? 1 : 0));
    }

    [Fact]
    public async Task Login_RefreshToken_EachIsSpentOnceAndItsSuccessorKept()
    {
        Connection connection = Connect("""{"auth":"oauth"}""");
        string get = $$"""{"application_id":"{{_id}}"}""";
        await PerformAsync(connection, "application.get", get);
        _rig.Time.Advance(TimeSpan.FromHours(1));
        await PerformAsync(connection, "application.get", get);
        (_sandbox.State.TokensIssued, _rig.Rotated.Kept.Distinct().Count()).ShouldBe((2, 2));
        using var other = new ConnectorRig();
        other.Secrets["refreshToken"] = "refresh-1";
        Preparation refused = await other.Client.PrepareAsync(connection, connection.Connector.Operations["application.get"], JsonElement.Parse(get), "key-1", Stop);
        refused.Problem.ShouldNotBeNull().Summary.ShouldContain("Step 'token' of the login refused the credentials");
    }

    [Fact]
    public async Task Limit_TooManyRequests_WaitsAndDoesNotCountAsSent()
    {
        Connection connection = Connect();
        ConnectorOperation note = connection.Connector.Operations["note.add"];
        JsonElement input = JsonElement.Parse($$"""{"application_id":"{{_id}}","text":"Hello"}""");
        byte[] frozen = (await _rig.Client.PrepareAsync(connection, note, input, "key-1", Stop)).Frozen!;
        _sandbox.Faults.Add(new Fault { Kind = FaultKind.Status, Status = 429, Method = "POST" });
        (await _rig.Client.SendAsync(connection, note, input, frozen, null, Stop)).Outcome.ShouldBe(OperationOutcome.RateLimited);
        Held.Notes.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("{}", null)]
    [InlineData("""{"stages":{"completed":"AI Intervew"}}""", "Lever has no stage 'AI Intervew'.")]
    [InlineData("""{"hiredReasonId":"nobody"}""", "Lever has no archive reason with this id.")]
    public async Task Check_SettingsAgainstTheAccount_FoundBeforeAnythingRuns(string settings, string? finding)
    {
        var bag = new DiagnosticBag();
        await new ConnectionChecks(_rig.Client).CheckAsync(Connect(settings), bag, Stop);
        bag.Items.Select(i => i.Summary).FirstOrDefault()?.ShouldContain(finding ?? "nothing");
        bag.Items.Count.ShouldBe(finding is null ? 0 : 1);
    }

    [Fact]
    public async Task Credentials_WrongKey_RefusedInTheVendorsWords()
    {
        _rig.Secrets["apiKey"] = "another";
        Preparation prepared = await _rig.Client.PrepareAsync(Connect(), Connect().Connector.Operations["application.get"], JsonElement.Parse($$"""{"application_id":"{{_id}}"}"""), "key-1", Stop);
        prepared.Problem.ShouldNotBeNull().Code.ShouldBe("unauthorized");
    }

    private static string Writing => $$"""
        {"stages":{"completed":"AI Interview done"},
         "feedback":{"templateId":"{{LeverSeeds.TemplateId}}","ratingField":"{{LeverSeeds.RatingFieldId}}","summaryField":"{{LeverSeeds.SummaryFieldId}}"} }
        """;

    private Connection Connect(string settings = "{}")
    {
        JsonObject all = JsonNode.Parse(settings)!.AsObject();
        (all["baseUrl"], all["tokenUrl"], all["performAs"]) = (all["baseUrl"]?.DeepClone() ?? _sandbox.ApiUrl.ToString(), _sandbox.TokenUrl.ToString(), LeverSeeds.UserId);
        return Plugins.Connect(Plugins.Lever, all.ToJsonString());
    }

    private Reception Receive(Connection connection, string body) =>
        _rig.Receiver.Receive(connection, new Delivery("POST", None, None, Encoding.UTF8.GetBytes(body), _rig.Time.GetUtcNow()));

    private async Task<JsonElement> CompletedAsync(Connection connection, DecodedEvent decoded)
    {
        ConnectorEvent definition = connection.Connector.Events[decoded.Type];
        JsonElement payload = JsonElement.Parse(decoded.Body);
        Preparation prepared = await _rig.Client.PrepareAsync(connection, definition.Enrich!, payload, "key-1", Stop);
        OperationAnswer reads = await _rig.Client.SendAsync(connection, definition.Enrich!, payload, prepared.Frozen.ShouldNotBeNull(prepared.Problem?.ToString()), null, Stop);
        JsonElement canonical = _rig.Receiver.Canonical(connection, decoded.Type, "e1", decoded.Body, reads.Output!.Value);
        definition.Schema!.Validate(canonical).ShouldBeEmpty();
        return canonical;
    }

    private List<(OperationPart Part, JsonElement Input)> Parts(Connection connection, string members)
    {
        JsonObject whole = JsonNode.Parse(members)!.AsObject();
        whole["application_id"] = _id;
        (IReadOnlyList<(OperationPart Part, JsonElement? Input)> parts, Diagnostic? problem) = OperationParts.Of(connection, connection.Connector.Operations["interview.write"], JsonElement.Parse(whole.ToJsonString()));
        problem.ShouldBeNull();
        return [.. parts.Where(p => p.Input is not null).Select(p => (p.Part, p.Input!.Value))];
    }

    private async Task WriteAsync(string members)
    {
        Connection connection = Connect(Writing);
        foreach ((OperationPart part, JsonElement input) in Parts(connection, members))
        {
            await PerformAsync(connection, part.Operation, input);
        }
    }

    private Task PerformAsync(Connection connection, string operation, string input) =>
        PerformAsync(connection, connection.Connector.Operations[operation], JsonElement.Parse(input));

    private async Task PerformAsync(Connection connection, ConnectorOperation operation, JsonElement input)
    {
        Preparation prepared = await _rig.Client.PrepareAsync(connection, operation, input, "key-1", Stop);
        OperationAnswer answer = await _rig.Client.SendAsync(connection, operation, input, prepared.Frozen.ShouldNotBeNull(prepared.Problem?.ToString()), null, Stop);
        answer.Outcome.ShouldBe(OperationOutcome.Confirmed, answer.Message);
    }
}
