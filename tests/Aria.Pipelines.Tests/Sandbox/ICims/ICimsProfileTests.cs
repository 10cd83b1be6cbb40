using System.Text.Json;
using Aria.Pipelines.Sandbox.ICims;

namespace Aria.Pipelines.Tests.Sandbox.ICims;

/// <summary>Reads and writes of profiles and of the assessment results.</summary>
public sealed class ICimsProfileTests : IAsyncLifetime
{
    private ICimsRig _rig = null!;
    private long _id;

    private string Workflow => $"/applicantworkflows/{_id}";

    private string Results => $"{Workflow}/fields/assessmentresults";

    public async ValueTask InitializeAsync()
    {
        _rig = await ICimsRig.StartAsync();
        _id = _rig.Sandbox.Apply(ICimsRig.Jane);
    }

    public ValueTask DisposeAsync() => _rig.DisposeAsync();

    [Fact]
    public async Task Get_Workflow_TheShapeOfTheExample()
    {
        JsonElement workflow = (await _rig.GetAsync(Workflow)).Json;
        JsonElement person = workflow.GetProperty("associatedprofile");
        person.GetProperty("profile").GetString().ShouldBe($"{_rig.Sandbox.ApiUrl}/people/{person.GetProperty("id").GetInt64()}");
        person.GetProperty("value").GetString().ShouldBe("Jane Doe");
        workflow.GetProperty("status").GetRawText().ShouldBe("""{"id":"D10100","value":"Recently Applied"}""");
        workflow.GetProperty("links").GetRawText().ShouldBe(
            $$"""[{"rel":"self","title":"The current profile being viewed.","url":"{{_rig.Sandbox.ApiUrl}}{{Workflow}}"}]""");
    }

    [Fact]
    public async Task Get_FieldsThatAreEmptyHiddenOrUnknown_LeftOut()
    {
        await using ICimsRig rig = await ICimsRig.StartAsync(new ICimsOptions { HiddenFields = new HashSet<string> { "associatedprofile" } });
        long id = rig.Sandbox.Apply(new ICimsPerson("Jane", "Doe"));
        (await rig.GetAsync($"/applicantworkflows/{id}?fields=associatedprofile,status,rcf3001,assessmentresults,nonsense")).Json
            .EnumerateObject().Select(p => p.Name).ShouldBe(["status", "links"]);
        (await rig.GetAsync($"/people/{rig.Sandbox.State.Workflow(id).PersonId}")).Json
            .EnumerateObject().Select(p => p.Name).ShouldBe(["firstname", "lastname", "links"]);
    }

    [Fact]
    public async Task Patch_StatusById_Moved()
    {
        SandboxReply reply = await _rig.PatchAsync(Workflow, """{"status":{"id":"C38354"}}""");
        (reply.Status, reply.Body).ShouldBe((200, ""));
        _rig.Sandbox.State.Workflow(_id).Status.ShouldBe("Phone Screen");
        _rig.Sandbox.State.Moves.ShouldHaveSingleItem().ShouldBe(new ICimsMoveView(_id, "Recently Applied", "Phone Screen", true));
    }

    [Theory]
    [InlineData("""{"status":{"id":"C99999"}}""", "The field status has no list node 'C99999'.", null, "status")]
    [InlineData("""{"status":null}""", "The field status is required.", 1, "status")]
    [InlineData("""{"rcf3002":"8.5"}""", "The field rcf3002 must be a decimal.", null, "rcf3002")]
    [InlineData("""{"rcf3003":5}""", "The field rcf3003 must be a string.", null, "rcf3003")]
    [InlineData("""{"rcf3001":"Maybe"}""", "The field rcf3001 has no list node 'Maybe'.", null, "rcf3001")]
    [InlineData("""{"rcf9999":"x"}""", "The field rcf9999 is not valid.", null, "rcf9999")]
    [InlineData("""{"updateddate":"2026-10-01"}""", "The field updateddate is not valid.", null, "updateddate")]
    public async Task Patch_WrongValue_RefusedAndNothingChanged(string body, string message, int? code, string field)
    {
        string together = body.Replace("{\"", "{\"rcf3004\":\"kept out\",\"", StringComparison.Ordinal);
        ICimsRig.Error(await _rig.PatchAsync(Workflow, body.Contains("status", StringComparison.Ordinal) ? body : together)).ShouldBe((400, message, code, field));
        _rig.Sandbox.State.Workflow(_id).Fields.ShouldBeEmpty();
    }

    [Fact]
    public async Task Patch_Fields_SetAndDeleted()
    {
        (await _rig.PatchAsync(Workflow, """{"rcf3001":"Completed","rcf3002":8.5,"rcf3003":"advance"}""")).Status.ShouldBe(200);
        (await _rig.PatchAsync(Workflow, """{"rcf3001":{"id":"C40003"},"rcf3003":""}""")).Status.ShouldBe(200);
        _rig.Sandbox.State.Workflow(_id).Fields.OrderBy(f => f.Key).Select(f => $"{f.Key}={f.Value}").ShouldBe(["rcf3001=No-show", "rcf3002=8.5"]);
    }

