using System.Globalization;
using System.Text;
using System.Text.Json;
using Aria.Pipelines.Sandbox.Greenhouse;

namespace Aria.Pipelines.Tests.Sandbox.Greenhouse;

public sealed class HarvestListTests
{
    [Theory]
    [InlineData("applications?per_page=0", "per_page must be between 1 and 500.")]
    [InlineData("applications?per_page=501", "per_page must be between 1 and 500.")]
    [InlineData("applications?per_page=ten", "per_page must be between 1 and 500.")]
    [InlineData("applications?page=2", "page is not a permitted parameter.")]
    [InlineData("candidates?job_ids=1", "job_ids is not a permitted parameter.")]
    [InlineData("applications?ids=1,x", "ids must be a comma-delimited list of integers.")]
    [InlineData("applications?status=in_process", "status must be one of: rejected, hired, converted, active.")]
    [InlineData("applications?updated_at=2026-01-01T00:00:00Z", "updated_at must be pairs of operator and timestamp, delimited by pipes.")]
    [InlineData("applications?updated_at=since|2026-01-01T00:00:00Z", "updated_at: 'since' is not one of gte, lte, gt, lt.")]
    [InlineData("applications?updated_at=gte|2026-01-01", "updated_at: '2026-01-01' is not an ISO 8601 timestamp.")]
    [InlineData("applications?updated_at[gte]=2026-01-01T00:00:00Z", "updated_at[gte] is not a permitted parameter.")]
    [InlineData("applications?status=active&status=hired", "status is given more than once.")]
    [InlineData("application_stages?current=yes", "current must be true or false.")]
    [InlineData("jobs?fields=id,nmae", "fields: 'nmae' is not a field of jobs.")]
    [InlineData("notes?visibility=private", "visibility must be one of: admin_only_visible, privately_visible, publicly_visible.")]
    [InlineData("jobs?cursor=abc", "The cursor is not valid.")]
    [InlineData("jobs?cursor=abc&per_page=10", "When passing a cursor, do not include other query params.")]
    public async Task List_WrongParameter_Is422(string target, string error)
    {
        await using GreenhouseRig rig = await GreenhouseRig.StartAsync();

        SandboxReply reply = await rig.Client.GetAsync("/v3/" + target);

        reply.Status.ShouldBe(422);
        reply.Error.ShouldBe(error);
    }

    [Fact]
    public async Task List_MoreThanFiftyIds_Is422()
    {
        await using GreenhouseRig rig = await GreenhouseRig.StartAsync();
        string fifty = string.Join(',', Enumerable.Range(1, 50));

        (await rig.Client.GetAsync($"/v3/applications?ids={fifty}")).Status.ShouldBe(200);
        (await rig.Client.GetAsync($"/v3/applications?ids={fifty},51")).Error.ShouldBe("ids accepts at most 50 ids.");
        (await rig.Client.GetAsync($"/v3/notes?candidate_ids={fifty},51")).Error.ShouldBe("candidate_ids accepts at most 50 ids.");
    }

    [Fact]
    public async Task List_WithoutAToken_Is401WithRateLimitHeaders()
    {
        await using GreenhouseRig rig = await GreenhouseRig.StartAsync();
        rig.Client.Authorization = null;

        SandboxReply reply = await rig.Client.GetAsync("/v3/jobs");

        reply.Status.ShouldBe(401);
        reply.Json.GetProperty("message").GetString().ShouldBe("Unauthorized");
        reply.Headers.ShouldContainKey("X-RateLimit-Remaining");
    }

    [Theory]
    [InlineData("GET", "/v3/applications/71900001")]
    [InlineData("GET", "/v3/offers")]
    [InlineData("POST", "/v3/applications")]
    [InlineData("GET", "/v1/applications")]
    public async Task Route_NotInV3_Is404(string method, string path)
    {
        await using GreenhouseRig rig = await GreenhouseRig.StartAsync();

        (await rig.Client.SendAsync(method, path)).Status.ShouldBe(404);
    }

    [Fact]
    public async Task List_GetWithABody_Is403()
    {
        await using GreenhouseRig rig = await GreenhouseRig.StartAsync();

        (await rig.Client.SendAsync("GET", "/v3/jobs", new StringContent("{}", Encoding.UTF8, "application/json"))).Status.ShouldBe(403);
    }

