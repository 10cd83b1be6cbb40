using System.Text.Json;
using Aria.Pipelines.Sandbox.SmartRecruiters;

namespace Aria.Pipelines.Tests.Sandbox.SmartRecruiters;

/// <summary>Properties, status, messages and tags.</summary>
public sealed class WriteTests : IAsyncLifetime
{
    private SmartRecruitersRig _rig = null!;
    private SmartRecruitersApplicationKey _key = null!;

    private string Path => $"/candidates/{_key.CandidateId}/jobs/{_key.JobId}";

    private SmartRecruitersApplicationView Application => _rig.Sandbox.State.Application(_key.CandidateId, _key.JobId);

    public async ValueTask InitializeAsync()
    {
        _rig = await SmartRecruitersRig.StartAsync();
        _key = _rig.Sandbox.Apply(SmartRecruitersRig.Jane);
    }

    public ValueTask DisposeAsync() => _rig.DisposeAsync();

    private static string Code(SandboxReply reply) => reply.Json.GetProperty("errors")[0].GetProperty("code").GetString()!;

    private static string Id(string label) => SmartRecruitersSeeds.Properties.First(p => p.Label == label).Id;

    [Fact]
    public async Task Properties_SetAndReset_ReadBack()
    {
        JsonElement options = (await _rig.Client.GetAsync($"/configuration/candidate-properties/{Id("ARIA Recommendation")}/values")).Json.GetProperty("content");
        string maybe = options.EnumerateArray().First(o => o.GetProperty("label").GetString() == "Maybe").GetProperty("id").GetString()!;
        SandboxReply written = await _rig.PutAsync($"{Path}/properties", $$"""[{"id":"{{Id("ARIA Recommendation")}}","value":"{{maybe}}"},{"id":"{{Id("ARIA Interview Score")}}","value":8.5}]""");
        written.Status.ShouldBe(204, written.Body);
        (Application.Properties["ARIA Recommendation"], Application.Properties["ARIA Interview Score"]).ShouldBe(("Maybe", 8.5m));
        JsonElement[] read = [.. (await _rig.Client.GetAsync($"{Path}/properties?context=PROFILE")).Json.GetProperty("content").EnumerateArray()];
        read.First(p => p.GetProperty("label").GetString() == "ARIA Recommendation").GetProperty("valueLabel").GetString().ShouldBe("Maybe");
        read.First(p => p.GetProperty("label").GetString() == "ARIA Transcript").GetProperty("value").ValueKind.ShouldBe(JsonValueKind.Object, "an unset value is {}");
        (await _rig.PutAsync($"{Path}/properties", $$"""[{"id":"{{Id("ARIA Recommendation")}}"}]""")).Status.ShouldBe(204);
        Application.Properties["ARIA Recommendation"].ShouldBeNull();
    }

    [Theory]
    [InlineData("[]", 400, "INVALID_INPUT")]
    [InlineData("{}", 400, "INVALID_INPUT")]
    [InlineData("""[{"id":"none","value":1}]""", 404, "PROPERTY_NOT_FOUND")]
    [InlineData("""[{"id":"ARIA Interview Score","value":"8.5"}]""", 400, "INVALID_INPUT")]
    [InlineData("""[{"id":"ARIA Interview Score","value":null}]""", 400, "INVALID_INPUT")]
    [InlineData("""[{"id":"ARIA Interview Status","value":"Completed"}]""", 400, "VALUE_NOT_FOUND")]
    [InlineData("""[{"id":"ARIA Transcript","value":7}]""", 400, "INVALID_TEXT_FORMAT")]
    [InlineData("""[{"id":"ARIA Transcript","value":"a"},{"id":"ARIA Transcript","value":"b"}]""", 400, "DUPLICATE_PROPERTIES")]
    [InlineData("""[{"id":"ARIA Transcript","value":"a"},{"id":"ARIA Interview Score","value":true}]""", 400, "INVALID_INPUT")]
    [InlineData("""[{"id":"ARIA Transcript","text":"a"}]""", 400, "INVALID_INPUT")]
    public async Task Properties_WrongBody_RefusedAndNothingWritten(string body, int status, string code)
    {
        string json = SmartRecruitersSeeds.Properties.Aggregate(body, (text, p) => text.Replace($"\"{p.Label}\"", $"\"{p.Id}\"", StringComparison.Ordinal));
        SandboxReply reply = await _rig.PutAsync($"{Path}/properties", json);
        (reply.Status, Code(reply)).ShouldBe((status, code));
        Application.Properties.Values.ShouldAllBe(v => v == null);
    }

    [Theory]
    [InlineData("""{"status":"IN_REVIEW","subStatus":"Phone Screen"}""", 204, null)]
    [InlineData("""{"status":"REJECTED","reason":"6c000001-0ea0-4000-8000-000000000000"}""", 204, null)]
    [InlineData("""{"status":"HIRED","startsOn":"2026-12-01T00:00:00.000Z"}""", 204, null)]
    [InlineData("""{"status":"IN_REVIEW"}""", 400, "REQUIRED_SUB_STATUS_OMITTED")]
    [InlineData("""{"status":"IN_REVIEW","subStatus":"Face to Face"}""", 400, "INVALID_INPUT")]
    [InlineData("""{"status":"REJECTED","reason":"none"}""", 400, "REASON_NOT_FOUND")]
    [InlineData("""{"status":"HIRED","reason":"6c000001-0ea0-4000-8000-000000000000"}""", 400, "NO_REASON_SUPPORT_FOR_STATUS")]
    [InlineData("""{"status":"hired"}""", 400, "INVALID_INPUT")]
    [InlineData("""{"subStatus":"Phone Screen"}""", 400, "INVALID_INPUT")]
    public async Task Status_Body_TakenOrRefusedWithTheVendorsCode(string body, int status, string? code)
    {
        SandboxReply reply = await _rig.PutAsync($"{Path}/status", body);
        (reply.Status, reply.Body.Length == 0 ? null : Code(reply)).ShouldBe((status, code));
    }

