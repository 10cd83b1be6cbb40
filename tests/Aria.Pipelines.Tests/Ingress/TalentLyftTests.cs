using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Aria.Pipelines.Abstractions;
using Aria.Pipelines.Connectors;
using Aria.Pipelines.Tests.Connectors;
using Microsoft.AspNetCore.Http;

namespace Aria.Pipelines.Tests.Ingress;

/// <summary>
/// A system that was not known before, added as a folder from its public documentation (developers.talentlyft.com), against a server
/// that refuses what that documentation refuses: bearer and Content-Type on every call, validation with 422.
/// </summary>
public sealed class TalentLyftTests : IAsyncLifetime
{
    private const string Secret = "d6376ec0-acfc-4820-8eb2-350454b66075";

    private readonly ConnectorRig _rig = new();
    private readonly Connector _connector = Connectors.Plugins.Read(PollRig.Folder("TalentLyft"));
    private RemoteServer _server = null!;
    private bool _isGone;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _server = await RemoteServer.StartAsync(AnswerAsync);
        (_rig.Secrets["apiToken"], _rig.Secrets["hubSecret"]) = ("token-1", Secret);
    }

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        _rig.Dispose();
    }

    [Fact]
    public void Notification_SignedAsDocumented_IsOneEventHoweverOftenItIsDelivered()
    {
        byte[] first = Sample("moved");
        byte[] again = Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(first).Replace("\"DeliveryAttempts\": 1", "\"DeliveryAttempts\": 2", StringComparison.Ordinal));
        DecodedEvent one = Receive(first, Sign(first)).Events.ShouldHaveSingleItem();
        DecodedEvent two = Receive(again, Sign(again)).Events.ShouldHaveSingleItem();
        (one.Type, one.Subject).ShouldBe(("application.stage_changed", "application:7"));
        two.DedupeKey.ShouldBe(one.DedupeKey);
        Receive(again, Sign(first)).RejectCode.ShouldBe("signature_invalid");
        Receive(first, Sign(first)["sha1=".Length..]).RejectCode.ShouldBe("signature_invalid");
    }

    [Theory]
    [InlineData(false, "Phone Screen", "ada@example.com")]
    [InlineData(true, null, null)]
    public async Task Event_CompletedByARead_SaysWhatTheSystemSaysNow(bool isGone, string? stage, string? email)
    {
        _isGone = isGone;
        Connection connection = Connect();
        ConnectorEvent moved = _connector.Events["application.stage_changed"];
        JsonElement payload = JsonElement.Parse(Sample("moved"));
        ConnectorOperation enrich = moved.Enrich.ShouldNotBeNull();
        Preparation prepared = await _rig.Client.PrepareAsync(connection, enrich, payload, "", Stop);
        OperationAnswer answer = await _rig.Client.SendAsync(connection, enrich, payload, prepared.Frozen.ShouldNotBeNull(prepared.Problem?.ToString()), null, Stop);
        _server.Lines.ShouldBe(["GET /v2/candidates/7"]);
        JsonElement canonical = _rig.Receiver.Canonical(connection, moved.Type, "e-1", Sample("moved"), answer.Output);
        JsonElement application = canonical.GetProperty("application");
        (application.GetProperty("id").GetString(), application.GetProperty("stage").GetProperty("name").GetString(), canonical.GetProperty("candidate").GetProperty("email_canonical").GetString()).ShouldBe(("7", stage, email));
        canonical.GetProperty("candidate").GetProperty("name").GetString().ShouldBe("Ada Byron");
    }

    [Fact]
    public async Task Event_WhoseReadIsRefused_IsNotCompletedAndSaysWhy()
    {
        _rig.Secrets["apiToken"] = "another";
        Preparation prepared = await _rig.Client.PrepareAsync(Connect(), _connector.Events["application.created"].Enrich!, JsonElement.Parse(Sample("applied")), "", Stop);
        prepared.Problem.ShouldNotBeNull().ToString().ShouldBe("error unauthorized: 'ats.application.created.enrich' could not read 'candidate' (status 401): Authorization has been denied");
    }

    [Theory]
    [InlineData("""{"first_name":"Grace","last_name":"Hopper","job_id":3}""", OperationOutcome.Confirmed, "8", null)]
    [InlineData("""{"first_name":"","last_name":"Hopper"}""", OperationOutcome.Rejected, null, "'FirstName' should not be empty.")]
    public async Task Candidate_Created_OrRefusedWithTheReasonOfTheSystem(string input, object outcome, string? id, string? message)
    {
        Connection connection = Connect();
        ConnectorOperation create = _connector.Operations["candidate.create"];
        JsonElement given = JsonElement.Parse(input);
        Preparation prepared = await _rig.Client.PrepareAsync(connection, create, given, "k", Stop);
        OperationAnswer answer = await _rig.Client.SendAsync(connection, create, given, prepared.Frozen.ShouldNotBeNull(prepared.Problem?.ToString()), null, Stop);
        (answer.Outcome, answer.Reference, answer.Message).ShouldBe(((OperationOutcome)outcome, id, message));
    }

    private static string Sign(byte[] body)
    {
#pragma warning disable CA5350 // What the system signs with.
        return "sha1=" + Convert.ToHexStringLower(HMACSHA1.HashData(Encoding.UTF8.GetBytes(Secret), body));
#pragma warning restore CA5350
    }

    private static byte[] Sample(string name) => PollRig.Folder("TalentLyft").Read($"samples/{name}.json").ShouldNotBeNull();

    private Connection Connect() => Connectors.Plugins.Connect(_connector, $$"""{"baseUrl":"{{_server.Url}}/v2"}""");

    private Reception Receive(byte[] body, string signature) => _rig.Receiver.Receive(Connect(), new Delivery("POST",
        new Dictionary<string, IReadOnlyList<string>> { ["X-TL-Signature"] = [signature] }, new Dictionary<string, IReadOnlyList<string>>(), body, _rig.Time.GetUtcNow()));

    private Task AnswerAsync(SeenRequest request, HttpResponse response)
    {
        if (request.Authorization != "Bearer token-1")
        {
            return RemoteServer.Json(response, """{"Message":"Authorization has been denied"}""", 401);
        }
        if (!request.Headers.ContentType.ToString().StartsWith("application/json", StringComparison.Ordinal))
        {
            return RemoteServer.Json(response, """{"Message":"Content-Type is missing"}""", 415);
        }
        switch (request.Method, request.PathAndQuery)
        {
            case ("GET", "/v2/candidates/7") when !_isGone:
                return RemoteServer.Json(response, """{"Id":7,"FirstName":"Ada","LastName":"Byron","Email":"Ada@example.com","JobId":3,"StageId":12,"Stage":{"Name":"Phone Screen"}}""");
            case ("POST", "/v2/candidates"):
                JsonObject body = JsonNode.Parse(request.Body)!.AsObject();
                string[] known = ["FirstName", "LastName", "JobId", "StageId", "Applied", "IsProspect"];
                string? unknown = body.Select(m => m.Key).FirstOrDefault(k => !known.Contains(k));
                return unknown is not null ? Invalid(response, unknown, $"'{unknown}' is not known.")
                    : body["FirstName"]?.GetValue<string>() is not { Length: > 0 } ? Invalid(response, "FirstName", "'FirstName' should not be empty.")
                    : RemoteServer.Json(response, """{"Id":8}""", 201);
            default:
                return RemoteServer.Json(response, """{"Message":"Not found"}""", 404);
        }
    }

    private static Task Invalid(HttpResponse response, string field, string message) =>
        RemoteServer.Json(response, new JsonObject { ["Message"] = "Validation Failed", ["Errors"] = new JsonArray(new JsonObject { ["Field"] = field, ["Message"] = message }) }.ToJsonString(), 422);
}