    [Fact]
    public async Task Pages_FollowedToTheEnd_GiveEveryRowOnceInDescendingOrder()
    {
        await using GreenhouseRig rig = await GreenhouseRig.StartAsync();
        List<long> applied = [.. Enumerable.Range(0, 7).Select(_ => rig.Sandbox.Apply(GreenhouseRig.Jane))];
        rig.Sandbox.Reject(applied[3]);
        var seen = new List<long>();

        string? next = "/v3/applications?per_page=2&status=active";
        int pages = 0;
        while (next is not null)
        {
            SandboxReply page = await rig.Client.GetAsync(next);
            page.Status.ShouldBe(200, page.Body);
            seen.AddRange(page.Ids);
            next = page.Next;
            next?.ShouldStartWith(rig.Sandbox.BaseUrl + "v3/applications?cursor=");
            // A row that arrives while paging has a higher id, so it never shows on a later page.
            rig.Sandbox.Apply(GreenhouseRig.Jane);
            pages++;
        }

        applied.RemoveAt(3);
        seen.ShouldBe(Enumerable.Reverse(applied));
        pages.ShouldBe(3);
    }

    [Fact]
    public async Task Cursor_OfAnotherList_Is422()
    {
        await using GreenhouseRig rig = await GreenhouseRig.StartAsync();
        string next = (await rig.Client.GetAsync("/v3/users?per_page=1")).Next!;

        (await rig.Client.GetAsync(next.Replace("/users", "/jobs", StringComparison.Ordinal))).Error.ShouldBe("The cursor is not valid.");
    }

    [Fact]
    public async Task Applications_Row_IsFlatWithAStageInstanceAndFieldValues()
    {
        await using GreenhouseRig rig = await GreenhouseRig.StartAsync();
        long id = rig.Sandbox.Apply(GreenhouseRig.Jane);
        rig.Sandbox.MoveStage(id, "Phone Screen");

        JsonElement row = (await rig.Client.GetAsync($"/v3/applications?ids={id}")).Json[0];

        row.GetProperty("status").GetString().ShouldBe("in_process");
        row.GetProperty("stage_name").GetString().ShouldBe("Phone Screen");
        row.GetProperty("job_id").GetInt64().ShouldBe(GreenhouseSeeds.EngineerJobId);
        row.TryGetProperty("jobs", out _).ShouldBeFalse();
        row.GetProperty("custom_fields").GetProperty("aria_interview_score").GetRawText()
            .ShouldBe("""{"name":"ARIA Interview Score","type":"number","value":null}""");
        long instance = row.GetProperty("stage_id").GetInt64();
        SandboxReply stages = await rig.Client.GetAsync($"/v3/application_stages?application_ids={id}");
        stages.Json.GetArrayLength().ShouldBe(2);
        JsonElement current = (await rig.Client.GetAsync($"/v3/application_stages?application_ids={id}&current=true")).Json[0];
        current.GetProperty("id").GetInt64().ShouldBe(instance);
        long stageId = current.GetProperty("job_interview_stage_id").GetInt64();
        stageId.ShouldNotBe(instance);
        (await rig.Client.GetAsync($"/v3/job_interview_stages?ids={stageId}")).Json[0].GetProperty("name").GetString().ShouldBe("Phone Screen");
        stages.Json[1].GetProperty("current").GetBoolean().ShouldBeFalse();
    }

    [Fact]
    public async Task Applications_UpdatedWindow_HoldsBothEnds()
    {
        await using GreenhouseRig rig = await GreenhouseRig.StartAsync();
        var ids = new List<long>();
        for (int i = 0; i < 3; i++)
        {
            ids.Add(rig.Sandbox.Apply(GreenhouseRig.Jane));
            rig.Time.Advance(TimeSpan.FromMinutes(1));
        }

        (await rig.Client.GetAsync("/v3/applications?updated_at=gte|2026-10-01T09:01:00Z|lt|2026-10-01T09:02:00.000Z")).Ids.ShouldBe([ids[1]]);
        (await rig.Client.GetAsync("/v3/applications?created_at=gt|2026-10-01T09:00:00Z")).Ids.ShouldBe([ids[2], ids[1]]);
        (await rig.Client.GetAsync("/v3/applications?last_activity_at=lte|2026-10-01T11:01:00%2B02:00")).Ids.ShouldBe([ids[1], ids[0]]);
    }

    [Fact]
    public async Task Applications_Terminal_HaveNoStage()
    {
        await using GreenhouseRig rig = await GreenhouseRig.StartAsync();
        long id = rig.Sandbox.Apply(GreenhouseRig.Jane);
        rig.Sandbox.Hire(id);

        JsonElement row = (await rig.Client.GetAsync("/v3/applications?status=hired")).Json[0];

        row.GetProperty("stage_id").ValueKind.ShouldBe(JsonValueKind.Null);
        row.GetProperty("stage_name").ValueKind.ShouldBe(JsonValueKind.Null);
        (await rig.Client.GetAsync("/v3/applications?status=active")).Body.ShouldBe("[]");
    }

