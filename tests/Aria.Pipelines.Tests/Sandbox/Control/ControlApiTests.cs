using System.Text.Json;
using Aria.Pipelines.Sandbox.Aria;
using Aria.Pipelines.Sandbox.Greenhouse;
using Aria.Pipelines.Tests.Sandbox.Aria;
using Aria.Pipelines.Tests.Sandbox.Greenhouse;

namespace Aria.Pipelines.Tests.Sandbox.Control;

public sealed class ControlApiTests
{
    [Fact]
    public async Task Greenhouse_WholeLife_OverHttp()
    {
        await using GreenhouseRig rig = await GreenhouseRig.StartAsync();
        await using WebhookReceiver receiver = await WebhookReceiver.StartAsync();
        SandboxReply hook = await rig.Client.PostAsync("/_sandbox/webhooks", $$"""{"url":"{{receiver.Url}}","secret":"s","actions":["candidate_stage_change"]}""");
        (hook.Status, hook.Json.GetProperty("enabled").GetBoolean()).ShouldBe((201, true));
        hook.Body.ShouldNotContain("secret");

        SandboxReply added = await rig.Client.PostAsync("/_sandbox/applications", """{"name":"Jane van Doe","email":"jane@example.com"}""");
        long id = added.Json.GetProperty("application_id").GetInt64();
        SandboxReply moved = await rig.Client.PostAsync($"/_sandbox/applications/{id}/move", """{"stage":"Phone Screen"}""");
        SandboxReply wrong = await rig.Client.PostAsync($"/_sandbox/applications/{id}/move", """{"stage":"Nowhere"}""");
        SandboxReply hired = await rig.Client.PostAsync($"/_sandbox/applications/{id}/hire", "");
        SandboxReply again = await rig.Client.PostAsync($"/_sandbox/applications/{id}/reject", "");
        await rig.Sandbox.WhenQuietAsync(TestContext.Current.CancellationToken);

        added.Status.ShouldBe(201);
        moved.Json.GetProperty("stage").GetString().ShouldBe("Phone Screen");
        (wrong.Status, wrong.Error).ShouldBe((404, "Job 4056310 has no stage 'Nowhere'."));
        hired.Json.GetProperty("status").GetString().ShouldBe("hired");
        (again.Status, again.Error).ShouldBe((409, $"Application {id} is already hired."));
        JsonElement state = (await rig.Client.GetAsync("/_sandbox/state")).Json;
        state.GetProperty("moves")[0].GetProperty("over_http").GetBoolean().ShouldBeFalse();
        rig.Sandbox.State.Candidates[0].LastName.ShouldBe("Doe");
        JsonElement deliveries = (await rig.Client.GetAsync("/_sandbox/deliveries")).Json;
        deliveries.EnumerateArray().Select(d => d.GetProperty("event").GetString()).ShouldBe(["ping", "candidate_stage_change"]);
        (await rig.Client.SendAsync("DELETE", $"/_sandbox/webhooks/{hook.Json.GetProperty("id").GetString()}")).Status.ShouldBe(204);
        (await rig.Client.GetAsync("/_sandbox/webhooks")).Body.ShouldBe("[]");
    }

    [Fact]
    public async Task Greenhouse_ApplicationWithWrittenFields_IsMovedAndShowsThem()
    {
        await using GreenhouseRig rig = await GreenhouseRig.StartAsync();
        long id = rig.Sandbox.Apply(GreenhouseRig.Jane);
        (await rig.Client.PatchAsync(
            $"/v3/applications/{id}",
            """{"custom_fields":[{"name_key":"aria_interview_score","value":8.5},{"name_key":"aria_transcript_url","value":"https://app.ariahr.ai/t/1"}]}""")).Status.ShouldBe(200);

        SandboxReply moved = await rig.Client.PostAsync($"/_sandbox/applications/{id}/move", """{"stage":"Phone Screen"}""");

        moved.Status.ShouldBe(200, moved.Body);
        JsonElement fields = moved.Json.GetProperty("custom_fields");
        fields.GetProperty("aria_interview_score").GetDecimal().ShouldBe(8.5m);
        fields.GetProperty("aria_transcript_url").GetString().ShouldBe("https://app.ariahr.ai/t/1");
    }

