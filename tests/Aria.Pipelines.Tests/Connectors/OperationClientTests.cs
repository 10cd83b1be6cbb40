using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Aria.Pipelines.Connectors;
using Aria.Pipelines.Outbound;
using Microsoft.AspNetCore.Http;

namespace Aria.Pipelines.Tests.Connectors;

/// <summary>Sending and understanding, with ARIA's connector against a loopback server.</summary>
public sealed class OperationClientTests : IAsyncLifetime
{
    private const string Invitation = """{"candidate":{"email":"jane.doe@example.com","name":"Jane Doe","phone":null},"job_id":"job_abc123","interview_kit_id":"kit_xyz789","metadata":{"job_title":"Engineer"}}""";
    private const string Created = """{"interview_id":"int_1","invitation_link":"https://i.example/int_1","status":"invited","expires_at":"2026-01-08T00:00:00Z"}""";

    private readonly ConnectorRig _rig = new();
    private Func<SeenRequest, HttpResponse, Task> _answer = (_, response) => RemoteServer.Json(response, Created, 201);
    private RemoteServer _server = null!;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _server = await RemoteServer.StartAsync((request, response) => _answer(request, response));

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        _rig.Dispose();
    }

    [Fact]
    public async Task InterviewCreate_Request_IsWhatTheGuideDescribes()
    {
        OperationAnswer answer = await SendAsync();
        (answer.Outcome, answer.Status, answer.Reference, answer.Code).ShouldBe((OperationOutcome.Confirmed, 201, "int_1", null));
        JsonElement.DeepEquals(answer.Output!.Value, JsonElement.Parse(Created)).ShouldBeTrue();
        SeenRequest request = _server.Requests.ShouldHaveSingleItem();
        $"{request.Method} {request.PathAndQuery} {request.Authorization}".ShouldBe("POST /v1/interviews Bearer key-1");
        request.Body.ShouldBe("""{"candidate":{"email":"jane.doe@example.com","name":"Jane Doe"},"job_id":"job_abc123","interview_kit_id":"kit_xyz789","send_immediately":true,"external_id":"key-1","metadata":{"job_title":"Engineer"}}""");
        request.Headers.ContainsKey("Idempotency-Key").ShouldBeFalse();
    }

    [Fact]
    public async Task InterviewCreate_KeyedAccount_SendsTheKeyThatWasFrozen()
    {
        await SendAsync("""{"creation":"keyed"}""");
        _server.Requests.ShouldHaveSingleItem().Headers["Idempotency-Key"].ToString().ShouldBe("key-1");
    }

    [Fact]
    public async Task InterviewCreate_LookUp_FoundByExternalIdOrNot()
    {
        Connection connection = Connection();
        byte[] frozen = (await PrepareAsync(connection)).Frozen!;
        _answer = (_, response) => RemoteServer.Json(response, """{"interviews":[],"next_cursor":null}""");
        (await LookUpAsync(connection, frozen)).Outcome.ShouldBe(OperationOutcome.NotFound);
        _answer = (_, response) => RemoteServer.Json(response, """{"interviews":[{"interview_id":"int_1","status":"started","external_id":"key-1"}]}""");
        OperationAnswer found = await LookUpAsync(connection, frozen);
        (found.Outcome, found.Reference).ShouldBe((OperationOutcome.Confirmed, "int_1"));
        found.Output!.Value.GetRawText().ShouldBe("""{"interview_id":"int_1","invitation_link":null,"status":"started","expires_at":null}""");
        _server.Lines.ShouldAllBe(l => l == "GET /v1/interviews?external_id=key-1");
        _rig.Budgets.Taken.ShouldBe(0);
    }

    [Theory]
    [InlineData(200, """{"data":[]}""", OperationOutcome.Unknown, "answer_not_understood")]
    [InlineData(404, "{}", OperationOutcome.Unknown, "remote_rejected")]
    [InlineData(500, "{}", OperationOutcome.Unknown, "remote_error")]
    [InlineData(429, "{}", OperationOutcome.RateLimited, "rate_limited")]
    public async Task LookUp_WithoutAClearAnswer_NeverSaysNotFound(int status, string body, object outcome, string code)
    {
        Connection connection = Connection();
        byte[] frozen = (await PrepareAsync(connection)).Frozen!;
        _answer = (_, response) => RemoteServer.Json(response, body, status);
        OperationAnswer answer = await LookUpAsync(connection, frozen);
        (answer.Outcome, answer.Code).ShouldBe(((OperationOutcome)outcome, code));
    }

    [Theory]
    [InlineData(400, OperationOutcome.Rejected, "remote_rejected", "candidate.email is not valid")]
    [InlineData(401, OperationOutcome.Rejected, "unauthorized", "candidate.email is not valid")]
    [InlineData(409, OperationOutcome.Rejected, "remote_rejected", "candidate.email is not valid")]
    [InlineData(307, OperationOutcome.Rejected, "redirect_refused", null)]
    [InlineData(408, OperationOutcome.Unknown, "remote_error", "candidate.email is not valid")]
    [InlineData(503, OperationOutcome.Unknown, "remote_error", "candidate.email is not valid")]
    public async Task Send_Refusal_ClassifiedWithTheRemoteMessage(int status, object outcome, string code, string? message)
    {
        _answer = (_, response) =>
        {
            response.Headers.Location = "http://169.254.169.254/";
            response.Headers.SetCookie = "session=1";
            return RemoteServer.Json(response, """{"error":{"code":"invalid_request","message":"candidate.email is not valid"}}""", status);
        };
        OperationAnswer answer = await SendAsync();
        (answer.Outcome, answer.Code, answer.Message, answer.Status).ShouldBe(((OperationOutcome)outcome, code, message, status));
        _server.Requests.Count.ShouldBe(status == 401 ? 2 : 1, "a refused login is renewed once");
        JsonElement record = JsonElement.Parse(answer.Response!);
        record.GetProperty("status").GetInt32().ShouldBe(status);
        record.GetProperty("headers").TryGetProperty("set-cookie", out _).ShouldBeFalse();
        record.GetProperty("headers").GetProperty("content-type").GetString().ShouldBe("application/json");
    }

    [Fact]
    public async Task Send_RateLimited_BlocksTheBudgetAsLongAsTheTargetSays()
    {
        _answer = (_, response) =>
        {
            response.Headers.RetryAfter = "120";
            response.Headers["X-RateLimit-Remaining"] = "0";
            return RemoteServer.Json(response, "{}", 429);
        };
        OperationAnswer answer = await SendAsync();
        DateTimeOffset until = _rig.Time.GetUtcNow().AddSeconds(120);
        (answer.Outcome, answer.RetryAt).ShouldBe((OperationOutcome.RateLimited, until));
        _rig.Budgets.Blocks.ShouldBe([until]);
        _rig.Budgets.Remaining.ShouldBe([0]);
    }

    [Theory]
    [InlineData("not json")]
    [InlineData("""{"status":"invited"}""")]
    [InlineData("[]")]
    public async Task Send_SuccessThatCannotBeRead_IsUnknownAndNotConfirmed(string body)
    {
        _answer = (_, response) => RemoteServer.Json(response, body, 201);
        OperationAnswer answer = await SendAsync();
        (answer.Outcome, answer.Code).ShouldBe((OperationOutcome.Unknown, "answer_not_understood"));
        answer.Output.ShouldBeNull();
    }

    [Fact]
    public async Task Send_SecretEchoedByTheTarget_MaskedInTheRecordAndMessage()
    {
        _answer = (_, response) => RemoteServer.Json(response, """{"error":{"message":"bad key key-1"}}""", 403);
        OperationAnswer answer = await SendAsync();
        answer.Message.ShouldBe("bad key ***");
        Encoding.UTF8.GetString(answer.Response!).ShouldNotContain("key-1");
    }

    [Fact]
    public async Task Send_LongAnswer_RecordKeepsFourKibibytes()
    {
        _answer = (_, response) => RemoteServer.Json(response, """{"error":{"message":"@"}}""".Replace("@", new string('x', 9000), StringComparison.Ordinal), 400);
        OperationAnswer answer = await SendAsync();
        JsonElement record = JsonElement.Parse(answer.Response!);
        record.GetProperty("body").GetString()!.Length.ShouldBe(4096);
        record.GetProperty("bodyLength").GetInt32().ShouldBe(9000 + """{"error":{"message":""}}""".Length);
        answer.Message!.Length.ShouldBe(501);
    }

    [Fact]
    public async Task Send_NobodyListening_NotSent()
    {
        // Bound without listening: a port that was given back may be another test's by now.
        using var silent = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        silent.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        Connection connection = Connection($$"""{"baseUrl":"http://{{silent.LocalEndPoint}}/v1/"}""");
        byte[] frozen = (await PrepareAsync(connection)).Frozen!;
        OperationAnswer answer = await _rig.Client.SendAsync(connection, Operation, JsonElement.Parse(Invitation), frozen, null, Stop);
        (answer.Outcome, answer.Code, answer.Response).ShouldBe((OperationOutcome.NotSent, "not_connected", null));
    }

    [Fact]
    public async Task Send_ConnectionLostAfterTheRequest_Unknown()
    {
        _answer = (_, response) =>
        {
            response.HttpContext.Abort();
            return Task.CompletedTask;
        };
        OperationAnswer answer = await SendAsync();
        (answer.Outcome, answer.Code).ShouldBe((OperationOutcome.Unknown, "connection_lost"));
        _server.Requests.Count.ShouldBe(1);
    }

    [Fact]
    public async Task Send_TargetNotAllowed_RejectedForGood()
    {
        Connection connection = Connection() with { Policy = TargetPolicy.PublicHttpsOnly };
        byte[] frozen = (await PrepareAsync(connection)).Frozen!;
        OperationAnswer answer = await _rig.Client.SendAsync(connection, Operation, JsonElement.Parse(Invitation), frozen, null, Stop);
        (answer.Outcome, answer.Code).ShouldBe((OperationOutcome.Rejected, "plain_http_refused"));
    }

    [Fact]
    public async Task Send_SecretMissing_NotSentAndSaysHowToProvideIt()
    {
        Connection connection = Connection();
        byte[] frozen = (await PrepareAsync(connection)).Frozen!;
        _rig.Secrets.Remove("apiKey");
        OperationAnswer answer = await _rig.Client.SendAsync(connection, Operation, JsonElement.Parse(Invitation), frozen, null, Stop);
        (answer.Outcome, answer.Code).ShouldBe((OperationOutcome.NotSent, "secret_not_found"));
        answer.Message.ShouldBe("Secret 'apiKey' of connection 'ats' (setting 'apiKey') is missing or empty. Provide it here: entry 'apiKey' of the secrets in memory.");
        _server.Requests.ShouldBeEmpty();
    }

    [Fact]
    public async Task Send_RotatedSecret_UsedAtOnce()
    {
        Connection connection = Connection();
        byte[] frozen = (await PrepareAsync(connection)).Frozen!;
        _rig.Secrets["apiKey"] = "key-2";
        await _rig.Client.SendAsync(connection, Operation, JsonElement.Parse(Invitation), frozen, null, Stop);
        _server.Requests.ShouldHaveSingleItem().Authorization.ShouldBe("Bearer key-2");
    }

    [Theory]
    [InlineData("jane doe@example.com")]
    [InlineData("jane.doe")]
    [InlineData("jane@@example.com")]
    public async Task Prepare_InvalidEmail_NamesTheMember(string email)
    {
        JsonObject input = JsonNode.Parse(Invitation)!.AsObject();
        input["candidate"]!["email"] = email;
        Preparation prepared = await _rig.Client.PrepareAsync(Connection(), Operation, JsonElement.Parse(input.ToJsonString()), "key-1", Stop);
        prepared.Problem!.Code.ShouldBe("input_invalid");
        prepared.Problem.Summary.ShouldStartWith("Input of 'ats.interview.create' is not valid. 'candidate.email': ");
        prepared.Problem.Summary.ShouldNotContain(email);
    }

    [Fact]
    public async Task Prepare_IdThatIsNoSegment_EscapedOrRefused()
    {
        ConnectorOperation get = Plugins.Aria.Operations["interview.get"];
        Preparation escaped = await _rig.Client.PrepareAsync(Connection(), get, JsonElement.Parse("""{"interview_id":"a/b?c=%2e&é"}"""), "k", Stop);
        FrozenRequest.FromBytes(escaped.Frozen!).Url.ShouldEndWith("/v1/interviews/a%2Fb%3Fc%3D%252e%26%C3%A9");
        Preparation refused = await _rig.Client.PrepareAsync(Connection(), get, JsonElement.Parse("""{"interview_id":".."}"""), "k", Stop);
        refused.Problem!.ToString().ShouldBe("error invalid_path: The path '/interviews/..' has an empty or dotted segment: a value in it is missing or is not an id. Connection 'ats'.");
    }

    private static ConnectorOperation Operation => Plugins.Aria.Operations["interview.create"];

    private Connection Connection(string settings = "{}")
    {
        JsonObject all = JsonNode.Parse(settings)!.AsObject();
        all.TryAdd("baseUrl", _server.Url + "/v1/");
        return Plugins.Connect(Plugins.Aria, all.ToJsonString());
    }

    private Task<Preparation> PrepareAsync(Connection connection) =>
        _rig.Client.PrepareAsync(connection, Operation, JsonElement.Parse(Invitation), "key-1", Stop);

    private Task<OperationAnswer> LookUpAsync(Connection connection, byte[] frozen) =>
        _rig.Client.LookUpAsync(connection, Operation, JsonElement.Parse(Invitation), "key-1", frozen, Stop);

    private async Task<OperationAnswer> SendAsync(string settings = "{}")
    {
        Connection connection = Connection(settings);
        Preparation prepared = await PrepareAsync(connection);
        prepared.Problem.ShouldBeNull();
        return await _rig.Client.SendAsync(connection, Operation, JsonElement.Parse(Invitation), prepared.Frozen!, null, Stop);
    }
}
