using System.Text;
using System.Text.Json;
using Aria.Pipelines.Sandbox.Greenhouse;

namespace Aria.Pipelines.Tests.Sandbox.Greenhouse;

public sealed class HarvestWriteTests
{
    [Fact]
    public async Task Patch_AllResultFields_ShowsOptionNamesAndKeepsFieldsLeftOut()
    {
        await using GreenhouseRig rig = await GreenhouseRig.StartAsync();
        long id = rig.Sandbox.Apply(GreenhouseRig.Jane);
        long completed = await OptionAsync(rig, "aria_interview_status", "Completed");
        long scoreField = (await rig.Client.GetAsync("/v3/custom_fields?name_key=aria_interview_score")).Ids[0];

        SandboxReply first = await rig.Client.PatchAsync($"/v3/applications/{id}",
            $$"""{"custom_fields":[{"name_key":"aria_interview_status","value":{{completed}}},{"id":{{scoreField}},"value":8.5}]}""");
        SandboxReply second = await rig.Client.PatchAsync($"/v3/applications/{id}",
            """{"custom_fields":[{"name_key":"aria_transcript_url","value":"https://app.ariahr.ai/t/1"}]}""");

        (first.Status, second.Status).ShouldBe((200, 200));
        JsonElement fields = second.Json.GetProperty("custom_fields");
        fields.GetProperty("aria_interview_status").GetRawText().ShouldBe("""{"name":"ARIA Interview Status","type":"single_select","value":"Completed"}""");
        fields.GetProperty("aria_interview_score").GetProperty("value").GetRawText().ShouldBe("8.5");
        GreenhouseSnapshot state = rig.Sandbox.State;
        state.Application(id).CustomFields["aria_interview_status"].ShouldBe("Completed");
        state.Application(id).CustomFields["aria_interview_score"].ShouldBe(8.5m);
        state.Application(id).CustomFields["aria_recommendation"].ShouldBeNull();
        state.Counts.ApplicationPatches.ShouldBe(2);
        (await rig.Client.GetAsync($"/v3/applications?custom_field_option_id={completed}")).Ids.ShouldBe([id]);
    }

    [Theory]
    [InlineData("""{"custom_fields":[{"name_key":"aria_score","value":8}]}""", "custom_fields: there is no custom field \"aria_score\".")]
    [InlineData("""{"custom_fields":[{"id":1,"value":8}]}""", "custom_fields: there is no custom field 1.")]
    [InlineData("""{"custom_fields":[{"name_key":"desired_level","value":"x"}]}""", "custom_fields: desired_level is a custom field of candidate, not of application.")]
    [InlineData("""{"custom_fields":[{"name_key":"aria_interview_score","value":"8.5"}]}""", "custom_fields: the value of aria_interview_score must be a JSON number.")]
    [InlineData("""{"custom_fields":[{"name_key":"aria_interview_score","value":null}]}""", "custom_fields: the value of aria_interview_score must not be null or empty.")]
    [InlineData("""{"custom_fields":[{"name_key":"aria_transcript_url","value":""}]}""", "custom_fields: the value of aria_transcript_url must not be null or empty.")]
    [InlineData("""{"custom_fields":[{"name_key":"aria_transcript_url","value":"ftp://x/y"}]}""", "custom_fields: the value of aria_transcript_url must be an http or https URL.")]
    [InlineData("""{"custom_fields":[{"name_key":"aria_recommendation","value":"Advance"}]}""", "custom_fields: the value of aria_recommendation must be the id of an option, as a JSON number.")]
    [InlineData("""{"custom_fields":[{"name_key":"aria_recommendation","value":5}]}""", "custom_fields: aria_recommendation has no option 5.")]
    [InlineData("""{"custom_fields":[{"name_key":"aria_recommendation","value":12000001}]}""", "custom_fields: aria_recommendation has no option 12000001.")]
    [InlineData("""{"custom_fields":[{"value":5}]}""", "custom_fields: give either name_key or id.")]
    [InlineData("""{"custom_fields":[{"name_key":"aria_interview_score","delete_value":"true"}]}""", "custom_fields: delete_value is not a permitted parameter.")]
    [InlineData("""{"custom_fields":{"aria_interview_score":8}}""", "custom_fields must be an array.")]
    [InlineData("""{"status":"hired"}""", "status is not a permitted parameter.")]
    public async Task Patch_WrongField_Is422AndWritesNothing(string body, string error)
    {
        await using GreenhouseRig rig = await GreenhouseRig.StartAsync();
        long id = rig.Sandbox.Apply(GreenhouseRig.Jane);

        SandboxReply reply = await rig.Client.PatchAsync($"/v3/applications/{id}", body);

        reply.Status.ShouldBe(422);
        reply.Error.ShouldBe(error);
        rig.Sandbox.State.Counts.ApplicationPatches.ShouldBe(0);
    }

