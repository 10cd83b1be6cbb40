using System.Text.Json;
using Aria.Pipelines.Connectors;

namespace Aria.Pipelines.Tests.Connectors;

/// <summary>No read is answered with what is older than a change of ours, not even while the change is under way.</summary>
public sealed class ReadsDuringWritesTests : IDisposable
{
    private const string Definition = """
        { "connector": "book", "version": "1.0.0", "contract": 1, "title": "Book", "settings": { "baseUrl": { "type": "string" } }, "http": { "baseUrl": "{{ settings.baseUrl }}" },
          "operations": {
            "page.get": { "effect": "read", "input": {}, "output": "{{ reads.page }}", "sample": {},
              "reads": [ { "id": "page", "request": { "method": "GET", "path": "/page" }, "cache": { "for": "5m", "subject": "page:1" }, "sample": {} } ] },
            "page.set": { "effect": "idempotent", "input": {}, "request": { "method": "PUT", "path": "/page" }, "output": {}, "sample": {}, "touches": ["page:1"] } } }
        """;

    private readonly ConnectorRig _rig = new();
    private int _page;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Read_WhileOurChangeIsUnderWay_AsksAndIsNotKept()
    {
        int? during = null;
        Connection connection = null!;
        await using RemoteServer server = await RemoteServer.StartAsync(async (request, response) =>
        {
            if (request.Method == "PUT")
            {
                // The change is made, and its answer is still on its way when somebody reads.
                _page++;
                during = await ReadAsync(connection);
            }
            await RemoteServer.Json(response, JsonSerializer.Serialize(_page));
        });
        connection = Connect(server);
        (await ReadAsync(connection)).ShouldBe(0);
        (await ReadAsync(connection)).ShouldBe(0);
        server.Lines.ShouldBe(["GET /page"]);

        (await ChangeAsync(connection)).ShouldBe(OperationOutcome.Confirmed);
        during.ShouldBe(1);
        _rig.Time.Advance(TimeSpan.FromSeconds(1));
        (await ReadAsync(connection)).ShouldBe(1);
        (await ReadAsync(connection)).ShouldBe(1);
        server.Lines.ShouldBe(["GET /page", "PUT /page", "GET /page", "GET /page"]);
    }

    [Fact]
    public async Task Read_AfterAChangeOfUnknownOutcome_Asks()
    {
        await using RemoteServer server = await RemoteServer.StartAsync((request, response) =>
        {
            if (request.Method == "PUT")
            {
                _page++;
                response.HttpContext.Abort();
                return Task.CompletedTask;
            }
            return RemoteServer.Json(response, JsonSerializer.Serialize(_page));
        });
        Connection connection = Connect(server);
        (await ReadAsync(connection)).ShouldBe(0);
        (await ChangeAsync(connection)).ShouldBe(OperationOutcome.Unknown);

        (await ReadAsync(connection)).ShouldBe(1);
    }

    public void Dispose() => _rig.Dispose();

    private static Connection Connect(RemoteServer server) =>
        Plugins.Connect(Plugins.Read(new TestFolder(Definition)), JsonSerializer.Serialize(new Dictionary<string, string> { ["baseUrl"] = server.Url }));

    private async Task<int> ReadAsync(Connection connection) => (await SendAsync(connection, "page.get")).Output!.Value.GetInt32();

    private async Task<OperationOutcome> ChangeAsync(Connection connection) => (await SendAsync(connection, "page.set")).Outcome;

    private async Task<OperationAnswer> SendAsync(Connection connection, string name)
    {
        ConnectorOperation operation = connection.Connector.Operations[name];
        Preparation prepared = await _rig.Client.PrepareAsync(connection, operation, JsonElement.Parse("{}"), "key-1", Stop);
        return await _rig.Client.SendAsync(connection, operation, JsonElement.Parse("{}"), prepared.Frozen.ShouldNotBeNull(prepared.Problem?.ToString()), null, Stop);
    }
}