    [Fact]
    public async Task Filters_OfTheOtherLists_Narrow()
    {
        await using GreenhouseRig rig = await GreenhouseRig.StartAsync();
        long id = rig.Sandbox.Apply(GreenhouseRig.Jane with { ResumeFilename = "cv.pdf" }, GreenhouseSeeds.DesignerJobId);
        long candidate = rig.Sandbox.State.Application(id).CandidateId;

        (await rig.Client.GetAsync("/v3/candidates?email=JANE.DOE@example.com")).Ids.ShouldBe([candidate]);
        (await rig.Client.GetAsync("/v3/candidates?email=jane")).Ids.ShouldBeEmpty();
        (await rig.Client.GetAsync("/v3/candidates")).Json[0].TryGetProperty("applications", out _).ShouldBeFalse();
        (await rig.Client.GetAsync("/v3/jobs?status=open&fields=name")).Body.ShouldBe("""[{"name":"Product Designer"},{"name":"Backend Engineer"}]""");
        (await rig.Client.GetAsync($"/v3/job_interview_stages?job_ids={GreenhouseSeeds.DesignerJobId}&active=true")).Json.GetArrayLength().ShouldBe(4);
        (await rig.Client.GetAsync("/v3/custom_fields?field_type=application")).Json.GetArrayLength().ShouldBe(5);
        (await rig.Client.GetAsync("/v3/custom_fields?name_key=aria_interview_score")).Json[0].GetProperty("value_type").GetString().ShouldBe("number");
        (await rig.Client.GetAsync("/v3/custom_field_options?custom_field_key=aria_recommendation")).Json.EnumerateArray()
            .Select(o => o.GetProperty("name").GetString()).ShouldBe(["Pass", "Maybe", "Advance"]);
        (await rig.Client.GetAsync($"/v3/attachments?application_ids={id}&type=resume")).Json[0].GetProperty("filename").GetString().ShouldBe("cv.pdf");
        (await rig.Client.GetAsync("/v3/users")).Ids.ShouldBe([GreenhouseSeeds.BasicUserId, GreenhouseSeeds.SiteAdminId]);
        (await rig.Client.GetAsync("/v3/users?show_service_accounts=true")).Ids.ShouldContain(GreenhouseSeeds.ServiceUserId);
    }

    [Fact]
    public async Task Seeds_FieldLeftOut_IsNotThere()
    {
        await using GreenhouseRig rig = await GreenhouseRig.StartAsync(new GreenhouseOptions
        {
            Fields = [new("aria_recommendation", "ARIA Recommendation", "application", "single_select", "Advance", "Pass")],
        });

        (await rig.Client.GetAsync("/v3/custom_fields?name_key=aria_interview_score")).Body.ShouldBe("[]");
        (await rig.Client.GetAsync("/v3/custom_field_options")).Json.GetArrayLength().ShouldBe(2);
    }

    [Fact]
    public async Task RateLimit_BeyondTheWindow_Is429UntilRetryAfter()
    {
        await using GreenhouseRig rig = await GreenhouseRig.StartAsync(new GreenhouseOptions { RateLimit = 2 });
        rig.Time.Advance(TimeSpan.FromSeconds(10));
        SandboxReply first = await rig.Client.GetAsync("/v3/jobs");
        (first.Headers["X-RateLimit-Limit"], first.Headers["X-RateLimit-Remaining"]).ShouldBe(("2", "1"));
        first.Headers["X-RateLimit-Reset"].ShouldBe(new DateTimeOffset(2026, 10, 1, 9, 0, 30, TimeSpan.Zero).ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture));
        await rig.Client.GetAsync("/v3/jobs");

        SandboxReply refused = await rig.Client.GetAsync("/v3/jobs");

        refused.Status.ShouldBe(429);
        (refused.Headers["Retry-After"], refused.Headers["X-RateLimit-Remaining"]).ShouldBe(("20", "0"));
        rig.Time.Advance(TimeSpan.FromSeconds(19));
        (await rig.Client.GetAsync("/v3/jobs")).Status.ShouldBe(429);
        rig.Time.Advance(TimeSpan.FromSeconds(1));
        (await rig.Client.GetAsync("/v3/jobs")).Status.ShouldBe(200);
    }
}
