using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using Aria.Pipelines.Sandbox.Greenhouse;

namespace Aria.Pipelines.Tests.Sandbox.Greenhouse;

public sealed class TokenDeskTests
{
    private static readonly AuthenticationHeaderValue Known = GreenhouseRig.Basic("greenhouse-sandbox-client", "greenhouse-sandbox-secret");
    private static readonly Dictionary<string, string> Grant = new() { ["grant_type"] = "client_credentials" };

    [Fact]
    public async Task Token_Granted_CarriesExpiresAtAndNoExpiresIn()
    {
        await using GreenhouseRig rig = await GreenhouseRig.StartAsync();

        SandboxReply reply = await rig.RequestTokenAsync(Known, Grant);

        reply.Status.ShouldBe(200);
        reply.Json.GetProperty("token_type").GetString().ShouldBe("Bearer");
        reply.Json.GetProperty("expires_at").GetString().ShouldBe("2026-10-01T10:00:00.000Z");
        reply.Json.TryGetProperty("expires_in", out _).ShouldBeFalse();
        reply.Headers["X-RateLimit-Limit"].ShouldBe("50");
    }

    [Fact]
    public async Task Token_WithExpiresInOption_CarriesSeconds()
    {
        await using GreenhouseRig rig = await GreenhouseRig.StartAsync(new GreenhouseOptions { TokenExpiry = GreenhouseTokenExpiry.ExpiresIn });

        SandboxReply reply = await rig.RequestTokenAsync(Known, Grant);

        reply.Json.GetProperty("expires_in").GetInt32().ShouldBe(3600);
        reply.Json.TryGetProperty("expires_at", out _).ShouldBeFalse();
    }

    [Fact]
    public async Task Token_WrongCredentials_Are401()
    {
        await using GreenhouseRig rig = await GreenhouseRig.StartAsync();
        AuthenticationHeaderValue?[] wrong =
        [
            null, GreenhouseRig.Basic("greenhouse-sandbox-client", "wrong"), GreenhouseRig.Basic("x", "greenhouse-sandbox-secret"),
            new("Basic", "not base64"), new("Bearer", "x"),
        ];

        foreach (AuthenticationHeaderValue? basic in wrong)
        {
            SandboxReply reply = await rig.RequestTokenAsync(basic, Grant);
            reply.Status.ShouldBe(401);
            reply.Json.GetProperty("error").GetString().ShouldBe("invalid_client");
        }
    }

    [Fact]
    public async Task Token_OtherGrantOrUnknownSub_Is400()
    {
        await using GreenhouseRig rig = await GreenhouseRig.StartAsync();

        (await rig.RequestTokenAsync(Known, [])).Json.GetProperty("error").GetString().ShouldBe("unsupported_grant_type");
        (await rig.RequestTokenAsync(Known, new(Grant) { ["sub"] = "ada@example.com" })).Json.GetProperty("error").GetString().ShouldBe("invalid_request");
        (await rig.RequestTokenAsync(Known, new(Grant) { ["sub"] = "999" })).Status.ShouldBe(400);
    }

    [Fact]
    public async Task Token_ParametersInQueryAndJsonBody_AreAccepted()
    {
        await using GreenhouseRig rig = await GreenhouseRig.StartAsync();
        rig.Client.Authorization = Known;

        SandboxReply query = await rig.Client.SendAsync("POST", $"/token?grant_type=client_credentials&sub={GreenhouseSeeds.SiteAdminId}");
        SandboxReply json = await rig.Client.PostAsync("/token?grant_type=client_credentials", $$"""{"sub":{{GreenhouseSeeds.SiteAdminId}}}""");

        (query.Status, json.Status).ShouldBe((200, 200));
    }

    [Fact]
    public async Task Token_Newer_EndsTheEarlier()
    {
        await using GreenhouseRig rig = await GreenhouseRig.StartAsync();
        (await rig.Client.GetAsync("/v3/jobs")).Status.ShouldBe(200);

        await rig.TokenAsync();

        SandboxReply reply = await rig.Client.GetAsync("/v3/jobs");
        reply.Status.ShouldBe(401);
        reply.Json.GetProperty("message").GetString().ShouldBe("Unauthorized");
    }

