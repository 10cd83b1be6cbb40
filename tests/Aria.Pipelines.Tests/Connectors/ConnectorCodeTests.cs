using System.Text;
using System.Text.Json;
using Aria.Pipelines.Abstractions;
using Aria.Pipelines.Connectors;

namespace Aria.Pipelines.Tests.Connectors;

/// <summary>The code half of a connector: each ability is used where the definition says so, and its exceptions never get out.</summary>
public sealed class ConnectorCodeTests : IDisposable
{
    private const string Definition = """
        { "connector": "coded", "version": "1.0.0", "contract": 1, "title": "Coded",
          "settings": { "baseUrl": { "type": "string", "default": "http://127.0.0.1:1" }, "apiKey": { "type": "secret" } },
          "http": { "baseUrl": "{{ settings.baseUrl }}", "auth": "code" },
          "webhook": { "signature": "code", "decode": "code", "type": "/type" },
          "events": { "thing.made": { "wireType": "made", "subject": "thing:{{ payload.id }}", "canonical": { "id_of_thing": "{{ payload.id }}" }, "samples": ["made.txt"] } },
          "operations": { "thing.make": { "effect": "unsafe", "input": { "type": "object" }, "request": "code", "sample": { "ok": true } } } }
        """;

    private readonly ConnectorRig _rig = new();
    private readonly Coded _code = new();

    public void Dispose() => _rig.Dispose();

    [Fact]
    public void Delivery_VerifiedAndDecodedByCode()
    {
        Reception reception = _rig.Receiver.Receive(Connection(), Delivery("secret=key-1;7;8"));
        reception.RejectStatus.ShouldBeNull();
        reception.Events.Select(e => (e.Type, e.Subject)).ShouldBe([("thing.made", "thing:7"), ("thing.made", "thing:8")]);
        (_rig.Receiver.Receive(Connection(), Delivery("secret=other;7")).RejectCode).ShouldBe("signature_invalid");
    }

    [Fact]
    public void Delivery_CodeThrows_RefusedOrQuarantined()
    {
        _code.Throw = true;
        Reception refused = _rig.Receiver.Receive(Connection(), Delivery("x"));
        (refused.RejectStatus, refused.RejectCode).ShouldBe((500, "connector_failed"));
        DecodedEvent decoded = _rig.Receiver.Decode(Connection(), Delivery("x")).Events.ShouldHaveSingleItem();
        decoded.QuarantineCode.ShouldBe("connector_failed");
        decoded.Body.ShouldBe("x"u8.ToArray());
    }

    [Fact]
    public async Task Operation_PreparedAuthenticatedAndReadByCode()
    {
        await using RemoteServer server = await RemoteServer.StartAsync((request, response) =>
            request.Authorization == "Custom key-1 again" ? RemoteServer.Json(response, "[1]") : RemoteServer.Json(response, "{}", 401));
        Connection connection = Connection(server.Url);
        ConnectorOperation operation = connection.Connector.Operations["thing.make"];
        JsonElement input = JsonElement.Parse("""{"a":1}""");
        Preparation prepared = await _rig.Client.PrepareAsync(connection, operation, input, "k", TestContext.Current.CancellationToken);
        OperationAnswer answer = await _rig.Client.SendAsync(connection, operation, input, prepared.Frozen!, null, TestContext.Current.CancellationToken);
        answer.Outcome.ShouldBe(OperationOutcome.Confirmed);
        answer.Output!.Value.GetRawText().ShouldBe("""{"read":"[1]"}""");
        server.Requests.Select(r => r.Body).ShouldBe(["""made {"a":1}""", """made {"a":1}"""]);
        Encoding.UTF8.GetString(prepared.Frozen!).ShouldNotContain("key-1");
    }

    [Fact]
    public async Task Operation_CodeThrows_StepFailsWithCode()
    {
        _code.Throw = true;
        Connection connection = Connection();
        ConnectorOperation operation = connection.Connector.Operations["thing.make"];
        Preparation prepared = await _rig.Client.PrepareAsync(connection, operation, JsonElement.Parse("{}"), "k", TestContext.Current.CancellationToken);
        prepared.Problem!.ToString().ShouldBe("error connector_failed: Code of connector 'coded' failed while it prepared a request of 'thing.make'. It threw System.IO.InvalidDataException.");
        prepared.Problem.Fault.ShouldBe(DiagnosticFault.Connector);
    }

    [Fact]
    public void Plan_CodeSeesNoSecretsAndCannotSend()
    {
        Connection connection = Connection();
        Preparation plan = _rig.Client.PrepareOffline(connection, connection.Connector.Operations["thing.make"], JsonElement.Parse("{}"), "k");
        plan.Frozen.ShouldNotBeNull();
        _code.SecretsSeen.ShouldBe(0);
    }

    private Connection Connection(string url = "http://127.0.0.1:1") =>
        Plugins.Connect(Plugins.Read(new TestFolder(Definition).With("made.txt", "7"), _code), JsonSerializer.Serialize(new Dictionary<string, string> { ["baseUrl"] = url }));

    private static Delivery Delivery(string body) =>
        new("POST", new Dictionary<string, IReadOnlyList<string>>(), new Dictionary<string, IReadOnlyList<string>>(), Encoding.UTF8.GetBytes(body), DateTimeOffset.UnixEpoch);

    private sealed class Coded : IVerifiesDeliveries, IDecodesDeliveries, IPreparesRequests, IAuthenticates
    {
        public bool Throw { get; set; }

        public int SecretsSeen { get; private set; }

        public bool Verify(Delivery delivery, IConnectorHost host)
        {
            Fail();
            return Encoding.UTF8.GetString(delivery.Body.Span).StartsWith($"secret={host.Secret("apiKey")[0]};", StringComparison.Ordinal);
        }

        public IReadOnlyList<JsonElement> Decode(Delivery delivery, IConnectorHost host)
        {
            Fail();
            return [.. Encoding.UTF8.GetString(delivery.Body.Span).Split(';').Skip(1).Select(id => JsonElement.Parse($$"""{"type":"made","id":{{id}}}"""))];
        }

        public ConnectorRequest Prepare(string operation, JsonElement input, IConnectorHost host)
        {
            Fail();
            SecretsSeen = host.Secret("apiKey").Count;
            return new ConnectorRequest("POST", new Uri(host.Settings.GetProperty("baseUrl").GetString() + "/things"), [], Encoding.UTF8.GetBytes("made " + input.GetRawText()));
        }

        public JsonElement Read(string operation, JsonElement input, ConnectorResponse response, IConnectorHost host) =>
            JsonElement.Parse(JsonSerializer.Serialize(new Dictionary<string, string> { ["read"] = Encoding.UTF8.GetString(response.Body.Span) }));

        public ValueTask<ConnectorRequest> AuthenticateAsync(ConnectorRequest request, IConnectorHost host, bool refresh, CancellationToken cancellationToken)
        {
            string again = refresh ? " again" : "";
            return new(request with
            {
                Url = new Uri("http://127.0.0.1:1/elsewhere"),
                Body = "changed"u8.ToArray(),
                Headers = [.. request.Headers, new("Authorization", $"Custom {host.Secret("apiKey")[0]}{again}")],
            });
        }

        private void Fail()
        {
            if (Throw)
            {
                throw new InvalidDataException("secret things");
            }
        }
    }
}