    [Fact]
    public async Task Results_PostedTwice_OneGroup()
    {
        const string Result = """{"assessmentname":{"value":"ARIA Interview"},"assessmentscore":8.5,"assessmentstatus":{"id":"D37002019001"},"assessmentnotes":"n"}""";
        SandboxReply first = await _rig.PostAsync(Results, Result);
        SandboxReply second = await _rig.PostAsync(Results, Result);
        (first.Status, second.Status).ShouldBe((201, 201));
        second.Headers["Location"].ShouldBe(first.Headers["Location"]);
        ICimsAssessmentView only = _rig.Sandbox.State.Workflow(_id).Assessments.ShouldHaveSingleItem();
        (only.Name, only.Status, only.Score, only.Notes).ShouldBe(("ARIA Interview", "Complete", "8.5", "n"));
        first.Headers["Location"].ShouldBe($"{_rig.Sandbox.ApiUrl}{Results}/{only.Entry}");
        _rig.Sandbox.State.Counts.EntriesIgnored.ShouldBe(1);
    }

    [Fact]
    public async Task Results_OneGroup_ReadChangedDeleted()
    {
        string entry = new Uri((await _rig.PostAsync(Results, """{"assessmentname":"ARIA Interview","assessmentresult":"Maybe"}""")).Headers["Location"]).AbsolutePath;
        (await _rig.Client.PatchAsync(entry, """{"assessmentresult":"Advance"}""")).Status.ShouldBe(200);
        (await _rig.Client.GetAsync(entry)).Json.GetProperty("assessmentresult").GetString().ShouldBe("Advance");
        (await _rig.GetAsync(Workflow + "?fields=assessmentresults")).Json.GetProperty("assessmentresults")[0].GetProperty("entry").GetInt64().ShouldBe(1001);
        (await _rig.Client.SendAsync("DELETE", entry)).Status.ShouldBe(204);
        ICimsRig.Error(await _rig.Client.GetAsync(entry)).ShouldBe((404, "Collection entry not found", 2, null));
    }

    [Theory]
    [InlineData("""{"assessmentresult":"Advance"}""", "The field assessmentname is required.", 1, "assessmentname")]
    [InlineData("""{"assessmentname":"Reference Check"}""", "The field assessmentname has no list node 'Reference Check'.", null, "assessmentname")]
    [InlineData("""{"assessmentname":"ARIA Interview","assessmentdate":"2026-10-01T09:00:00Z"}""", "The field assessmentdate must be a date of the form yyyy-MM-dd hh:mm tt.", null, "assessmentdate")]
    [InlineData("""{"assessmentname":"ARIA Interview","assessmenturl":"https://t.example"}""", "The field assessmenturl is not valid.", null, "assessmenturl")]
    public async Task Results_WrongValue_Refused(string body, string message, int? code, string field)
    {
        ICimsRig.Error(await _rig.PostAsync(Results, body)).ShouldBe((400, message, code, field));
        _rig.Sandbox.State.Workflow(_id).Assessments.ShouldBeEmpty();
    }

    [Fact]
    public async Task Results_TextsAtTheirLimit_OneMoreIsRefused()
    {
        string Body(int notes, int result) => $$"""{"assessmentname":"ARIA Interview","assessmentnotes":"{{new string('n', notes)}}","assessmentresult":"{{new string('r', result)}}"}""";
        (await _rig.PostAsync(Results, Body(192, 128))).Status.ShouldBe(201);
        ICimsRig.Error(await _rig.PostAsync(Results, Body(193, 128))).ShouldBe((400, "The field assessmentnotes must not be longer than 192 characters.", null, "assessmentnotes"));
        ICimsRig.Error(await _rig.PostAsync(Results, Body(192, 129))).ShouldBe((400, "The field assessmentresult must not be longer than 128 characters.", null, "assessmentresult"));
    }

    [Fact]
    public async Task Create_TheVendorsExample_OnceForEachPair()
    {
        long person = _rig.Sandbox.State.Workflow(_id).PersonId;
        string body = $$"""{"baseprofile":4056311,"source":"Identify Feature","status":{"id":"D10100","value":"Recently Applied"},"associatedprofile":{{person}}}""";
        SandboxReply created = await _rig.PostAsync("/applicantworkflows", body);
        created.Status.ShouldBe(201);
        new Uri(created.Headers["Location"]).AbsolutePath.ShouldBe($"{ICimsRig.Root}/applicantworkflows/{_id + 1}");
        ICimsRig.Error(await _rig.PostAsync("/applicantworkflows", body)).ShouldBe((400, "A workflow of this person for this job exists.", null, null));
        ICimsRig.Error(await _rig.PostAsync("/applicantworkflows", """{"baseprofile":1,"associatedprofile":2}""")).ShouldBe((404, "Job not found", 2, null));
        ICimsRig.Error(await _rig.PostAsync("/applicantworkflows", """{"baseprofile":4056311}""")).ShouldBe((400, "The field associatedprofile is required.", 1, "associatedprofile"));
    }
}
