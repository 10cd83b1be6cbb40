using System.Text.Json;
using Aria.Pipelines.Sandbox.Faults;
using Aria.Pipelines.Sandbox.SmartRecruiters;

namespace Aria.Pipelines.Tests.Sandbox.SmartRecruiters;

/// <summary>Credentials, limits and reads.</summary>
public sealed class CustomerApiTests
{
    private static string Code(SandboxReply reply) => reply.Json.GetProperty("errors")[0].GetProperty("code").GetString()!;

    [Fact]
    public async Task Request_WithoutKeyOrWithAWrongOne_401()
    {
        await using SmartRecruitersRig rig = await SmartRecruitersRig.StartAsync();
        rig.Client.ApiKey = null;
        (await rig.Client.GetAsync("/candidates")).Status.ShouldBe(401);
        rig.Client.ApiKey = rig.Options.ApiKey + "x";
        (await rig.Client.GetAsync("/candidates")).Status.ShouldBe(401);
        rig.Client.ApiKey = null;
        rig.Client.Authorization = new("Bearer", "made-up");
        (await rig.Client.GetAsync("/candidates")).Status.ShouldBe(401);
        rig.Client.Authorization = null;
        rig.Client.ApiKey = rig.Options.ApiKey;
        (await rig.Client.GetAsync("/candidates")).Status.ShouldBe(200);
    }

    [Fact]
    public async Task Token_ClientInTheForm_OpensTheApiUntilItExpires()
    {
        await using SmartRecruitersRig rig = await SmartRecruitersRig.StartAsync();
        (await rig.RequestTokenAsync(rig.Options.ClientId, "wrong")).Json.GetProperty("error").GetString().ShouldBe("invalid_client");
        (await rig.RequestTokenAsync(rig.Options.ClientId, rig.Options.ClientSecret, "password")).Json.GetProperty("error").GetString().ShouldBe("unsupported_grant_type");
        (await rig.Client.PostAsync("/identity/oauth/token", "{}")).Status.ShouldBe(400);
        await rig.LogInAsync();
        (await rig.Client.GetAsync("/candidates")).Status.ShouldBe(200);
        rig.Time.Advance(rig.Options.TokenLifetime);
        (await rig.Client.GetAsync("/candidates")).Status.ShouldBe(401);
    }

    [Fact]
    public async Task Token_WithoutSystemRoleOrScope_403()
    {
        await using SmartRecruitersRig rig = await SmartRecruitersRig.StartAsync(new SmartRecruitersOptions { HasSystemRole = false });
        await rig.LogInAsync();
        Code(await rig.Client.GetAsync("/candidates")).ShouldBe("PERMISSION_DENIED");
        await using SmartRecruitersRig limited = await SmartRecruitersRig.StartAsync(new SmartRecruitersOptions { Scopes = new HashSet<string> { "candidates_read" }, RateLimit = 100 });
        SmartRecruitersApplicationKey key = limited.Sandbox.Apply(SmartRecruitersRig.Jane);
        await limited.LogInAsync();
        (await limited.Client.GetAsync($"/candidates/{key.CandidateId}")).Status.ShouldBe(200);
        SandboxReply refused = await limited.PutAsync($"/candidates/{key.CandidateId}/jobs/{key.JobId}/status", """{"status":"HIRED"}""");
        (refused.Status, Code(refused)).ShouldBe((403, "PERMISSION_DENIED"));
    }

    [Fact]
    public async Task Rate_TenInASecondForEachEndpoint_ThenThe11thIsRefusedWithoutARetryAfter()
    {
        await using SmartRecruitersRig rig = await SmartRecruitersRig.StartAsync(new SmartRecruitersOptions());
        string jane = rig.Sandbox.Apply(SmartRecruitersRig.Jane).CandidateId;
        string bob = rig.Sandbox.Apply(new SmartRecruitersCandidate("Bob", "Lee")).CandidateId;
        for (int i = 10; i > 0; i--)
        {
            SandboxReply good = await rig.Client.GetAsync($"/candidates/{(i % 2 == 0 ? jane : bob)}");
            (good.Status, good.Headers["X-RateLimit-Limit"], good.Headers["X-RateLimit-Remaining"]).ShouldBe((200, "10", $"{i - 1}"));
            (good.Headers["X-RateLimit-Concurrent-Limit"], good.Headers["X-RateLimit-Concurrent-Remaining"]).ShouldBe(("8", "7"));
        }
        SandboxReply refused = await rig.Client.GetAsync($"/candidates/{jane}");
        (refused.Status, refused.Headers["X-RateLimit-Remaining"], refused.Headers.ContainsKey("Retry-After")).ShouldBe((429, "0", false));
        (await rig.Client.GetAsync($"/jobs/{SmartRecruitersSeeds.EngineerJobId}")).Status.ShouldBe(200, "the limit is for each endpoint");
        rig.Time.Advance(TimeSpan.FromSeconds(1));
        (await rig.Client.GetAsync($"/candidates/{jane}")).Status.ShouldBe(200);
    }

