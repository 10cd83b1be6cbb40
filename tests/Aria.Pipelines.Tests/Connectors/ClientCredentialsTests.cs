using System.Text;
using System.Text.Json;
using Aria.Pipelines.Abstractions;
using Aria.Pipelines.Connectors;
using Microsoft.AspNetCore.Http;

namespace Aria.Pipelines.Tests.Connectors;

/// <summary>Logins with client credentials, seen through the client.</summary>
public sealed class ClientCredentialsTests : IAsyncLifetime
{
    private readonly ConnectorRig _rig = new();
    private readonly HashSet<string> _valid = [];
    private readonly TaskCompletionSource _release = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _tokens;
    private string _tokenAnswer = """{"access_token":"{0}","expires_at":"2026-01-06T13:00:00Z"}""";
    private int _tokenStatus = 200;
    private bool _held;
    private RemoteServer _server = null!;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private int Logins => _server.Lines.Count(l => l == "POST /token");

    public async ValueTask InitializeAsync() => _server = await RemoteServer.StartAsync(AnswerAsync);

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        _rig.Dispose();
    }

    [Fact]
    public async Task Login_Request_IsBasicWithAForm()
    {
        await PrepareAsync("""{"userId":"42"}""");
        SeenRequest login = _server.Requests.First();
        login.Headers.ContentType.ToString().ShouldBe("application/x-www-form-urlencoded");
        login.Body.ShouldBe("grant_type=client_credentials&sub=42");
        login.Authorization.ShouldBe("Basic " + Convert.ToBase64String("client-1:very-secret-value"u8));
    }

    [Fact]
    public async Task Login_WithoutUser_LeavesSubOut()
    {
        await PrepareAsync();
        _server.Requests.First().Body.ShouldBe("grant_type=client_credentials");
    }

    [Fact]
    public async Task Login_ManyAtOnce_OnlyOneUnderWay()
    {
        _held = true;
        Task<Preparation>[] all = [.. Enumerable.Range(0, 20).Select(i => PrepareAsync(application: i + 1))];
        _release.SetResult();
        foreach (Preparation prepared in await Task.WhenAll(all))
        {
            prepared.Frozen.ShouldNotBeNull();
        }
        Logins.ShouldBe(1);
        _server.Requests.Count.ShouldBe(21);
    }

    [Theory]
    [InlineData("""{"access_token":"{0}","expires_at":"2026-01-06T13:00:00Z"}""", 3600)]
    [InlineData("""{"access_token":"{0}","expires_in":3600}""", 3600)]
    [InlineData("""{"access_token":"{0}","expires_in":"100"}""", 100)]
    public async Task Token_ALittleBeforeItExpires_Renewed(string answer, int seconds)
    {
        _tokenAnswer = answer;
        await PrepareAsync(application: 1);
        double margin = Math.Min(60, seconds / 10.0);
        _rig.Time.Advance(TimeSpan.FromSeconds(seconds - margin - 1));
        await PrepareAsync(application: 2);
        Logins.ShouldBe(1);
        _rig.Time.Advance(TimeSpan.FromSeconds(1));
        await PrepareAsync(application: 3);
        Logins.ShouldBe(2);
    }

    [Fact]
    public async Task Token_WithoutExpiry_KeptUntilRefused()
    {
        _tokenAnswer = """{"access_token":"{0}"}""";
        await PrepareAsync(application: 1);
        _rig.Time.Advance(TimeSpan.FromDays(30));
        await PrepareAsync(application: 2);
        Logins.ShouldBe(1);
    }

    [Fact]
    public async Task Token_Refused_RenewedOnceAndTheSameRequestSentAgain()
    {
        await PrepareAsync(application: 1);
        _valid.Clear();
        (await PrepareAsync(application: 2)).Frozen.ShouldNotBeNull();
        _server.Lines.ShouldBe(["POST /token", "GET /v3/applications?ids=1", "GET /v3/applications?ids=2", "POST /token", "GET /v3/applications?ids=2"]);
        _server.Requests.Last().Authorization.ShouldBe("Bearer token-2");
        _rig.Budgets.Taken.ShouldBe(3, "a login takes no permit");
    }

    [Fact]
    public async Task Token_RefusedAgain_ProblemAfterOneRenewal()
    {
        _tokenAnswer = """{"access_token":"wrong"}""";
        Preparation prepared = await PrepareAsync();
        prepared.Problem!.ToString().ShouldBe("error unauthorized: 'ats.note.add' could not read 'application' (status 401): Invalid token");
        Logins.ShouldBe(2);
    }

    [Fact]
    public async Task Login_Refused_OperatorsProblemThatNamesNoSecret()
    {
        _tokenStatus = 401;
        _tokenAnswer = """{"error":"invalid_client","got":"very-secret-value"}""";
        Preparation prepared = await PrepareAsync();
        prepared.Problem!.ToString().ShouldBe("error token_refused: 'ats.note.add' could not read 'application': The token endpoint refused the credentials with status 401 (invalid_client). Check the settings 'clientId' and 'clientSecret' of this connection.");
        prepared.Problem.Fault.ShouldBe(DiagnosticFault.Operator);
    }

    [Fact]
    public async Task Login_RefusedWithADescription_SaysItWithoutTheSecret()
    {
        _tokenStatus = 400;
        _tokenAnswer = """{"error":"invalid_client","error_description":"The client secret very-secret-value has expired."}""";
        Preparation prepared = await PrepareAsync();
        prepared.Problem!.Summary.ShouldContain("with status 400 (The client secret ");
        prepared.Problem.Summary.ShouldContain(" has expired.)");
        prepared.Problem.Summary.ShouldNotContain("very-secret-value");
    }

    [Theory]
    [InlineData(503, "{}", "token_unavailable", true)]
    [InlineData(200, "{}", "token_not_understood", true)]
    [InlineData(200, "<html>", "token_not_understood", true)]
    [InlineData(429, "{}", "rate_limited", false)]
    public async Task Login_FailsInPassing_TriedAgainLater(int status, string answer, string code, bool counts)
    {
        _tokenStatus = status;
        _tokenAnswer = answer;
        Preparation prepared = await PrepareAsync();
        prepared.Problem.ShouldBeNull();
        (prepared.RetryCode, prepared.CountsAsAttempt).ShouldBe((code, counts));
        _server.Lines.ShouldBe(["POST /token"]);
    }

    [Fact]
    public async Task Login_OnePermitLeft_IsLeftToTheRequestThatNeedsIt()
    {
        _rig.Budgets.Allowed = 1;
        (await PrepareAsync()).Frozen.ShouldNotBeNull();
        _server.Lines.ShouldBe(["POST /token", "GET /v3/applications?ids=1"]);
    }

    [Fact]
    public async Task Token_RefusedAndNoPermitLeft_IsRenewedForTheNextTry()
    {
        await PrepareAsync(application: 1);
        _valid.Clear();
        _rig.Budgets.Allowed = 2;
        Preparation waiting = await PrepareAsync(application: 2);
        (waiting.RetryAt, waiting.RetryCode, waiting.CountsAsAttempt).ShouldBe((_rig.Budgets.Later, "budget", false));
        _rig.Budgets.Allowed = 4;
        (await PrepareAsync(application: 2)).Frozen.ShouldNotBeNull();
        Logins.ShouldBe(2);
    }

    [Fact]
    public async Task Credentials_Changed_OldTokenNotUsed()
    {
        await PrepareAsync(application: 1);
        _rig.Secrets["clientSecret"] = "another";
        await PrepareAsync(application: 2);
        Logins.ShouldBe(2);
    }

    private async Task AnswerAsync(SeenRequest request, HttpResponse response)
    {
        if (request.PathAndQuery == "/token")
        {
            if (_held)
            {
                await _release.Task;
            }
            string token = $"token-{Interlocked.Increment(ref _tokens)}";
            _valid.Add("Bearer " + token);
            await RemoteServer.Json(response, _tokenAnswer.Replace("{0}", token, StringComparison.Ordinal), _tokenStatus);
        }
        else if (!_valid.Contains(request.Authorization ?? ""))
        {
            await RemoteServer.Json(response, """{"errors":["Invalid token"]}""", 401);
        }
        else
        {
            await RemoteServer.Json(response, """[{"id":1,"candidate_id":2}]""");
        }
    }

    private Task<Preparation> PrepareAsync(string settings = "{}", int application = 1)
    {
        var all = System.Text.Json.Nodes.JsonNode.Parse(settings)!.AsObject();
        all["baseUrl"] = _server.Url + "/v3";
        all["tokenUrl"] = _server.Url + "/token";
        all["noteUserId"] = "1";
        Connection connection = Plugins.Connect(Plugins.Greenhouse, all.ToJsonString());
        JsonElement input = JsonElement.Parse(Encoding.UTF8.GetBytes($$"""{"application_id":"{{application}}","text":"x"}"""));
        return _rig.Client.PrepareAsync(connection, Plugins.Greenhouse.Operations["note.add"], input, "key-1", Stop);
    }
}