    [Fact]
    public async Task Patch_OneWrongFieldAmongGood_WritesNone()
    {
        await using GreenhouseRig rig = await GreenhouseRig.StartAsync();
        long id = rig.Sandbox.Apply(GreenhouseRig.Jane);

        await rig.Client.PatchAsync($"/v3/applications/{id}",
            """{"custom_fields":[{"name_key":"aria_interview_score","value":8},{"name_key":"nope","value":1}]}""");

        rig.Sandbox.State.Application(id).CustomFields["aria_interview_score"].ShouldBeNull();
    }

    [Theory]
    [InlineData("[]", "application/json", 400)]
    [InlineData("{", "application/json", 400)]
    [InlineData("""{"custom_fields":[],"custom_fields":[]}""", "application/json", 400)]
    [InlineData("""{"custom_fields":[]}""", "text/plain", 400)]
    [InlineData("""{"custom_fields":[]}""", "application/json", 200)]
    public async Task Patch_BodyNotOneJsonObject_Is400(string body, string mediaType, int status)
    {
        await using GreenhouseRig rig = await GreenhouseRig.StartAsync();
        long id = rig.Sandbox.Apply(GreenhouseRig.Jane);

        (await rig.Client.SendAsync("PATCH", $"/v3/applications/{id}", new StringContent(body, Encoding.UTF8, mediaType))).Status.ShouldBe(status);
    }

    [Fact]
    public async Task Patch_UnknownRecord_Is404()
    {
        await using GreenhouseRig rig = await GreenhouseRig.StartAsync();

        (await rig.Client.PatchAsync("/v3/applications/1", """{"custom_fields":[]}""")).Status.ShouldBe(404);
        (await rig.Client.PatchAsync("/v3/candidates/x", """{"custom_fields":[]}""")).Status.ShouldBe(404);
    }

    [Fact]
    public async Task Patch_Candidate_WritesCandidateFieldsAndReplacesTags()
    {
        await using GreenhouseRig rig = await GreenhouseRig.StartAsync();
        rig.Sandbox.Apply(GreenhouseRig.Jane);
        long candidate = rig.Sandbox.State.Candidates[0].Id;

        SandboxReply reply = await rig.Client.PatchAsync($"/v3/candidates/{candidate}",
            """{"custom_fields":[{"name_key":"desired_level","value":"Senior"}],"tags":["ARIA"]}""");

        reply.Status.ShouldBe(200);
        reply.Json.GetProperty("custom_fields").GetProperty("desired_level").GetProperty("value").GetString().ShouldBe("Senior");
        (await rig.Client.GetAsync("/v3/candidates?tag=ARIA")).Ids.ShouldBe([candidate]);
        (await rig.Client.PatchAsync($"/v3/candidates/{candidate}", """{"custom_fields":[{"name_key":"aria_interview_score","value":8}]}""")).Error
            .ShouldBe("custom_fields: aria_interview_score is a custom field of application, not of candidate.");
    }