    [Fact]
    public async Task Token_SeveralActive_WhenTheAccountAllowsThem()
    {
        await using GreenhouseRig rig = await GreenhouseRig.StartAsync(new GreenhouseOptions { SingleActiveToken = false });

        await rig.TokenAsync();

        (await rig.Client.GetAsync("/v3/jobs")).Status.ShouldBe(200);
    }

    [Fact]
    public async Task Token_OlderThanItsLife_Is401()
    {
        await using GreenhouseRig rig = await GreenhouseRig.StartAsync();
        rig.Time.Advance(TimeSpan.FromMinutes(60) - TimeSpan.FromSeconds(1));
        (await rig.Client.GetAsync("/v3/jobs")).Status.ShouldBe(200);

        rig.Time.Advance(TimeSpan.FromSeconds(1));

        (await rig.Client.GetAsync("/v3/jobs")).Status.ShouldBe(401);
    }

    [Fact]
    public async Task Token_BeyondItsOwnWindow_Is429UntilTheNextMinute()
    {
        await using GreenhouseRig rig = await GreenhouseRig.StartAsync(new GreenhouseOptions { TokenRateLimit = 2 });
        await rig.TokenAsync();

        SandboxReply refused = await rig.RequestTokenAsync(Known, Grant);

        refused.Status.ShouldBe(429);
        int wait = int.Parse(refused.Headers["Retry-After"], CultureInfo.InvariantCulture);
        rig.Time.Advance(TimeSpan.FromSeconds(wait));
        (await rig.RequestTokenAsync(Known, Grant)).Status.ShouldBe(200);
    }

    [Fact]
    public async Task Sub_NotASiteAdmin_GetsEmptyListsOr403()
    {
        await using GreenhouseRig empty = await GreenhouseRig.StartAsync(sub: GreenhouseSeeds.BasicUserId);
        (await empty.Client.GetAsync("/v3/jobs")).Body.ShouldBe("[]");
        (await empty.Client.PostAsync("/v3/notes", "{}")).Status.ShouldBe(403);

        await using GreenhouseRig forbidden = await GreenhouseRig.StartAsync(
            new GreenhouseOptions { NonAdminLists = GreenhouseNonAdminLists.Forbidden }, GreenhouseSeeds.BasicUserId);
        (await forbidden.Client.GetAsync("/v3/jobs")).Status.ShouldBe(403);
    }

    [Fact]
    public async Task Scope_Missing_Is403()
    {
        await using GreenhouseRig rig = await GreenhouseRig.StartAsync(new GreenhouseOptions { Scopes = new HashSet<string> { "harvest:jobs:list" } });

        (await rig.Client.GetAsync("/v3/jobs")).Status.ShouldBe(200);
        (await rig.Client.GetAsync("/v3/applications")).Status.ShouldBe(403);
        (await rig.Client.PatchAsync("/v3/applications/1", """{"custom_fields":[]}""")).Status.ShouldBe(403);
    }

    [Fact]
    public async Task RequestLog_NeverHoldsACredential()
    {
        await using GreenhouseRig rig = await GreenhouseRig.StartAsync();
        string token = await rig.TokenAsync();
        rig.Client.Authorization = new("Bearer", token);
        await rig.Client.GetAsync("/v3/jobs?per_page=1");
        await rig.Client.SendAsync("POST", "/token", new StringContent("grant_type=client_credentials&client_secret=s3cret", Encoding.UTF8, "application/x-www-form-urlencoded"));

        SandboxReply log = await rig.Client.GetAsync("/_sandbox/requests");

        log.Body.ShouldNotContain(token);
        log.Body.ShouldNotContain("s3cret");
        log.Body.ShouldNotContain(Known.Parameter!);
        log.Json.EnumerateArray().Select(e => e.GetProperty("authorization").GetString()).ShouldBe(["Basic", "Basic", "Bearer", "Bearer"]);
        log.Json[2].GetProperty("query").GetString().ShouldBe("?per_page=1");
    }
}