    [Fact]
    public async Task Write_UnknownCandidateOrOtherJob_404()
    {
        Code(await _rig.PutAsync($"/candidates/none/jobs/{_key.JobId}/status", """{"status":"HIRED"}""")).ShouldBe("CANDIDATE_NOT_FOUND");
        Code(await _rig.PutAsync($"/candidates/{_key.CandidateId}/jobs/{SmartRecruitersSeeds.DesignerJobId}/status", """{"status":"HIRED"}""")).ShouldBe("JOB_NOT_FOUND");
        (await _rig.Client.SendAsync("PUT", $"{Path}/status", new StringContent("status=HIRED"))).Status.ShouldBe(415);
    }

    [Fact]
    public async Task Message_TaggedCandidate_IsOnTheProfileAndCanBeFetched()
    {
        SmartRecruitersApplicationKey second = _rig.Sandbox.ApplyAgain(_key.CandidateId, SmartRecruitersSeeds.DesignerJobId);
        SandboxReply shared = await _rig.Client.PostAsync("/messages/shares",
            $$$"""{"content":"Look #[CANDIDATE:{{{_key.CandidateId}}}]","correlationId":"c-1","shareWith":{"hiringTeamOf":["{{{_key.JobId}}}"],"openNote":true}}""");
        shared.Status.ShouldBe(201, shared.Body);
        JsonElement message = (await _rig.Client.GetAsync($"/messages?candidateId={_key.CandidateId}&jobId={_key.JobId}")).Json.GetProperty("content")[0];
        message.GetProperty("content").GetString().ShouldBe($"Look #[CANDIDATE:{_key.CandidateId}] c-1");
        message.GetProperty("visibility").GetString().ShouldBe("OPEN");
        (await _rig.Client.GetAsync($"/messages?candidateId={_key.CandidateId}&jobId={second.JobId}")).Json.GetProperty("content").GetArrayLength().ShouldBe(0);
        await _rig.Client.PostAsync("/messages/shares", """{"content":"Nobody is tagged","shareWith":{"openNote":true}}""");
        (await _rig.Client.GetAsync($"/messages?candidateId={_key.CandidateId}")).Json.GetProperty("content").GetArrayLength().ShouldBe(1);
        // The same again is another message: nothing recognises it.
        await _rig.Client.PostAsync("/messages/shares", $$"""{"content":"Look #[CANDIDATE:{{_key.CandidateId}}]","correlationId":"c-1"}""");
        _rig.Sandbox.State.Messages.Count.ShouldBe(3);
    }

    [Theory]
    [InlineData("""{"content":""}""")]
    [InlineData("""{"text":"x"}""")]
    [InlineData("""{"content":"#[CANDIDATE:none]"}""")]
    [InlineData("""{"content":"x","shareWith":{"users":["none"]}}""")]
    [InlineData("""{"content":"x","shareWith":{"hiringTeamOf":["none"]}}""")]
    public async Task Message_WrongBody_400(string body)
    {
        (await _rig.Client.PostAsync("/messages/shares", body)).Status.ShouldBe(400);
        _rig.Sandbox.State.Messages.ShouldBeEmpty();
    }

    [Fact]
    public async Task Messages_FetchedByACredentialThatIsNoAdministrator_403()
    {
        await using SmartRecruitersRig rig = await SmartRecruitersRig.StartAsync(new SmartRecruitersOptions { IsAdministrator = false });
        string candidate = rig.Sandbox.Apply(SmartRecruitersRig.Jane).CandidateId;
        (await rig.Client.GetAsync($"/messages?candidateId={candidate}")).Status.ShouldBe(200, "the key acts with full access");
        await rig.LogInAsync();
        Code(await rig.Client.GetAsync($"/messages?candidateId={candidate}")).ShouldBe("PERMISSION_DENIED");
    }

    [Fact]
    public async Task Messages_UnknownIds_400WithTheVendorsCodes()
    {
        Code(await _rig.Client.GetAsync("/messages?candidateId=none")).ShouldBe("CANDIDATE_NOT_FOUND");
        Code(await _rig.Client.GetAsync($"/messages?candidateId={_key.CandidateId}&jobId=none")).ShouldBe("JOB_NOT_FOUND");
        Code(await _rig.Client.GetAsync($"/messages?candidateId={_key.CandidateId}&jobId={SmartRecruitersSeeds.DesignerJobId}")).ShouldBe("APPLICATION_NOT_FOUND");
    }

    [Fact]
    public async Task Tags_PostAddsPutReplacesDeleteClears()
    {
        string path = $"/candidates/{_key.CandidateId}/tags";
        (await _rig.Client.PostAsync(path, """{"tags":["a"]}""")).Status.ShouldBe(201);
        (await _rig.Client.PostAsync(path, """{"tags":["b"]}""")).Status.ShouldBe(201);
        Application.Tags.ShouldBe(["a", "b"]);
        (await _rig.PutAsync(path, """{"tags":["c"]}""")).Status.ShouldBe(201);
        Application.Tags.ShouldBe(["c"]);
        (await _rig.Client.PostAsync(path, $$"""{"tags":["{{new string('x', 51)}}"]}""")).Status.ShouldBe(400);
        (await _rig.Client.SendAsync("DELETE", path)).Status.ShouldBe(204);
        Application.Tags.ShouldBeEmpty();
    }
}