    [Fact]
    public async Task Note_Created_ReadsBackWithTheOtherVisibility()
    {
        await using GreenhouseRig rig = await GreenhouseRig.StartAsync();
        long id = rig.Sandbox.Apply(GreenhouseRig.Jane);
        long candidate = rig.Sandbox.State.Application(id).CandidateId;

        SandboxReply created = await rig.Client.PostAsync("/v3/notes",
            $$"""{"candidate_id":{{candidate}},"application_id":{{id}},"user_id":{{GreenhouseSeeds.SiteAdminId}},"body":"ARIA: 8.5","visibility":"private","note_type":"NOTE"}""");

        created.Status.ShouldBe(201);
        created.Json.GetProperty("visibility").GetString().ShouldBe("privately_visible");
        SandboxReply read = await rig.Client.GetAsync($"/v3/notes?candidate_ids={candidate}&application_ids={id}&user_ids={GreenhouseSeeds.SiteAdminId}");
        read.Json[0].GetProperty("body").GetString().ShouldBe("ARIA: 8.5");
        rig.Sandbox.State.Counts.NotesCreated.ShouldBe(1);
        (await rig.Client.SendAsync("DELETE", $"/v3/notes/{read.Ids[0]}")).Status.ShouldBe(404);
    }

    [Theory]
    [InlineData("candidate_id", null, "candidate_id is required.")]
    [InlineData("candidate_id", "\"60300001\"", "candidate_id must be an integer.")]
    [InlineData("candidate_id", "1", "candidate_id: there is no candidate 1.")]
    [InlineData("application_id", "1", "application_id: candidate 60300001 has no application 1.")]
    [InlineData("user_id", null, "user_id is required.")]
    [InlineData("user_id", "1", "user_id: there is no user 1.")]
    [InlineData("body", null, "body is required.")]
    [InlineData("body", "\" \"", "body must be a string that is not blank.")]
    [InlineData("visibility", null, "visibility is required.")]
    [InlineData("visibility", "\"admin_only_visible\"", "visibility must be one of: admin_only, private, public.")]
    [InlineData("note_type", "\"MEMO\"", "note_type must be one of: NOTE, ACTIVITY, INTERVIEW, EMAIL, FOLLOW_UP, TAKE_HOME_TEST, LINKEDIN_NOTE, LINKEDIN_INMAIL, AVAILABILITY_REQUEST, MIGRATION_ERROR, TOUCHPOINT, FORM, FEEDBACK.")]
    [InlineData("type", "\"NOTE\"", "type is not a permitted parameter.")]
    public async Task Note_WrongMember_Is422(string member, string? value, string error)
    {
        await using GreenhouseRig rig = await GreenhouseRig.StartAsync();
        rig.Sandbox.Apply(GreenhouseRig.Jane);
        var members = new Dictionary<string, string?>
        {
            ["candidate_id"] = "60300001",
            ["application_id"] = "71900001",
            ["user_id"] = "4000001",
            ["body"] = "\"text\"",
            ["visibility"] = "\"public\"",
            [member] = value,
        };

        SandboxReply reply = await rig.Client.PostAsync("/v3/notes",
            "{" + string.Join(',', members.Where(m => m.Value is not null).Select(m => $"\"{m.Key}\":{m.Value}")) + "}");

        reply.Status.ShouldBe(422);
        reply.Error.ShouldBe(error);
        rig.Sandbox.State.Notes.ShouldBeEmpty();
    }

