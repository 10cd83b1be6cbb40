using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Aria.Pipelines.Abstractions;
using Aria.Pipelines.Connectors;
using Microsoft.AspNetCore.Http;

namespace Aria.Pipelines.Tests.Connectors;

/// <summary>Greenhouse's operations against a loopback server that answers in the documented v3 shapes.</summary>
public sealed class GreenhouseOperationTests : IAsyncLifetime
{
    private const string Fields = """
        [{"id":1,"name_key":"aria_interview_status","value_type":"single_select","name":"S"},{"id":2,"name_key":"aria_interview_score","value_type":"number","name":"N"},
         {"id":3,"name_key":"aria_recommendation","value_type":"single_select","name":"R"},{"id":4,"name_key":"aria_transcript_url","value_type":"url","name":"T"},{"id":9,"name_key":"other","value_type":"short_text","name":"O"}]
        """;

    private const string Options = """
        [{"id":11,"custom_field_id":1,"name":"Pending"},{"id":12,"custom_field_id":1,"name":"Completed"},{"id":13,"custom_field_id":1,"name":"No-show"},
         {"id":31,"custom_field_id":3,"name":"Advance"},{"id":32,"custom_field_id":3,"name":"Maybe"}]
        """;

    private readonly ConnectorRig _rig = new();
    private readonly Dictionary<string, string> _answers = new()
    {
        ["/v3/applications"] = """[{"id":100,"candidate_id":300,"job_id":7,"status":"in_process","stage_id":555,"stage_name":"Phone Screen","created_at":"2026-01-02T03:04:05Z"}]""",
        ["/v3/candidates"] = """[{"id":300,"first_name":"Zoë","last_name":"Lee","email_addresses":[{"value":" Zoe.Lee@Example.COM ","type":"personal"}],"phone_numbers":[]}]""",
        ["/v3/jobs"] = """[{"id":7,"name":"Engineer","requisition_id":"R-7"}]""",
        ["/v3/application_stages"] = """[{"id":555,"application_id":100,"job_interview_stage_id":42,"current":true}]""",
        ["/v3/attachments"] = """[{"id":5,"type":"resume","url":"https://files.example/resume"}]""",
        ["/v3/custom_fields"] = Fields,
        ["/v3/custom_field_options"] = Options,
        ["/v3/notes"] = "[]",
    };

