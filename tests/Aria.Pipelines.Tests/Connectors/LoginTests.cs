using Aria.Pipelines.Connectors;
using Microsoft.AspNetCore.Http;

namespace Aria.Pipelines.Tests.Connectors;

/// <summary>Logins in steps against a system whose codes and refresh tokens are good once, and which tells its base URL with the session.</summary>
public sealed class LoginTests : IAsyncLifetime
{
    private const string Login = """
        "auth": { "login": {
          "steps": [
            { "id": "refreshed", "when": "settings.refreshToken != null", "optional": true, "request": { "method": "POST", "path": "URL/oauth/token", "query": { "grant_type": "refresh_token", "refresh_token": "{{ settings.refreshToken }}" } }, "rotate": { "refreshToken": "{{ response.body.refresh_token }}" } },
            { "id": "code", "when": "login.refreshed === null", "request": { "method": "POST", "path": "URL/oauth/authorize", "query": { "username": "{{ settings.user }}", "password": "{{ settings.clientSecret }}" } }, "accept": [302] },
            { "id": "token", "when": "login.refreshed === null", "request": { "method": "POST", "path": "URL/oauth/token", "query": { "grant_type": "authorization_code", "code": { "$js": "/code=([^&]+)/.exec(login.code.headers.location)[1]" } } }, "rotate": { "refreshToken": "{{ response.body.refresh_token }}" } },
            { "id": "session", "request": { "method": "POST", "path": "URL/login", "query": { "access_token": { "$js": "(login.refreshed ?? login.token).body.access_token" } } }, "follow": ["127.0.0.1"] }
          ],
          "headers": { "BhRestToken": "{{ login.session.body.BhRestToken }}" },
          "baseUrl": "{{ login.session.body.restUrl }}",
          "expiresIn": "{{ login.session.body.minutes }}", "unit": "minutes"
        } }
        """;

    private readonly HashSet<string> _codes = [];
    private readonly HashSet<string> _refreshTokens = [];
    private readonly HashSet<string> _access = [];
    private readonly HashSet<string> _sessions = [];
    private readonly HashSet<string> _spent = [];
    private int _number;
    private Wire _wire = null!;

    public async ValueTask InitializeAsync() => _wire = await Wire.StartAsync(AnswerAsync);

    public async ValueTask DisposeAsync() => await _wire.DisposeAsync();

    [Fact]
    public async Task Login_InSteps_CodeFromLocationTokenSessionAndBaseUrl()
    {
        Connection connection = _wire.Connect(Login);
        OperationAnswer answer = await _wire.DoAsync(connection);
        answer.Outcome.ShouldBe(OperationOutcome.Confirmed, answer.Message);
        _wire.Server.Lines.ShouldBe(
        [
            "POST /oauth/authorize?username=ann&password=very-secret-value", "POST /oauth/token?grant_type=authorization_code&code=code-1",
            "POST /login?access_token=access-2", "POST /elsewhere/login?access_token=access-2", "GET /rest/corp1/thing",
        ]);
        _wire.Stored.ShouldContain("/thing");
        _wire.Stored.ShouldNotContain("corp1", Case.Sensitive, "what is stored outlives the session");
        _wire.Rig.Rotated.Kept.ShouldBe(["refresh-2"]);
    }

    [Fact]
    public async Task Session_Refused_RenewedOnceWithTheRefreshTokenThatIsGoodOnce()
    {
        Connection connection = _wire.Connect(Login);
        await _wire.DoAsync(connection);
        _sessions.Clear();
        (await _wire.DoAsync(connection)).Outcome.ShouldBe(OperationOutcome.Confirmed);
        _sessions.Clear();
        (await _wire.DoAsync(connection)).Outcome.ShouldBe(OperationOutcome.Confirmed);
        _wire.Server.Lines.Count(l => l.StartsWith("POST /oauth/authorize", StringComparison.Ordinal)).ShouldBe(1);
        _wire.Server.Lines.Count(l => l.Contains("grant_type=refresh_token", StringComparison.Ordinal)).ShouldBe(2);
        _wire.Rig.Rotated.Kept.Count.ShouldBe(3);
        _spent.ShouldBe(["refresh-2", "refresh-4"], ignoreOrder: true);
    }

    [Fact]
    public async Task RefreshToken_Spent_LogsInFromTheBeginning()
    {
        Connection connection = _wire.Connect(Login);
        await _wire.DoAsync(connection);
        _sessions.Clear();
        _refreshTokens.Clear();
        (await _wire.DoAsync(connection)).Outcome.ShouldBe(OperationOutcome.Confirmed);
        _wire.Server.Lines.Count(l => l.StartsWith("POST /oauth/authorize", StringComparison.Ordinal)).ShouldBe(2);
    }

