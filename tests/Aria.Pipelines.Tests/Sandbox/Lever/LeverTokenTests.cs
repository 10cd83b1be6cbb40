using Aria.Pipelines.Sandbox.Lever;

namespace Aria.Pipelines.Tests.Sandbox.Lever;

public sealed class LeverTokenTests
{
    [Fact]
    public async Task Refresh_EachTokenIsGoodOnce_ItsSuccessorGoesOn()
    {
        await using LeverRig rig = await LeverRig.StartAsync();

        SandboxReply first = await RefreshAsync(rig, "lever-sandbox-refresh");
        SandboxReply again = await RefreshAsync(rig, "lever-sandbox-refresh");
        SandboxReply next = await RefreshAsync(rig, first.Json.GetProperty("refresh_token").GetString()!);

        (first.Status, first.Json.GetProperty("expires_in").GetInt32()).ShouldBe((200, 3600));
        (again.Status, again.Json.GetProperty("error").GetString()).ShouldBe((403, "invalid_grant"));
        next.Status.ShouldBe(200);
    }

    [Fact]
    public async Task Refresh_After90IdleDays_IsDead()
    {
        await using LeverRig rig = await LeverRig.StartAsync();

        rig.Time.Advance(TimeSpan.FromDays(90));

        (await RefreshAsync(rig, "lever-sandbox-refresh")).Status.ShouldBe(403);
    }

    [Theory]
    [InlineData("/v1/", 200)]
    [InlineData("/v1", 401)]
    [InlineData("", 401)]
    public async Task Authorize_TheTokenIsGoodOnlyForTheAudienceWithItsSlash(string audience, int expected)
    {
        await using LeverRig rig = await LeverRig.StartAsync();
        string asked = audience.Length == 0 ? "" : $"&audience={Uri.EscapeDataString(new Uri(rig.Sandbox.BaseUrl, audience).ToString())}";

        SandboxReply consent = await rig.Client.GetAsync($"/authorize?client_id=lever-sandbox-client&response_type=code&state=s&scope=offline_access%20stages:read:admin&redirect_uri=http%3A%2F%2F127.0.0.1%2Fback{asked}");
        string code = consent.Headers["Location"].Split("code=")[1].Split('&')[0];
        SandboxReply tokens = await rig.TokenAsync(new() { ["grant_type"] = "authorization_code", ["code"] = code, ["redirect_uri"] = "http://127.0.0.1/back" });
        rig.Client.Authorization = new("Bearer", tokens.Json.GetProperty("access_token").GetString());

        consent.Headers["Location"].ShouldEndWith("&state=s");
        (await rig.Client.GetAsync("/v1/stages")).Status.ShouldBe(expected);
    }

    [Fact]
    public async Task Request_BeyondTheScopes_Forbidden()
    {
        await using LeverRig rig = await LeverRig.StartAsync(new LeverOptions { Scopes = new HashSet<string> { "offline_access", "notes:write:admin" } });
        rig.Client.Authorization = new("Bearer", (await RefreshAsync(rig, "lever-sandbox-refresh")).Json.GetProperty("access_token").GetString());

        (await rig.WriteAsync("POST", "notes", """{"value":"x"}""")).Status.ShouldBe(201);
        SandboxReply refused = await rig.WriteAsync("PUT", "stage", """{"stage":"offer"}""");

        (refused.Status, refused.Json.GetProperty("message").GetString()).ShouldBe((403, "Missing scope: opportunities:write:admin"));
        rig.Time.Advance(TimeSpan.FromHours(1));
        (await rig.WriteAsync("POST", "notes", """{"value":"x"}""")).Status.ShouldBe(401);
    }

    private static Task<SandboxReply> RefreshAsync(LeverRig rig, string token) =>
        rig.TokenAsync(new() { ["grant_type"] = "refresh_token", ["refresh_token"] = token });
}
