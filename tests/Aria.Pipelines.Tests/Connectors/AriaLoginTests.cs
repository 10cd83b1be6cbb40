using System.Text;
using System.Text.Json.Nodes;
using Aria.Pipelines.Connectors;
using Aria.Pipelines.Sandbox.Aria;

namespace Aria.Pipelines.Tests.Connectors;

/// <summary>Both ways in which the ARIA connector authenticates, against the stand-in.</summary>
public sealed class AriaLoginTests : IAsyncLifetime
{
    private const string Secret = "very-secret-value";
    private const string OAuth = """{"auth":"oauth"}""";
    private const string Invitation = """{"candidate":{"email":"jane.doe@example.com","name":"Jane Doe"},"job_id":"job_abc123","interview_kit_id":"kit_xyz789","send_immediately":true}""";
    private readonly ConnectorRig _rig = new();
    private AriaSandbox _aria = null!;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private int Logins => _aria.Requests.Entries.Count(e => e.Path == "/oauth/token");

    public async ValueTask InitializeAsync() => _aria = await AriaSandbox.StartAsync(
        new AriaOptions { Time = _rig.Time, ApiKeys = ["key-1"], ClientId = "client-1", ClientSecret = Secret, TokenLifetime = TimeSpan.FromMinutes(30) }, Stop);

    public async ValueTask DisposeAsync()
    {
        await _aria.DisposeAsync();
        _rig.Dispose();
    }

    [Fact]
    public async Task Key_IsTheBearer_AndNothingLogsIn()
    {
        (await InviteAsync(Connect("{}"))).Outcome.ShouldBe(OperationOutcome.Confirmed);
        _aria.Requests.Entries.ShouldHaveSingleItem().Path.ShouldBe("/v1/interviews");
    }

