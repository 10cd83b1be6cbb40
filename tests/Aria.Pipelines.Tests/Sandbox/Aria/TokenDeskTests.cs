using System.Net.Http.Headers;
using System.Text;
using Aria.Pipelines.Sandbox.Aria;

namespace Aria.Pipelines.Tests.Sandbox.Aria;

public sealed class TokenDeskTests
{
    private const string Grant = "grant_type=client_credentials";

    [Fact]
    public async Task Token_Granted_IsAsRfc6749SaysAndOpensTheApi()
    {
        await using AriaRig rig = await AriaRig.StartAsync();

        SandboxReply reply = await AskAsync(rig, $"{Grant}&scope=interviews%3Aread+interviews%3Awrite");

        reply.Status.ShouldBe(200);
        string token = reply.Json.GetProperty("access_token").GetString()!;
        reply.Body.ShouldBe($$"""{"access_token":"{{token}}","token_type":"Bearer","expires_in":3600,"scope":"interviews:read interviews:write"}""");
        (reply.Headers["Cache-Control"], reply.Headers["Pragma"]).ShouldBe(("no-store", "no-cache"));
        rig.Client.Authorization = new("Bearer", token);
        await rig.InviteAsync();
        rig.Sandbox.TokensIssued.ShouldBe(1);
    }

    [Theory]
    [InlineData("", "invalid_request")]
    [InlineData("grant_type=password", "unsupported_grant_type")]
    [InlineData("grant_type=client_credentials&grant_type=client_credentials", "invalid_request")]
    [InlineData("grant_type=client_credentials&client_id=aria-sandbox-client", "invalid_request")]
    [InlineData("grant_type=client_credentials&client_secret=aria-sandbox-secret", "invalid_request")]
    [InlineData("grant_type=client_credentials&scope=interviews%3Aread+interviews%3Adelete", "invalid_scope")]
    public async Task Token_WrongForm_Is400(string form, string error)
    {
        await using AriaRig rig = await AriaRig.StartAsync();

        SandboxReply reply = await AskAsync(rig, form);

        (reply.Status, reply.Json.GetProperty("error").GetString()).ShouldBe((400, error));
        rig.Sandbox.TokensIssued.ShouldBe(0);
    }

    [Fact]
    public async Task Token_AskedForInAnotherWay_IsRefused()
    {
        await using AriaRig rig = await AriaRig.StartAsync();
        rig.Client.Authorization = Client("aria-sandbox-client", "aria-sandbox-secret");

        SandboxReply json = await rig.Client.PostAsync("/oauth/token", """{"grant_type":"client_credentials"}""");
        SandboxReply query = await rig.Client.SendAsync("POST", $"/oauth/token?{Grant}", Form(Grant));
        SandboxReply get = await rig.Client.GetAsync("/oauth/token");

        (json.Status, query.Status, get.Status).ShouldBe((400, 400, 405));
        get.Body.ShouldContain("invalid_request");
    }

    [Fact]
    public async Task Token_WrongClient_Is401()
    {
        await using AriaRig rig = await AriaRig.StartAsync(new AriaOptions { ClientId = "a:client", ClientSecret = "50%+1" });
        AuthenticationHeaderValue?[] wrong =
        [
            null, new("Bearer", "aria-sandbox-key"), new("Basic", "not base64"), new("Basic", Convert.ToBase64String("a:client:50%+1"u8)),
            Client("a:client", "wrong"), Client("other", "50%+1"), Client("a:client", ""),
        ];

        foreach (AuthenticationHeaderValue? client in wrong)
        {
            SandboxReply reply = await AskAsync(rig, Grant, client);
            (reply.Status, reply.Json.GetProperty("error").GetString(), reply.Headers["WWW-Authenticate"]).ShouldBe((401, "invalid_client", "Basic realm=\"aria\""));
        }

        (await AskAsync(rig, Grant, Client("a:client", "50%+1"))).Status.ShouldBe(200);
    }

    [Fact]
    public async Task Token_ExpiredOrRevoked_Is401()
    {
        await using AriaRig rig = await AriaRig.StartAsync(new AriaOptions { TokenLifetime = TimeSpan.FromMinutes(5) });
        await LogInAsync(rig, Grant);
        rig.Time.Advance(TimeSpan.FromMinutes(5) - TimeSpan.FromTicks(1));
        (await rig.Client.GetAsync("/v1/interviews")).Status.ShouldBe(200);

        rig.Time.Advance(TimeSpan.FromTicks(1));

        SandboxReply expired = await rig.Client.GetAsync("/v1/interviews");
        (expired.Status, expired.Headers["WWW-Authenticate"]).ShouldBe((401, "Bearer error=\"invalid_token\""));
        await LogInAsync(rig, Grant);
        rig.Sandbox.RevokeTokens();
        (await rig.Client.GetAsync("/v1/interviews")).Status.ShouldBe(401);
    }

    [Fact]
    public async Task Scope_Missing_Is403()
    {
        await using AriaRig rig = await AriaRig.StartAsync();
        await LogInAsync(rig, $"{Grant}&scope=interviews%3Aread");

        SandboxReply write = await rig.Client.PostAsync("/v1/interviews", AriaRig.Invitation);

        (write.Status, write.Headers["WWW-Authenticate"]).ShouldBe((403, "Bearer error=\"insufficient_scope\", scope=\"interviews:write\""));
        write.Json.GetProperty("error").GetProperty("message").GetString().ShouldBe("The token does not have the scope interviews:write.");
        (await rig.Client.GetAsync("/v1/interviews")).Status.ShouldBe(200);
        rig.Sandbox.InvitationsCreated.ShouldBe(0);
    }

    private static Task<SandboxReply> AskAsync(AriaRig rig, string form) => AskAsync(rig, form, Client("aria-sandbox-client", "aria-sandbox-secret"));

    private static Task<SandboxReply> AskAsync(AriaRig rig, string form, AuthenticationHeaderValue? client)
    {
        rig.Client.Authorization = client;
        return rig.Client.SendAsync("POST", "/oauth/token", Form(form));
    }

    private static async Task LogInAsync(AriaRig rig, string form)
    {
        SandboxReply reply = await AskAsync(rig, form);
        rig.Client.Authorization = new("Bearer", reply.Json.GetProperty("access_token").GetString());
    }

    private static StringContent Form(string text) => new(text, Encoding.UTF8, "application/x-www-form-urlencoded");

    private static AuthenticationHeaderValue Client(string id, string secret) =>
        new("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{Uri.EscapeDataString(id)}:{Uri.EscapeDataString(secret)}")));
}