    [Fact]
    public async Task Aria_WholeLife_OverHttp()
    {
        await using AriaRig rig = await AriaRig.StartAsync();
        string first = await rig.InviteAsync();
        string second = await rig.InviteAsync();

        (await rig.Client.PostAsync($"/_sandbox/interviews/{first}/start", "")).Json.GetProperty("status").GetString().ShouldBe("started");
        (await rig.Client.PostAsync($"/_sandbox/interviews/{first}/no-show", "")).Error.ShouldBe($"Interview '{first}' is started already.");
        SandboxReply done = await rig.Client.PostAsync($"/_sandbox/interviews/{first}/complete",
            """{"score":7.5,"recommendation":"maybe","insights":{"communication_score":7,"technical_score":8,"cultural_fit_score":6},"copies":0}""");
        (await rig.Client.PostAsync($"/_sandbox/interviews/{second}/no-show", "")).Json.GetProperty("status").GetString().ShouldBe("no_show");
        (await rig.Client.PostAsync("/_sandbox/interviews/int_x/start", "")).Status.ShouldBe(404);

        done.Json.GetProperty("insights").GetProperty("technical_score").GetInt32().ShouldBe(8);
        JsonElement list = (await rig.Client.GetAsync("/_sandbox/interviews")).Json;
        list[0].GetProperty("candidate").GetProperty("email").GetString().ShouldBe("jane.doe@example.com");
        (await rig.Client.GetAsync("/_sandbox/state")).Json.GetProperty("invitations_created").GetInt32().ShouldBe(2);
        (await rig.Client.GetAsync("/_sandbox/nothing")).Status.ShouldBe(404);
        rig.Sandbox.Requests.Count.ShouldBe(2);
    }

    [Fact]
    public async Task Waiting_ForAState_EndsWhenARequestBringsIt()
    {
        await using AriaRig rig = await AriaRig.StartAsync();
        Task<IReadOnlyList<AriaInterview>> waiting = rig.Sandbox.WhenAsync(all => all.Count == 1, TestContext.Current.CancellationToken);
        waiting.IsCompleted.ShouldBeFalse();

        string id = await rig.InviteAsync();

        (await waiting)[0].Id.ShouldBe(id);
    }

    [Fact]
    public async Task Sandbox_OutsideLoopback_IsRefused()
    {
        var wrong = await Should.ThrowAsync<ArgumentException>(() =>
            GreenhouseSandbox.StartAsync(new GreenhouseOptions { Url = "http://0.0.0.0:0" }, TestContext.Current.CancellationToken));
        wrong.Message.ShouldStartWith("The sandbox listens on loopback only, and 'http://0.0.0.0:0' is not a loopback address.");
    }

    [Fact]
    public async Task Webhook_WrongReceiverOrName_IsRefused()
    {
        await using AriaRig rig = await AriaRig.StartAsync();
        await using GreenhouseRig greenhouse = await GreenhouseRig.StartAsync();

        (await greenhouse.Client.PostAsync("/_sandbox/webhooks", """{"url":"http://127.0.0.1:9/","secret":"s","actions":["stage_change"],"ping":false}""")).Error.ShouldBe(
            "The sandbox sends no action 'stage_change'. It sends: new_candidate_application, application_updated, candidate_stage_change, update_candidate, hire_candidate, reject_candidate. (Parameter 'actions')");
        (await greenhouse.Client.PostAsync("/_sandbox/webhooks", """{"url":"http://10.0.0.1/","secret":"s"}""")).Error.ShouldBe(
            "'url' must be an http or https URL on a loopback address.");
        Should.Throw<ArgumentException>(() => rig.Sandbox.AddWebhook(new Uri("http://127.0.0.1:9/"), "s", ["interview.done"])).Message
            .ShouldStartWith("ARIA sends no event 'interview.done'.");
        Should.Throw<ArgumentException>(() => rig.Sandbox.AddWebhook(new Uri("https://example.com/hook"), "s")).Message
            .ShouldStartWith("'https://example.com/hook' is not a loopback URL, and the sandbox sends nowhere else.");
    }
}