    private RemoteServer _server = null!;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _server = await RemoteServer.StartAsync(AnswerAsync);

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        _rig.Dispose();
    }

    [Fact]
    public async Task ApplicationGet_AllReads_GiveTheShapeOfTheEvents()
    {
        OperationAnswer answer = await PerformAsync("application.get", """{"application_id":"100"}""");
        Text(answer.Output).ShouldBe(Compact("""
            {"application":{"id":"100","status":"active","stage":{"id":"42","name":"Phone Screen"},"applied_at":"2026-01-02T03:04:05Z","url":"https://app.greenhouse.io/people/300?application_id=100","source":null},
             "candidate":{"id":"300","first_name":"Zoë","last_name":"Lee","name":"Zoë Lee","email":"Zoe.Lee@Example.COM","email_canonical":"zoe.lee@example.com","phone":null,"resume_url":"https://files.example/resume","url":"https://app.greenhouse.io/people/300"},
             "job":{"id":"7","title":"Engineer","requisition_id":"R-7"}}
            """));
        _server.Lines.ShouldBe(
        [
            "POST /token",
            "GET /v3/applications?ids=100",
            "GET /v3/candidates?ids=300",
            "GET /v3/jobs?ids=7",
            "GET /v3/application_stages?application_ids=100&current=true",
            "GET /v3/attachments?application_ids=100&type=resume",
        ]);
        _rig.Budgets.Taken.ShouldBe(5);
    }

    [Fact]
    public async Task ApplicationGet_WithinFiveMinutes_AnsweredFromTheCacheUntilASubjectChanges()
    {
        await PerformAsync("application.get", """{"application_id":"100"}""");
        int requests = _server.Requests.Count;
        _rig.Time.Advance(TimeSpan.FromMinutes(4));
        await PerformAsync("application.get", """{"application_id":"100"}""");
        _server.Requests.Count.ShouldBe(requests);
        _rig.Client.SubjectChanged("ats", "candidate:300");
        _rig.Time.Advance(TimeSpan.FromSeconds(1));
        await PerformAsync("application.get", """{"application_id":"100"}""");
        _server.Lines.Skip(requests).ShouldBe(["GET /v3/candidates?ids=300"]);
        _rig.Time.Advance(TimeSpan.FromMinutes(2));
        await PerformAsync("application.get", """{"application_id":"100"}""");
        _server.Lines.Skip(requests + 1).ShouldBe(
        [
            "GET /v3/applications?ids=100",
            "GET /v3/jobs?ids=7",
            "GET /v3/application_stages?application_ids=100&current=true",
            "GET /v3/attachments?application_ids=100&type=resume",
        ]);
    }

    [Fact]
    public async Task ApplicationGet_Unknown_RefusedWithoutAskingForEverybodysCandidates()
    {
        _answers["/v3/applications"] = "[]";
        Preparation prepared = await PrepareAsync("application.get", """{"application_id":"100"}""");
        prepared.Problem!.ToString().ShouldBe("error application_not_found: Greenhouse has no application '100', or the API user may not see it: it has to be a Site Admin.");
        prepared.Problem.Fault.ShouldBe(DiagnosticFault.Remote);
        _server.Lines.ShouldBe(["POST /token", "GET /v3/applications?ids=100"]);
    }

    [Fact]
    public async Task InterviewWrite_AllResults_OnePatchInTheTenantsWords()
    {
        OperationAnswer answer = await PerformAsync("interview.write",
            """{"application_id":"100","status":"no_show","score":8.25,"recommendation":"advance","transcript_url":"https://t.example/1","recording_url":"https://r.example/1"}""");
        answer.Outcome.ShouldBe(OperationOutcome.Confirmed);
        Text(answer.Output).ShouldBe("""{"application_id":"100"}""");
        SeenRequest patch = _server.Requests.Last();
        $"{patch.Method} {patch.PathAndQuery} {patch.Headers.ContentType} {patch.Headers.Accept}".ShouldBe("PATCH /v3/applications/100 application/json application/json");
        patch.Body.ShouldBe("""{"custom_fields":[{"name_key":"aria_interview_status","value":13},{"name_key":"aria_interview_score","value":8.3},{"name_key":"aria_recommendation","value":31},{"name_key":"aria_transcript_url","value":"https://t.example/1"}]}""");
        patch.Authorization.ShouldBe("Bearer token-1");
        _server.Lines.ShouldBe(
        [
            "POST /token",
            "GET /v3/custom_fields?field_type=application&active=true&per_page=500",
            "GET /v3/custom_field_options?custom_field_ids=1%2C3&active=true&per_page=500",
            "PATCH /v3/applications/100",
        ]);
    }

    [Fact]
    public async Task InterviewWrite_NullResults_LeftOut()
    {
        await PerformAsync("interview.write", """{"application_id":"100","status":"pending","score":null,"recommendation":null,"transcript_url":null}""");
        _server.Requests.Last().Body.ShouldBe("""{"custom_fields":[{"name_key":"aria_interview_status","value":11}]}""");
    }

    [Fact]
    public async Task InterviewWrite_CandidateHolderWithOtherForms_FollowsTheSettings()
    {
        await PerformAsync("interview.write", """{"application_id":"100","recommendation":"maybe","score":7.6}""",
            """{"fieldHolder":"candidate","optionAs":"name","customFieldsAs":"object","scoreDecimals":0,"labels":{"maybe":"MAYBE "}}""");
        SeenRequest patch = _server.Requests.Last();
        patch.PathAndQuery.ShouldBe("/v3/candidates/300");
        patch.Body.ShouldBe("""{"custom_fields":{"aria_interview_score":8,"aria_recommendation":"Maybe"}}""");
        _server.Lines.ShouldContain("GET /v3/custom_fields?field_type=candidate&active=true&per_page=500");
    }

    [Theory]
    [InlineData("""{"score":1,"status":"pending"}""", """{"fields":{"score":"no_such","status":"nor_this"}}""",
        "error field_missing: Greenhouse has no active application custom field 'nor_this' for 'status'. Create it, name another in settings.fields.status, or set that to null. "
        + "Greenhouse has no active application custom field 'no_such' for 'score'. Create it, name another in settings.fields.score, or set that to null.")]
    [InlineData("""{"score":1}""", """{"fields":{"score":"aria_transcript_url"}}""",
        "error field_type_mismatch: The Greenhouse custom field 'aria_transcript_url' for 'score' is of type url. It has to be one of: number, short_text.")]
    [InlineData("""{"recommendation":"pass"}""", "{}",
        "error option_missing: The Greenhouse custom field 'aria_recommendation' has no option 'Pass' for 'recommendation'. Add it, or name the existing one in settings.labels.")]
    [InlineData("""{"recording_url":"https://r.example"}""", "{}",
        "error nothing_to_write: None of the given results has a Greenhouse custom field: give one, or name its field in settings.fields.")]
    [InlineData("{}", "{}",
        "error nothing_to_write: None of the given results has a Greenhouse custom field: give one, or name its field in settings.fields.")]
    public async Task InterviewWrite_FieldsDoNotFit_RefusedByName(string results, string settings, string expected)
    {
        JsonObject input = JsonNode.Parse(results)!.AsObject();
        input["application_id"] = "100";
        Preparation prepared = await PrepareAsync("interview.write", input.ToJsonString(), settings);
        prepared.Problem!.ToString().ShouldBe(expected);
        _server.Requests.ShouldNotContain(r => r.Method == "PATCH");
    }

    [Fact]
    public async Task InterviewWrite_FieldsOnSeveralPages_AllRead()
    {
        _answers["/v3/custom_fields"] = """[{"id":9,"name_key":"other","value_type":"number"}]""";
        _answers["/v3/custom_fields?cursor=abc"] = Fields;
        await PerformAsync("interview.write", """{"application_id":"100","score":5}""");
        _server.Lines.ShouldContain("GET /v3/custom_fields?cursor=abc");
        _server.Requests.Last().Body.ShouldBe("""{"custom_fields":[{"name_key":"aria_interview_score","value":5}]}""");
    }

    [Fact]
    public async Task InterviewWrite_Prepared_SameBytesEachTimeAndNoCredentials()
    {
        const string Input = """{"application_id":"100","status":"completed","score":8.5}""";
        byte[] first = (await PrepareAsync("interview.write", Input)).Frozen!;
        byte[] second = (await PrepareAsync("interview.write", Input)).Frozen!;
        second.ShouldBe(first);
        string text = Encoding.UTF8.GetString(first);
        text.ShouldNotContain("token-1");
        text.ShouldNotContain("very-secret-value");
    }

    [Fact]
    public async Task NoteAdd_Marker_WrittenAndFoundAgain()
    {
        const string Input = """{"application_id":"100","text":"Interview \"done\""}""";
        const string Settings = """{"noteUserId":"10"}""";
        OperationAnswer answer = await PerformAsync("note.add", Input, Settings);
        answer.Reference.ShouldBe("77");
        Text(answer.Output).ShouldBe("""{"note_id":"77"}""");
        _server.Requests.Last().Body.ShouldBe("""{"candidate_id":300,"application_id":100,"user_id":10,"body":"Interview \"done\"\n\n[aria:key-1]","visibility":"public","note_type":"NOTE"}""");

        byte[] frozen = (await PrepareAsync("note.add", Input, Settings)).Frozen!;
        (await LookUpAsync("note.add", Input, frozen, Settings)).Outcome.ShouldBe(OperationOutcome.NotFound);
        _answers["/v3/notes"] = """[{"id":80,"body":"else"},{"id":77,"body":"Interview\n\n[aria:key-1]"}]""";
        OperationAnswer found = await LookUpAsync("note.add", Input, frozen, Settings);
        found.Outcome.ShouldBe(OperationOutcome.Confirmed);
        found.Reference.ShouldBe("77");
        Text(found.Output).ShouldBe("""{"note_id":"77"}""");
        _server.Lines[^1].ShouldBe("GET /v3/notes?candidate_ids=300&per_page=500");
    }

    [Fact]
    public async Task NoteAdd_NoAuthor_RefusedAsOperatorsFault()
    {
        Preparation prepared = await PrepareAsync("note.add", """{"application_id":"100","text":"x"}""");
        prepared.Problem!.ToString().ShouldBe("error author_missing: A note needs an author: give the id of a Greenhouse user in settings.noteUserId, or the API user in settings.userId.");
        prepared.Problem.Fault.ShouldBe(DiagnosticFault.Operator);
    }

    [Theory]
    [InlineData("""{"application_id":"../jobs"}""", "'application_id'")]
    [InlineData("""{"application_id":7}""", "'application_id'")]
    [InlineData("{}", "application_id")]
    [InlineData("""{"application_id":"1","other":1}""", "other")]
    public async Task ApplicationGet_InvalidInput_NamesTheMember(string input, string member)
    {
        Preparation prepared = await PrepareAsync("application.get", input);
        prepared.Problem!.Code.ShouldBe("input_invalid");
        prepared.Problem.Summary.ShouldStartWith("Input of 'ats.application.get' is not valid. ");
        prepared.Problem.Summary.ShouldContain(member);
        _server.Requests.ShouldBeEmpty();
    }

    private async Task AnswerAsync(SeenRequest request, HttpResponse response)
    {
        string path = request.PathAndQuery.Split('?')[0];
        if (path == "/token")
        {
            await RemoteServer.Json(response, """{"access_token":"token-1","expires_at":"2026-01-06T13:00:00Z"}""");
            return;
        }
        if (request.Authorization != "Bearer token-1")
        {
            response.StatusCode = 401;
            return;
        }
        if (request.Method == "PATCH")
        {
            await RemoteServer.Json(response, "{}");
            return;
        }
        if (request.Method == "POST")
        {
            await RemoteServer.Json(response, """{"id":77}""", 201);
            return;
        }
        string next = path + "?cursor=abc";
        if (_answers.ContainsKey(next) && !request.PathAndQuery.Contains("cursor", StringComparison.Ordinal))
        {
            response.Headers.Link = $"<{_server.Url}{path}?cursor=zzz>; rel=\"prev\", <{_server.Url}{next}>; rel=\"next\"";
        }
        await RemoteServer.Json(response, _answers.GetValueOrDefault(request.PathAndQuery) ?? _answers[path]);
    }

    private Connection Connection(string settings)
    {
        JsonObject all = JsonNode.Parse(settings)!.AsObject();
        all["baseUrl"] = _server.Url + "/v3";
        all["tokenUrl"] = _server.Url + "/token";
        return Plugins.Connect(Plugins.Greenhouse, all.ToJsonString());
    }

    private Task<Preparation> PrepareAsync(string operation, string input, string settings = "{}") =>
        _rig.Client.PrepareAsync(Connection(settings), Plugins.Greenhouse.Operations[operation], JsonElement.Parse(input), "key-1", Stop);

    private Task<OperationAnswer> LookUpAsync(string operation, string input, byte[] frozen, string settings) =>
        _rig.Client.LookUpAsync(Connection(settings), Plugins.Greenhouse.Operations[operation], JsonElement.Parse(input), "key-1", frozen, Stop);

    private async Task<OperationAnswer> PerformAsync(string operation, string input, string settings = "{}")
    {
        Preparation prepared = await PrepareAsync(operation, input, settings);
        prepared.Problem.ShouldBeNull();
        OperationAnswer answer = await _rig.Client.SendAsync(
            Connection(settings), Plugins.Greenhouse.Operations[operation], JsonElement.Parse(input), prepared.Frozen.ShouldNotBeNull(), null, Stop);
        answer.Outcome.ShouldBe(OperationOutcome.Confirmed, answer.Message);
        return answer;
    }

    private static string Text(JsonElement? json) => Compact(json!.Value.GetRawText());

    private static string Compact(string json) => Encoding.UTF8.GetString(ConnectorJson.ToBytes(JsonNode.Parse(json)));
}
