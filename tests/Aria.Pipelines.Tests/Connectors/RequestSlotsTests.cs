using System.Text.Json;
using Aria.Pipelines.Connectors;

namespace Aria.Pipelines.Tests.Connectors;

/// <summary>A system that takes few requests at once, over a socket: never more are under way, all are made, and nobody waits for ever.</summary>
public sealed class RequestSlotsTests : IAsyncLifetime
{
    private const string Definition = """
        {
          "connector": "slow", "version": "1.0.0", "contract": 1, "title": "Slow", "settings": { "baseUrl": { "type": "string", "required": true } },
          "http": { "baseUrl": "{{ settings.baseUrl }}", "limits": { "requests": 1000, "per": "1s", "concurrent": 2 } },
          "operations": { "thing.get": { "effect": "read", "input": { "type": "object", "properties": {} }, "request": { "method": "GET", "path": "/things" }, "output": { "done": true }, "sample": { "done": true } } }
        }
        """;

    private readonly ConnectorRig _rig = new();
    private readonly SemaphoreSlim _answer = new(0);
    private readonly SemaphoreSlim _arrived = new(0);
    private RemoteServer _server = null!;
    private int _underWay;
    private int _most;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _server = await RemoteServer.StartAsync(async (_, response) =>
    {
        int now = Interlocked.Increment(ref _underWay);
        _most = Math.Max(_most, now);
        _arrived.Release();
        await _answer.WaitAsync();
        Interlocked.Decrement(ref _underWay);
        await RemoteServer.Json(response, "{}");
    });

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        _rig.Dispose();
        _answer.Dispose();
        _arrived.Dispose();
    }

    [Fact]
    public async Task Send_ManyAtOnce_NeverMoreUnderWayThanTheSystemTakes()
    {
        Connection connection = Connect();
        Task<OperationAnswer>[] all = [.. Enumerable.Range(0, 6).Select(_ => SendAsync(connection))];

        for (int i = 0; i < all.Length; i++)
        {
            await _arrived.WaitAsync(Stop);
            _answer.Release();
        }

        (await Task.WhenAll(all)).ShouldAllBe(a => a.Outcome == OperationOutcome.Confirmed);
        _most.ShouldBeLessThanOrEqualTo(2);
        _server.Requests.Count.ShouldBe(6);
    }

    [Fact]
    public async Task Send_NobodyIsDone_IsPutOffAndWasNeverSent()
    {
        Connection connection = Connect();
        Task<OperationAnswer>[] stuck = [SendAsync(connection), SendAsync(connection)];
        await _arrived.WaitAsync(Stop);
        await _arrived.WaitAsync(Stop);
        Task<OperationAnswer> third = SendAsync(connection);

        // The clock of the rig stands still: it is moved until the third has waited long enough.
        while (!third.IsCompleted)
        {
            _rig.Time.Advance(TimeSpan.FromSeconds(1));
            await Task.Yield();
        }

        OperationAnswer answer = await third;
        (answer.Outcome, answer.Code).ShouldBe((OperationOutcome.RateLimited, "budget"));
        answer.RetryAt.ShouldNotBeNull();
        _server.Requests.Count.ShouldBe(2);
        _answer.Release(2);
        (await Task.WhenAll(stuck)).ShouldAllBe(a => a.Outcome == OperationOutcome.Confirmed);
        _answer.Release();
        (await SendAsync(connection)).Outcome.ShouldBe(OperationOutcome.Confirmed);
    }

    private Connection Connect() => Plugins.Connect(Plugins.Read(new TestFolder(Definition)), $$"""{"baseUrl":"{{_server.Url}}"}""");

    private async Task<OperationAnswer> SendAsync(Connection connection)
    {
        ConnectorOperation operation = connection.Connector.Operations["thing.get"];
        JsonElement input = JsonElement.Parse("{}");
        Preparation prepared = await _rig.Client.PrepareAsync(connection, operation, input, "k", Stop);
        return await _rig.Client.SendAsync(connection, operation, input, prepared.Frozen.ShouldNotBeNull(prepared.Problem?.ToString()), null, Stop);
    }
}