    [Fact]
    public async Task Move_GuardedByTheStageInstance_AdvancesAndFiresTheWebhook()
    {
        await using GreenhouseRig rig = await GreenhouseRig.StartAsync();
        await using WebhookReceiver receiver = await WebhookReceiver.StartAsync();
        await rig.Sandbox.AddWebhookAsync(receiver.Url, "s", ["candidate_stage_change"], ping: false, TestContext.Current.CancellationToken);
        long id = rig.Sandbox.Apply(GreenhouseRig.Jane);
        GreenhouseApplicationView before = rig.Sandbox.State.Application(id);

        (await rig.Client.PostAsync($"/v3/applications/{id}/move", $$"""{"from_stage_id":{{before.JobStageId}}}""")).Error
            .ShouldBe("from_stage_id does not match the application's current stage.");
        SandboxReply moved = await rig.Client.PostAsync($"/v3/applications/{id}/move", $$"""{"from_stage_id":{{before.ApplicationStageId}}}""");

        (moved.Status, moved.Body).ShouldBe((204, ""));
        rig.Sandbox.State.Application(id).StageName.ShouldBe("Phone Screen");
        rig.Sandbox.State.Moves.ShouldBe([new GreenhouseMoveView(id, "Application Review", "Phone Screen", true)]);
        (await receiver.NextAsync()).Json.GetProperty("payload").GetProperty("application").GetProperty("current_stage").GetProperty("name").GetString().ShouldBe("Phone Screen");
        (await rig.Client.PostAsync($"/v3/applications/{id}/move", $$"""{"from_stage_id":{{before.ApplicationStageId}}}""")).Status.ShouldBe(422);
    }

    [Fact]
    public async Task Move_GuardedByTheJobStage_WhenSwitched()
    {
        await using GreenhouseRig rig = await GreenhouseRig.StartAsync(new GreenhouseOptions { MoveGuard = GreenhouseMoveGuard.JobInterviewStage });
        long id = rig.Sandbox.Apply(GreenhouseRig.Jane);
        long from = rig.Sandbox.State.Application(id).JobStageId!.Value;

        (await rig.Client.PostAsync($"/v3/applications/{id}/move", $$"""{"from_stage_id":{{from}},"to_stage_id":{{from + 2}}}""")).Status.ShouldBe(204);

        rig.Sandbox.State.Application(id).StageName.ShouldBe("Face to Face");
    }

    [Fact]
    public async Task Move_WrongTargetOrTerminal_Is422()
    {
        await using GreenhouseRig rig = await GreenhouseRig.StartAsync();
        long id = rig.Sandbox.Apply(GreenhouseRig.Jane);
        long from = rig.Sandbox.State.Application(id).ApplicationStageId!.Value;
        string path = $"/v3/applications/{id}/move";

        (await rig.Client.PostAsync(path, "{}")).Error.ShouldBe("from_stage_id is required.");
        (await rig.Client.PostAsync(path, $$"""{"from_stage_id":{{from}},"to_stage_id":40563110}""")).Error.ShouldBe("to_stage_id: job 4056310 has no stage 40563110.");
        (await rig.Client.PostAsync(path, $$"""{"from_stage_id":{{from}},"to_job_id":7}""")).Error.ShouldBe("to_job_id: there is no job 7.");
        (await rig.Client.PostAsync(path, $$"""{"from_stage_id":{{from}},"to_job_id":4056311}""")).Status.ShouldBe(204);
        rig.Sandbox.State.Application(id).JobId.ShouldBe(GreenhouseSeeds.DesignerJobId);
        rig.Sandbox.MoveStage(id, "Offer");
        long last = rig.Sandbox.State.Application(id).ApplicationStageId!.Value;
        (await rig.Client.PostAsync(path, $$"""{"from_stage_id":{{last}}}""")).Error.ShouldBe("The application is in the last stage.");
        rig.Sandbox.Reject(id);
        (await rig.Client.PostAsync(path, $$"""{"from_stage_id":{{last}}}""")).Error.ShouldBe("The application is rejected and has no current stage.");
    }

    private static async Task<long> OptionAsync(GreenhouseRig rig, string key, string name) =>
        (await rig.Client.GetAsync($"/v3/custom_field_options?custom_field_key={key}")).Json.EnumerateArray()
            .Single(o => o.GetProperty("name").GetString() == name).GetProperty("id").GetInt64();
}
