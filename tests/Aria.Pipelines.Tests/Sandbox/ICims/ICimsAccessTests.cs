using System.Net.Http.Headers;
using Aria.Pipelines.Sandbox.ICims;

namespace Aria.Pipelines.Tests.Sandbox.ICims;

/// <summary>Who may ask, and how often.</summary>
public sealed class ICimsAccessTests
{
    [Theory]
    [InlineData("icims-sandbox-user", "wrong")]
    [InlineData("wrong", "icims-sandbox-password")]
    [InlineData(null, null)]
    public async Task Get_WrongOrNoCredentials_401InTheVendorsWords(string? user, string? password)
    {
        await using ICimsRig rig = await ICimsRig.StartAsync();
        rig.Client.Authorization = user is null ? null : ICimsRig.Basic(user, password!);
        SandboxReply reply = await rig.GetAsync("/jobs/4056310");
        ICimsRig.Error(reply).ShouldBe((401, "Invalid Username or Password credentials provided.", 6, null));
        reply.Headers["WWW-Authenticate"].ShouldContain("x-icims-v1-hmac-sha256");
        reply.Headers["X-Error"].ShouldBe("Invalid Username or Password credentials provided.");
    }

    [Fact]
    public async Task Token_RightForm_OpensTheApiUntilItExpires()
    {
        await using ICimsRig rig = await ICimsRig.StartAsync();
        SandboxReply token = await rig.TokenAsync();
        (token.Status, token.Json.GetProperty("expires_in").GetInt32(), token.Json.GetProperty("token_type").GetString()).ShouldBe((200, 3600, "Bearer"));
        rig.Client.Authorization = new AuthenticationHeaderValue("Bearer", token.Json.GetProperty("access_token").GetString());
        (await rig.GetAsync("/jobs/4056310")).Status.ShouldBe(200);
        rig.Time.Advance(TimeSpan.FromHours(1));
        (await rig.GetAsync("/jobs/4056310")).Status.ShouldBe(401);
    }

    [Theory]
    [InlineData("audience", "https://api.icims.com/v2/", 403)]
    [InlineData("grant_type", "password", 400)]
    [InlineData("client_secret", "wrong", 401)]
    public async Task Token_OneWrongMember_Refused(string name, string value, int status)
    {
        await using ICimsRig rig = await ICimsRig.StartAsync();
        (await rig.TokenAsync((name, value))).Status.ShouldBe(status);
        rig.Sandbox.State.Counts.TokensIssued.ShouldBe(0);
    }

    [Fact]
    public async Task Budget_UsedUp_429UntilMidnightUtc()
    {
        await using ICimsRig rig = await ICimsRig.StartAsync(new ICimsOptions { DailyLimit = 2 });
        (await rig.GetAsync("/jobs/4056310")).Headers["X-RateLimit-Remaining"].ShouldBe("1");
        (await rig.GetAsync("/jobs/4056310")).Status.ShouldBe(200);
        SandboxReply refused = await rig.GetAsync("/jobs/4056310");
        refused.Status.ShouldBe(429);
        refused.Headers["Retry-After"].ShouldBe("53980");
        rig.Time.Advance(TimeSpan.FromSeconds(53979));
        (await rig.GetAsync("/jobs/4056310")).Status.ShouldBe(429);
        rig.Time.Advance(TimeSpan.FromSeconds(1));
        (await rig.GetAsync("/jobs/4056310")).Status.ShouldBe(200);
        rig.Sandbox.State.Counts.Calls.ShouldBe(3);
    }

    [Theory]
    [InlineData("/customers/7610/jobs/4056310", "Customer not found", 3)]
    [InlineData("/customers/7609/jobs/1", "Job not found", 2)]
    [InlineData("/customers/7609/people/1", "Person not found", 2)]
    [InlineData("/customers/7609/applicantworkflows/x", "Applicant Workflow not found", 2)]
    [InlineData("/customers/7609/Jobs/4056310", "Profile type not found", 2)]
    public async Task Get_UnknownId_404(string path, string message, int code)
    {
        await using ICimsRig rig = await ICimsRig.StartAsync();
        ICimsRig.Error(await rig.Client.GetAsync(path)).ShouldBe((404, message, code, null));
    }

    [Fact]
    public async Task Post_NoContentLength_411()
    {
        await using ICimsRig rig = await ICimsRig.StartAsync();
        using var content = new StreamContent(new PipeStream());
        content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        (await rig.Client.SendAsync("POST", ICimsRig.Root + "/applicantworkflows", content)).Status.ShouldBe(411);
    }

    /// <summary>A stream that does not know its length, so the body is sent in chunks.</summary>
    private sealed class PipeStream : MemoryStream
    {
        public PipeStream()
            : base("{}"u8.ToArray())
        {
        }

        public override bool CanSeek => false;
    }
}