    [Fact]
    public async Task OAuth_ManyAtOnce_OneLogin()
    {
        Connection connection = Connect(OAuth);
        OperationAnswer[] answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => InviteAsync(connection)));
        answers.ShouldAllBe(a => a.Outcome == OperationOutcome.Confirmed);
        (Logins, _aria.TokensIssued, _aria.InvitationsCreated).ShouldBe((1, 1, 20));
    }

    [Fact]
    public async Task OAuth_TokenUrl_IsOnTheHostOfTheApiUnlessGiven()
    {
        await using AriaSandbox other = await AriaSandbox.StartAsync(new AriaOptions { Time = _rig.Time, ClientId = "client-1", ClientSecret = Secret }, Stop);
        OperationAnswer answer = await InviteAsync(Connect($$"""{"auth":"oauth","tokenUrl":"{{other.TokenUrl}}"}"""));
        (other.TokensIssued, _aria.TokensIssued).ShouldBe((2, 0));
        (answer.Outcome, answer.Code).ShouldBe((OperationOutcome.Rejected, "unauthorized"), "its tokens are of another account, also the second");
    }

    [Fact]
    public async Task OAuth_TokenALittleBeforeItExpires_Renewed()
    {
        Connection connection = Connect(OAuth);
        await InviteAsync(connection);
        _rig.Time.Advance(TimeSpan.FromMinutes(28));
        await InviteAsync(connection);
        Logins.ShouldBe(1);
        _rig.Time.Advance(TimeSpan.FromMinutes(1));
        (await InviteAsync(connection)).Outcome.ShouldBe(OperationOutcome.Confirmed);
        Logins.ShouldBe(2);
    }

    [Fact]
    public async Task OAuth_TokenRefused_RenewedOnceAndTheRequestMadeAgain()
    {
        Connection connection = Connect(OAuth);
        await InviteAsync(connection);
        _aria.RevokeTokens();
        _aria.Requests.Clear();
        (await InviteAsync(connection)).Outcome.ShouldBe(OperationOutcome.Confirmed);
        _aria.Requests.Entries.Select(e => $"{e.Method} {e.Path} {e.Status}").ShouldBe(["POST /v1/interviews 401", "POST /oauth/token 200", "POST /v1/interviews 201"]);
        _aria.InvitationsCreated.ShouldBe(2);
    }

    [Fact]
    public async Task OAuth_WrongSecret_PermanentAndSaysWhatToCheck()
    {
        _rig.Secrets["clientSecret"] = "last-quarters-secret";
        OperationAnswer answer = await InviteAsync(Connect(OAuth));
        (answer.Outcome, answer.Code, answer.IsPermanent).ShouldBe((OperationOutcome.NotSent, "token_refused", true));
        answer.Message.ShouldBe("Step 'token' of the login refused the credentials with status 401 (The client is not known, or did not authenticate with HTTP Basic.). Check the settings 'clientId', 'clientSecret' and 'apiKey' of this connection.");
        (Logins, _aria.Requests.Entries.Count).ShouldBe((1, 1));
        _rig.Secrets["clientSecret"] = Secret;
        (await InviteAsync(Connect(OAuth))).Outcome.ShouldBe(OperationOutcome.Confirmed, "a changed secret holds at once");
    }

    [Fact]
    public async Task OAuth_SecretMissing_PermanentAndNothingIsAsked()
    {
        _rig.Secrets.Remove("clientSecret");
        OperationAnswer answer = await InviteAsync(Connect(OAuth));
        (answer.Outcome, answer.Code, answer.IsPermanent).ShouldBe((OperationOutcome.NotSent, "secret_not_found", true));
        _aria.Requests.Entries.ShouldBeEmpty();
    }

    [Fact]
    public async Task OAuth_ScopeIsNotEnough_RefusedInAriasWords()
    {
        OperationAnswer answer = await InviteAsync(Connect("""{"auth":"oauth","scope":"interviews:read"}"""));
        (answer.Outcome, answer.Status, answer.Message).ShouldBe((OperationOutcome.Rejected, 403, "The token does not have the scope interviews:write."));
    }

    [Fact]
    public async Task OAuth_CredentialsWithSpecialCharacters_ArriveAsTheyAre()
    {
        await using AriaSandbox odd = await AriaSandbox.StartAsync(new AriaOptions { Time = _rig.Time, ClientId = "a:b c", ClientSecret = "50%+1/ü" }, Stop);
        (_rig.Secrets["clientId"], _rig.Secrets["clientSecret"]) = ("a:b c", "50%+1/ü");
        (await InviteAsync(Plugins.Connect(Plugins.Aria, new JsonObject { ["baseUrl"] = odd.ApiUrl.ToString(), ["auth"] = "oauth" }.ToJsonString(), "aria"))).Outcome.ShouldBe(OperationOutcome.Confirmed);
    }

    [Fact]
    public async Task OAuth_WhatIsKept_HoldsNeitherSecretNorToken()
    {
        Connection connection = Connect(OAuth);
        byte[] frozen = await FreezeAsync(connection);
        OperationAnswer answer = await _rig.Client.SendAsync(connection, Plugins.Aria.Operations["interview.create"], System.Text.Json.JsonElement.Parse(Invitation), frozen, null, Stop);
        string kept = Encoding.UTF8.GetString(frozen) + Encoding.UTF8.GetString(answer.Response!) + answer.Message;
        kept.ShouldContain("int_");
        foreach (string secret in new[] { Secret, "client-1", "Bearer", "Basic", "access_token", "Authorization" })
        {
            kept.ShouldNotContain(secret);
        }
    }

    private Connection Connect(string settings)
    {
        JsonObject given = JsonNode.Parse(settings)!.AsObject();
        given["baseUrl"] = _aria.ApiUrl.ToString();
        return Plugins.Connect(Plugins.Aria, given.ToJsonString(), "aria");
    }

    private async Task<byte[]> FreezeAsync(Connection connection)
    {
        Preparation prepared = await _rig.Client.PrepareAsync(connection, Plugins.Aria.Operations["interview.create"], System.Text.Json.JsonElement.Parse(Invitation), Guid.NewGuid().ToString("N"), Stop);
        return prepared.Frozen.ShouldNotBeNull(prepared.Problem?.ToString());
    }

    private async Task<OperationAnswer> InviteAsync(Connection connection) =>
        await _rig.Client.SendAsync(connection, Plugins.Aria.Operations["interview.create"], System.Text.Json.JsonElement.Parse(Invitation), await FreezeAsync(connection), null, Stop);
}
