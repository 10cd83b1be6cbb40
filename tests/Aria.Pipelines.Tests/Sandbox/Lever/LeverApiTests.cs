using Aria.Pipelines.Sandbox.Lever;

namespace Aria.Pipelines.Tests.Sandbox.Lever;

public sealed class LeverApiTests
{
    [Theory]
    [InlineData("PUT", "stage", """{"stage":"offer"}""")]
    [InlineData("POST", "addTags", """{"tags":["a"]}""")]
    [InlineData("POST", "notes", """{"value":"x"}""")]
    [InlineData("POST", "feedback", """{"baseTemplateId":"aaaaaaaa-aaaa-4aaa-8aaa-aaaaaaaaaaaa","fieldValues":[]}""")]
    public async Task Write_WithoutPerformAs_RefusedAsTheLiveApiDoes(string method, string path, string body)
    {
        await using LeverRig rig = await LeverRig.StartAsync();

        SandboxReply reply = await rig.WriteAsync(method, path, body, performAs: null);

        (reply.Status, reply.Body).ShouldBe((400, """{"code":"BadRequestError","message":"Missing required parameter: perform_as"}"""));
        (await rig.WriteAsync(method, path, body)).Status.ShouldBeInRange(200, 201);
        (await rig.WriteAsync(method, path, body, LeverSeeds.DeactivatedUserId)).Status.ShouldBe(404);
    }

    [Fact]
    public async Task Write_AsDocumented_OnlyFeedbackNeedsPerformAs()
    {
        await using LeverRig rig = await LeverRig.StartAsync(new LeverOptions { PerformAs = LeverPerformAs.AsDocumented });

        (await rig.WriteAsync("POST", "notes", """{"value":"x"}""", performAs: null)).Status.ShouldBe(201);
        (await rig.WriteAsync("POST", "feedback", """{"baseTemplateId":"x","fieldValues":[]}""", performAs: null)).Status.ShouldBe(400);
    }

    [Theory]
    [InlineData("PUT", "stage", """{"stage":"eeeeeeee-eeee-4eee-8eee-eeeeeeeeeeee"}""", 404, "stages eeeeeeee-eeee-4eee-8eee-eeeeeeeeeeee was not found")]
    [InlineData("PUT", "stage", """{"stage_id":"offer"}""", 400, "Unknown parameter: stage_id")]
    [InlineData("POST", "notes", """{"value":""}""", 400, "Invalid parameter: value must be a string")]
    [InlineData("POST", "notes", """{"value":"x","score":5}""", 400, "Invalid parameter: score must be between 1 and 4")]
    [InlineData("POST", "addTags", """{"tags":"a"}""", 400, "Missing required parameter: tags")]
    [InlineData("POST", "notes", """{"value":"x","value":"y"}""", 400, "Invalid JSON in request body")]
    [InlineData("POST", "feedback", """{"baseTemplateId":"aaaaaaaa-aaaa-4aaa-8aaa-aaaaaaaaaaaa","panel":"p","fieldValues":[]}""", 400, "panel and interview must be given together")]
    [InlineData("POST", "feedback", """{"baseTemplateId":"aaaaaaaa-aaaa-4aaa-8aaa-aaaaaaaaaaaa","fieldValues":[{"id":"bbbbbbbb-bbbb-4bbb-8bbb-bbbbbbbbbbbb","value":"4"}]}""", 400, "Invalid value for field bbbbbbbb-bbbb-4bbb-8bbb-bbbbbbbbbbbb: '4' is not one of its options")]
    [InlineData("PATCH", "stage", "{}", 404, null)]
    public async Task Write_Wrong_RefusedWithCodeAndMessageAndNothingChanges(string method, string path, string body, int status, string? message)
    {
        await using LeverRig rig = await LeverRig.StartAsync();

        SandboxReply reply = await rig.WriteAsync(method, path, body);

        (reply.Status, message is null ? null : reply.Json.GetProperty("message").GetString()).ShouldBe((status, message));
        (rig.Opportunity.Notes.Count, rig.Opportunity.Tags.Count, rig.Opportunity.Feedback.Count, rig.Opportunity.Stage).ShouldBe((0, 0, 0, "New applicant"));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("Basic other:")]
    [InlineData("Basic lever-sandbox-key:password")]
    [InlineData("Bearer unknown")]
    public async Task Request_WithoutGoodCredentials_Unauthorized(string? credential)
    {
        await using LeverRig rig = await LeverRig.StartAsync();
        string[] parts = credential?.Split(' ') ?? [];
        rig.Client.Authorization = parts is ["Basic", { } text] ? LeverRig.Basic(text) : parts is [_, { } token] ? new("Bearer", token) : null;

        (await rig.Client.GetAsync("/v1/stages")).Status.ShouldBe(401);
    }

    [Fact]
    public async Task Requests_OverTheBucket_429UntilItRefills()
    {
        await using LeverRig rig = await LeverRig.StartAsync(new LeverOptions { SendsRetryAfter = true });
        for (int i = 0; i < 20; i++)
        {
            (await rig.Client.GetAsync("/v1/stages")).Status.ShouldBe(200);
        }

        SandboxReply refused = await rig.Client.GetAsync("/v1/stages");
        (refused.Status, refused.Headers["Retry-After"]).ShouldBe((429, "1"));
        rig.Time.Advance(TimeSpan.FromMilliseconds(100));
        (await rig.Client.GetAsync("/v1/stages")).Status.ShouldBe(200);
        (await rig.Client.GetAsync("/v1/stages")).Status.ShouldBe(429);
    }

    [Fact]
    public async Task List_Pages_TheTokenIsTakenAsGivenAndDecoded()
    {
        await using LeverRig rig = await LeverRig.StartAsync();
        rig.Sandbox.Apply(new LeverCandidate("Ben Sample", null, null));

        SandboxReply first = await rig.Client.GetAsync("/v1/opportunities?limit=1");
        string next = first.Json.GetProperty("next").GetString()!;

        (first.Json.GetProperty("hasNext").GetBoolean(), next).ShouldBe((true, "%5B1%2C1%5D"));
        foreach (string offset in (string[])[next, Uri.EscapeDataString(next)])
        {
            (await rig.Client.GetAsync($"/v1/opportunities?limit=1&offset={offset}")).Json.GetProperty("hasNext").GetBoolean().ShouldBeFalse();
        }

        (await rig.Client.GetAsync("/v1/opportunities?expand=posting")).Json.GetProperty("message").GetString().ShouldBe("posting is not expandable");
        (await rig.Client.GetAsync("/v1/opportunities?taag=a")).Status.ShouldBe(400);
    }

    [Fact]
    public async Task Feedback_WithoutCompletedAt_StaysADraft()
    {
        await using LeverRig rig = await LeverRig.StartAsync();
        const string Values = "\"baseTemplateId\":\"aaaaaaaa-aaaa-4aaa-8aaa-aaaaaaaaaaaa\",\"fieldValues\":[{\"id\":\"bbbbbbbb-bbbb-4bbb-8bbb-bbbbbbbbbbbb\",\"value\":\"3 - Hire\"}]";

        await rig.WriteAsync("POST", "feedback", "{" + Values + "}");
        await rig.WriteAsync("POST", "feedback", "{" + Values + ",\"completedAt\":1767225600000}");

        rig.Opportunity.Feedback.Select(f => f.IsDraft).ShouldBe([true, false]);
    }
}
