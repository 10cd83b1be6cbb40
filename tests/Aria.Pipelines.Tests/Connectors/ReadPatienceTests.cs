using System.Text.Json;
using Aria.Pipelines.Connectors;

namespace Aria.Pipelines.Tests.Connectors;

/// <summary>Reads that an operation needs are not made again because the budget was used up half-way.</summary>
public sealed class ReadPatienceTests
{
    private const string Definition = """
        { "connector": "two", "version": "1.0.0", "contract": 1, "title": "Two", "settings": { "baseUrl": { "type": "string" } }, "http": { "baseUrl": "{{ settings.baseUrl }}" },
          "operations": { "thing.get": { "effect": "read", "input": {}, "output": "{{ reads.b }}", "sample": {},
            "reads": [ { "id": "a", "request": { "method": "GET", "path": "/a" }, "sample": {} }, { "id": "b", "request": { "method": "GET", "path": "/b" }, "sample": {} } ] } } }
        """;

    [Fact]
    public async Task SecondRead_NoPermit_WaitsForItAndKeepsTheFirst()
    {
        using var rig = new ConnectorRig();
        await using RemoteServer server = await RemoteServer.StartAsync((_, response) => RemoteServer.Json(response, "{}"));
        rig.Budgets.Allowed = 1;
        rig.Budgets.Later = rig.Time.GetUtcNow().AddSeconds(2);
        Task<Preparation> preparing = PrepareAsync(rig, server.Url);
        while (rig.Budgets.Taken < 2)
        {
            await Task.Yield();
        }
        rig.Budgets.Allowed = int.MaxValue;
        while (!preparing.IsCompleted)
        {
            rig.Time.Advance(TimeSpan.FromSeconds(2));
            await Task.Yield();
        }
        (await preparing).Frozen.ShouldNotBeNull();
        server.Lines.ShouldBe(["GET /a", "GET /b"]);
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(1, 600)]
    public async Task Read_NoPermitFirstOrForLong_GivesTheRunBack(int allowed, int seconds)
    {
        using var rig = new ConnectorRig();
        await using RemoteServer server = await RemoteServer.StartAsync((_, response) => RemoteServer.Json(response, "{}"));
        rig.Budgets.Allowed = allowed;
        rig.Budgets.Later = rig.Time.GetUtcNow().AddSeconds(seconds);
        Preparation prepared = await PrepareAsync(rig, server.Url);
        (prepared.Frozen, prepared.RetryCode, prepared.RetryAt).ShouldBe((null, "budget", rig.Budgets.Later));
    }

    private static Task<Preparation> PrepareAsync(ConnectorRig rig, string url)
    {
        Connector connector = Plugins.Read(new TestFolder(Definition));
        Connection connection = Plugins.Connect(connector, JsonSerializer.Serialize(new Dictionary<string, string> { ["baseUrl"] = url }));
        return rig.Client.PrepareAsync(connection, connector.Operations["thing.get"], JsonElement.Parse("{}"), "key-1", TestContext.Current.CancellationToken);
    }
}