    [Fact]
    public async Task Session_ExpiresInMinutes_RenewedALittleBefore()
    {
        Connection connection = _wire.Connect(Login);
        await _wire.DoAsync(connection);
        _wire.Rig.Time.Advance(TimeSpan.FromMinutes(8.9));
        await _wire.DoAsync(connection);
        _sessions.Count.ShouldBe(1);
        _wire.Rig.Time.Advance(TimeSpan.FromMinutes(0.2));
        await _wire.DoAsync(connection);
        _sessions.Count.ShouldBe(2);
    }

    [Fact]
    public async Task Session_OlderThanItsMaximumAge_RenewedWhateverTheSystemSays()
    {
        Connection connection = _wire.Connect(Login.Replace("\"unit\": \"minutes\"", "\"unit\": \"minutes\", \"maxAge\": \"2m\"", StringComparison.Ordinal));
        await _wire.DoAsync(connection);
        _wire.Rig.Time.Advance(TimeSpan.FromMinutes(2));
        await _wire.DoAsync(connection);
        _sessions.Count.ShouldBe(2);
    }

    [Fact]
    public async Task Login_RedirectedToAnotherDomain_IsNotFollowed()
    {
        OperationAnswer answer = await _wire.DoAsync(_wire.Connect(Login.Replace("\"follow\": [\"127.0.0.1\"]", "\"follow\": [\"bullhornstaffing.com\"]", StringComparison.Ordinal)));
        (answer.Outcome, answer.Code).ShouldBe((OperationOutcome.NotSent, "token_refused"));
        answer.Message.ShouldBe("Step 'session' of the login refused the credentials with status 307. Check the setting 'clientSecret' of this connection.");
    }

    [Fact]
    public async Task Login_DomainOfASetting_IsFollowed() =>
        (await _wire.DoAsync(_wire.Connect(Login.Replace("\"follow\": [\"127.0.0.1\"]", "\"follow\": [\"{{ settings.user }}\", \"{{ settings.baseUrl | string.slice 7 9 }}\"]", StringComparison.Ordinal))))
            .Outcome.ShouldBe(OperationOutcome.Confirmed);

    [Fact]
    public async Task Login_WhereNothingCanBeKeptAndNothingIsSpent_LogsIn()
    {
        _wire.Rig.Rotated.CanKeep = false;
        (await _wire.DoAsync(_wire.Connect(Login))).Outcome.ShouldBe(OperationOutcome.Confirmed);
        _wire.Rig.Rotated.Kept.ShouldBeEmpty();
    }

    [Fact]
    public async Task Login_WhereNothingCanBeKept_SpendsNothing()
    {
        _wire.Rig.Rotated.CanKeep = false;
        _wire.Rig.Secrets["refreshToken"] = "first";
        OperationAnswer answer = await _wire.DoAsync(_wire.Connect(Login));
        (answer.Code, answer.Message).ShouldBe(("secret_rotates", "Logging in replaces the secret 'refreshToken', which only a running host can keep."));
        _wire.Server.Requests.ShouldBeEmpty();
    }

    [Fact]
    public async Task Answer_ThatEchoesWhatTheLoginGave_IsMasked()
    {
        Connection connection = _wire.Connect(Login, """{ "method": "GET", "path": "/echo" }""");
        OperationAnswer answer = await _wire.DoAsync(connection);
        string record = System.Text.Encoding.UTF8.GetString(answer.Response.ShouldNotBeNull());
        record.ShouldNotContain("session-");
        record.ShouldContain("***");
    }