    [Theory]
    [InlineData("/candidates", 1)]
    [InlineData("/configuration/candidate-properties", 8)]
    public async Task Concurrency_AsManyAsAllowedAtOnce_TheNextIsRefused(string path, int allowed)
    {
        await using SmartRecruitersRig rig = await SmartRecruitersRig.StartAsync();
        rig.Sandbox.Faults.Add(new Fault { Kind = FaultKind.Delay, Times = allowed, Delay = TimeSpan.FromMinutes(1) });
        Task<SandboxReply>[] held = [.. Enumerable.Range(0, allowed).Select(_ => rig.Client.GetAsync(path))];
        // A request is under way before it takes its fault.
        while (rig.Sandbox.Faults.Count > 0)
        {
            await Task.Yield();
        }
        SandboxReply refused = await rig.Client.GetAsync(path);
        (refused.Status, refused.Headers["X-RateLimit-Concurrent-Limit"], refused.Headers["X-RateLimit-Concurrent-Remaining"]).ShouldBe((429, $"{allowed}", "0"));
        Task<SandboxReply[]> all = Task.WhenAll(held);
        // A request takes its fault before it begins to wait.
        while (!all.IsCompleted)
        {
            rig.Time.Advance(TimeSpan.FromMinutes(1));
            await Task.Yield();
        }
        (await all).ShouldAllBe(r => r.Status == 200);
        (await rig.Client.GetAsync(path)).Status.ShouldBe(200);
    }

    [Fact]
    public async Task Candidates_MoreThanAPage_TenEachAndARelativeLink()
    {
        await using SmartRecruitersRig rig = await SmartRecruitersRig.StartAsync();
        for (int i = 0; i < 23; i++)
        {
            rig.Sandbox.Apply(new SmartRecruitersCandidate($"First{i}", "Last"));
        }
        var seen = new List<string>();
        string? next = "/candidates?status=NEW";
        while (next is not null)
        {
            SandboxReply page = await rig.Client.GetAsync(next);
            page.Json.GetProperty("totalFound").GetInt32().ShouldBe(23);
            seen.AddRange(page.Json.GetProperty("content").EnumerateArray().Select(c => c.GetProperty("firstName").GetString()!));
            (page.Next is null).ShouldBe(!page.Json.TryGetProperty("nextPageId", out _));
            next = page.Next;
            next?.ShouldStartWith("/candidates?status=NEW&limit=10&pageId=");
        }
        seen.ShouldBe(Enumerable.Range(0, 23).Select(i => $"First{i}"));
    }

    [Theory]
    [InlineData("limit=0", "INVALID_INPUT")]
    [InlineData("limit=101", "INVALID_INPUT")]
    [InlineData("status=new", "INVALID_INPUT")]
    [InlineData("subStatus=Phone%20Screen", "INVALID_INPUT")]
    [InlineData("updatedAfter=2026-01-01T00:00:00Z", "INVALID_INPUT")]
    [InlineData("updatedAfter=2026-01-01T00:00:00.000", "INVALID_INPUT")]
    [InlineData("propertyId=a", "FIELDS_CRITERIA_SIZE_VIOLATED")]
    [InlineData("pageId=made-up", "INVALID_INPUT")]
    [InlineData("jobid=x", "INVALID_INPUT")]
    public async Task Candidates_WrongParameter_400(string query, string code)
    {
        await using SmartRecruitersRig rig = await SmartRecruitersRig.StartAsync();
        SandboxReply reply = await rig.Client.GetAsync($"/candidates?{query}");
        (reply.Status, Code(reply)).ShouldBe((400, code));
    }

