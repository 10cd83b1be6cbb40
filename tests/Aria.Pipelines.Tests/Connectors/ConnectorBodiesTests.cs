using System.Text;
using System.Text.Json;
using Aria.Pipelines.Abstractions;
using Aria.Pipelines.Connectors;

namespace Aria.Pipelines.Tests.Connectors;

/// <summary>A connector whose code writes bodies and reads answers, and adds a password to the body that nothing keeps.</summary>
public sealed class ConnectorBodiesTests : IDisposable
{
    private const string Definition = """
        { "connector": "spoken", "version": "1.0.0", "contract": 1, "title": "Spoken",
          "settings": { "baseUrl": { "type": "string" }, "apiKey": { "type": "secret" } },
          "http": { "baseUrl": "{{ settings.baseUrl }}", "format": "code", "auth": "code",
            "errors": [ { "status": 500, "when": "response.body.said === 'no'", "is": "rejected", "message": "/said" } ] },
          "operations": { "thing.say": { "effect": "unsafe", "input": { "type": "object" },
            "request": { "method": "POST", "path": "/say", "headers": { "Content-Type": "text/plain" }, "body": { "say": "{{ input.say }}" } },
            "output": { "said": "{{ response.body.said }}" }, "sample": { "said": "x" } } } }
        """;

    private readonly ConnectorRig _rig = new();

    public void Dispose() => _rig.Dispose();

    [Fact]
    public async Task Operation_WrittenAndReadByCode_PasswordOnlyInWhatIsSent()
    {
        await using RemoteServer server = await RemoteServer.StartAsync((_, response) => RemoteServer.Text(response, "well"));
        (OperationAnswer answer, byte[] frozen) = await SayAsync(server.Url, "hello");
        answer.Outcome.ShouldBe(OperationOutcome.Confirmed, answer.Message);
        answer.Output!.Value.GetRawText().ShouldBe("""{"said":"well"}""");
        server.Requests.ShouldHaveSingleItem().Body.ShouldBe("say hello with key-1");
        Encoding.UTF8.GetString(FrozenRequest.FromBytes(frozen).Body).ShouldBe("say hello");
    }

    [Theory]
    [InlineData("no", OperationOutcome.Rejected, "no")]
    [InlineData("perhaps", OperationOutcome.Unknown, null)]
    public async Task Answer_WithStatus500_ClassifiedByWhatItSays(string said, object outcome, string? message)
    {
        await using RemoteServer server = await RemoteServer.StartAsync((_, response) => RemoteServer.Text(response, said, 500));
        (OperationAnswer answer, _) = await SayAsync(server.Url, "hello");
        (answer.Outcome, answer.Message).ShouldBe(((OperationOutcome)outcome, message));
    }

    [Fact]
    public async Task Answer_ThatCodeCannotRead_IsUnknown()
    {
        await using RemoteServer server = await RemoteServer.StartAsync((_, response) => RemoteServer.Text(response, "?"));
        (OperationAnswer answer, _) = await SayAsync(server.Url, "hello");
        (answer.Outcome, answer.Code).ShouldBe((OperationOutcome.Unknown, "answer_not_understood"));
    }

    [Fact]
    public async Task Body_ThatCodeCannotWrite_IsNotSent()
    {
        Connection connection = Connect("http://127.0.0.1:1");
        Preparation prepared = await _rig.Client.PrepareAsync(connection, connection.Connector.Operations["thing.say"], JsonElement.Parse("""{"say":""}"""), "k", TestContext.Current.CancellationToken);
        prepared.Problem.ShouldNotBeNull().ToString().ShouldStartWith("error invalid_body: There is nothing to say.");
    }

    private async Task<(OperationAnswer Answer, byte[] Frozen)> SayAsync(string url, string words)
    {
        Connection connection = Connect(url);
        ConnectorOperation operation = connection.Connector.Operations["thing.say"];
        JsonElement input = JsonElement.Parse($$"""{"say":"{{words}}"}""");
        Preparation prepared = await _rig.Client.PrepareAsync(connection, operation, input, "k", TestContext.Current.CancellationToken);
        return (await _rig.Client.SendAsync(connection, operation, input, prepared.Frozen!, null, TestContext.Current.CancellationToken), prepared.Frozen!);
    }

    private static Connection Connect(string url) =>
        Plugins.Connect(Plugins.Read(new TestFolder(Definition), new Spoken()), JsonSerializer.Serialize(new Dictionary<string, string> { ["baseUrl"] = url }));

    private sealed class Spoken : ITranslatesBodies, IAuthenticates
    {
        public ReadOnlyMemory<byte> Write(JsonElement body) => body.GetProperty("say").GetString() is { Length: > 0 } words
            ? Encoding.UTF8.GetBytes($"say {words}")
            : throw new FormatException("There is nothing to say.");

        public JsonElement Read(ConnectorResponse response) => Encoding.UTF8.GetString(response.Body.Span) is not "?" and var said
            ? JsonElement.Parse($$"""{"said":"{{said}}"}""")
            : throw new InvalidDataException();

        public ValueTask<ConnectorRequest> AuthenticateAsync(ConnectorRequest request, IConnectorHost host, bool refresh, CancellationToken cancellationToken) =>
            new(request with { Body = Encoding.UTF8.GetBytes($"{Encoding.UTF8.GetString(request.Body.Span)} with {host.Secret("apiKey")[0]}") });
    }
}