    [Theory]
    [InlineData("""{ "tokenUrl": "URL/oauth/token", "clientId": "c", "clientSecret": "{{ settings.clientSecret }}", "client": "body", "secret": "refreshToken", "form": { "audience": "https://api.example/v1/" } }""",
        "POST /oauth/token", "grant_type=refresh_token&refresh_token=first&client_id=c&client_secret=very-secret-value&audience=https%3A%2F%2Fapi.example%2Fv1%2F")]
    [InlineData("""{ "tokenUrl": "URL/oauth/token", "clientId": "c", "clientSecret": "{{ settings.clientSecret }}", "secret": "refreshToken", "send": "json" }""",
        "POST /oauth/token", """{"grant_type":"refresh_token","refresh_token":"first"}""")]
    [InlineData("""{ "tokenUrl": "URL/oauth/token", "clientId": "c", "clientSecret": "{{ settings.clientSecret }}", "client": "body", "secret": "refreshToken", "send": "query" }""",
        "POST /oauth/token?grant_type=refresh_token&refresh_token=first&client_id=c&client_secret=very-secret-value", "")]
    public async Task RefreshToken_HoweverItTravels_NextOneIsKeptAndUsed(string grant, string line, string body)
    {
        _wire.Rig.Secrets["refreshToken"] = "first";
        _refreshTokens.Add("first");
        Connection connection = _wire.Connect($$""" "auth": { "refreshToken": {{grant}} } """);
        (await _wire.DoAsync(connection)).Outcome.ShouldBe(OperationOutcome.Confirmed);
        (_wire.Server.Lines[0], _wire.Server.Requests.First().Body).ShouldBe((line, body));
        _access.Clear();
        (await _wire.DoAsync(connection)).Outcome.ShouldBe(OperationOutcome.Confirmed);
        _spent.ShouldBe(["first", "refresh-1"], ignoreOrder: true);
        _wire.Rig.Rotated.Kept.ShouldBe(["refresh-1", "refresh-2"]);
    }

    [Fact]
    public async Task RefreshToken_AnotherOneGivenByTheOperator_BeginsANewChain()
    {
        _wire.Rig.Secrets["refreshToken"] = "first";
        _refreshTokens.UnionWith(["first", "second"]);
        Connection connection = _wire.Connect(""" "auth": { "refreshToken": { "tokenUrl": "URL/oauth/token", "clientId": "c", "clientSecret": "x", "secret": "refreshToken" } } """);
        await _wire.DoAsync(connection);
        _wire.Rig.Secrets["refreshToken"] = "second";
        (await _wire.DoAsync(connection)).Outcome.ShouldBe(OperationOutcome.Confirmed);
        _spent.ShouldBe(["first", "second"], ignoreOrder: true);
    }

    private Task AnswerAsync(SeenRequest request, HttpResponse response)
    {
        string path = request.PathAndQuery.Split('?')[0];
        var query = Microsoft.AspNetCore.WebUtilities.QueryHelpers.ParseQuery(request.PathAndQuery.Contains('?', StringComparison.Ordinal) ? request.PathAndQuery.Split('?')[1] : "");
        switch (path)
        {
            case "/oauth/authorize":
                string code = Next("code", _codes);
                response.StatusCode = 302;
                response.Headers.Location = $"https://app.example/done?code={code}&state=x";
                return Task.CompletedTask;
            case "/oauth/token":
                return TokenAsync(request, query.GetValueOrDefault("code"), response);
            case "/login":
                // The wrong data centre: the right one is asked with the same method.
                response.StatusCode = 307;
                response.Headers.Location = $"/elsewhere/login?access_token={query["access_token"]}";
                return Task.CompletedTask;
            case "/elsewhere/login":
                return _access.Remove(query["access_token"].ToString())
                    ? RemoteServer.Json(response, $$"""{"BhRestToken":"{{Next("session", _sessions)}}","restUrl":"{{_wire.Server.Url}}/rest/corp1/","minutes":10}""")
                    : RemoteServer.Json(response, "{}", 401);
            default:
                string token = request.Headers["BhRestToken"].ToString() is { Length: > 0 } own ? own : request.Authorization?.Split(' ')[^1] ?? "";
                return _sessions.Contains(token) || _access.Contains(token) ? RemoteServer.Json(response, $$"""{"id":1,"you":"{{token}}"}""") : RemoteServer.Json(response, """{"error":"expired"}""", 401);
        }
    }

    private Task TokenAsync(SeenRequest request, string? code, HttpResponse response)
    {
        string refresh = System.Text.RegularExpressions.Regex.Match(request.PathAndQuery + request.Body, "refresh_token(?:=|\":\")(?<token>(first|second|refresh-[0-9]+))", System.Text.RegularExpressions.RegexOptions.ExplicitCapture, TimeSpan.FromSeconds(1)).Groups["token"].Value;
        if (code is null ? !_refreshTokens.Remove(refresh) : !_codes.Remove(code))
        {
            return RemoteServer.Json(response, """{"error":"invalid_grant"}""", 400);
        }
        if (refresh.Length > 0)
        {
            _spent.Add(refresh);
        }
        _access.Clear();
        string access = Next("access", _access);
        string next = $"refresh-{access.Split('-')[1]}";
        _refreshTokens.Add(next);
        return RemoteServer.Json(response, $$"""{"access_token":"{{access}}","refresh_token":"{{next}}","expires_in":3600}""");
    }

    private string Next(string kind, HashSet<string> valid)
    {
        string made = $"{kind}-{++_number}";
        valid.Add(made);
        return made;
    }
}