    [Fact]
    public async Task Candidates_Filters_OnlyThoseThatMatchAll()
    {
        await using SmartRecruitersRig rig = await SmartRecruitersRig.StartAsync();
        SmartRecruitersApplicationKey jane = rig.Sandbox.Apply(SmartRecruitersRig.Jane);
        rig.Time.Advance(TimeSpan.FromHours(1));
        SmartRecruitersApplicationKey bob = rig.Sandbox.Apply(new SmartRecruitersCandidate("Bob", "Lee"), SmartRecruitersSeeds.DesignerJobId);
        rig.Sandbox.SetStatus(bob, "IN_REVIEW", "Phone Screen");
        async Task<string[]> FindAsync(string query) =>
            [.. (await rig.Client.GetAsync($"/candidates?{query}")).Json.GetProperty("content").EnumerateArray().Select(c => c.GetProperty("id").GetString()!)];
        (await FindAsync("q=jane")).ShouldBe([jane.CandidateId]);
        (await FindAsync("status=IN_REVIEW&status=OFFERED&subStatus=Phone%20Screen")).ShouldBe([bob.CandidateId]);
        (await FindAsync($"jobId={SmartRecruitersSeeds.DesignerJobId}&status=NEW")).ShouldBeEmpty();
        (await FindAsync("updatedAfter=2026-10-01T09:30:00.000%2B0000")).ShouldBe([bob.CandidateId]);
    }

    [Fact]
    public async Task Candidate_Details_AssignmentsInOrderAndNoMemberWithoutAValue()
    {
        await using SmartRecruitersRig rig = await SmartRecruitersRig.StartAsync();
        SmartRecruitersApplicationKey key = rig.Sandbox.Apply(new SmartRecruitersCandidate("Ann", "No", null));
        rig.Sandbox.ApplyAgain(key.CandidateId, SmartRecruitersSeeds.DesignerJobId);
        rig.Sandbox.SetStatus(key, "IN_REVIEW", "Phone Screen");
        JsonElement candidate = (await rig.Client.GetAsync($"/candidates/{key.CandidateId}")).Json;
        candidate.TryGetProperty("email", out _).ShouldBeFalse();
        JsonElement primary = candidate.GetProperty("primaryAssignment");
        (primary.GetProperty("job").GetProperty("id").GetString(), primary.GetProperty("status").GetString(), primary.GetProperty("subStatus").GetString()).ShouldBe((key.JobId, "IN_REVIEW", "Phone Screen"));
        JsonElement second = candidate.GetProperty("secondaryAssignments")[0];
        (second.GetProperty("job").GetProperty("id").GetString(), second.GetProperty("status").GetString(), second.TryGetProperty("subStatus", out _)).ShouldBe((SmartRecruitersSeeds.DesignerJobId, "NEW", false));
        Code(await rig.Client.GetAsync("/candidates/none")).ShouldBe("CANDIDATE_NOT_FOUND");
    }

    [Fact]
    public async Task Application_ByPair_HasItsIdAndHistory()
    {
        await using SmartRecruitersRig rig = await SmartRecruitersRig.StartAsync();
        SmartRecruitersApplicationKey key = rig.Sandbox.Apply(SmartRecruitersRig.Jane);
        rig.Time.Advance(TimeSpan.FromDays(1));
        rig.Sandbox.SetStatus(key, "INTERVIEW", "Face to Face");
        string path = $"/candidates/{key.CandidateId}/jobs/{key.JobId}";
        JsonElement application = (await rig.Client.GetAsync(path)).Json;
        application.GetProperty("applicationId").GetString().ShouldBe(rig.Sandbox.State.Application(key.CandidateId, key.JobId).ApplicationId);
        (application.GetProperty("candidateId").GetString(), application.GetProperty("jobId").GetString()).ShouldBe((key.CandidateId, key.JobId));
        JsonElement history = (await rig.Client.GetAsync($"{path}/status/history")).Json;
        history.GetProperty("content").EnumerateArray().Select(h => $"{h.GetProperty("changedOn")} {h.GetProperty("status")}")
            .ShouldBe(["2026-10-02T09:00:00.000Z INTERVIEW", "2026-10-01T09:00:00.000Z NEW"]);
        SandboxReply other = await rig.Client.GetAsync($"/candidates/{key.CandidateId}/jobs/{SmartRecruitersSeeds.DesignerJobId}");
        (other.Status, Code(other)).ShouldBe((404, "JOB_NOT_FOUND"));
    }
}
