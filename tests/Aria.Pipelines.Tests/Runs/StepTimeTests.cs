using System.Text.Json.Nodes;
using Aria.Pipelines.Faults.InProcess;
using Aria.Pipelines.Privacy;
using Aria.Pipelines.Secrets;
using Aria.Pipelines.Store;
using Aria.Pipelines.Tests.Connectors;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Time.Testing;

namespace Aria.Pipelines.Tests.Runs;

/// <summary>A step's time is that of its first start, however often and however much later it is tried again.</summary>
public sealed class StepTimeTests : IAsyncLifetime
{
    private const string Connector = """
        {
          "connector": "remote", "version": "1.0.0", "contract": 1, "title": "Remote", "description": "A remote system",
          "settings": { "baseUrl": { "type": "string", "default": "https://remote.example" } },
          "http": { "baseUrl": "{{ settings.baseUrl }}" },
          "operations": {
            "thing.get": { "effect": "read", "input": { "properties": { "thing_id": {} } }, "request": { "method": "GET", "path": "/things" }, "output": { "id": "7" }, "sample": { "id": "7" } },
            "thing.mark": {
              "effect": "idempotent", "input": { "properties": { "at": {} } }, "reads": [ { "id": "rules", "request": { "method": "GET", "path": "/rules" }, "sample": {} } ],
              "request": { "method": "PUT", "path": "/marks", "body": { "at": "{{ input.at }}" } }, "output": {}, "sample": {}
            }
          }
        }
        """;

    private const string Pipeline = """
        {
          "description": "Says when", "connections": { "r": "remote" }, "triggers": [ { "manual": { "subject": "r.thing" } } ],
          "steps": [ { "id": "mark", "action": "r.thing.mark", "with": { "at": "{{ now }}" }, "retry": { "max": 9, "delay": "1h" } } ]
        }
        """;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("aria-steptime-");
    private readonly MasterKey _key = MasterKey.Ephemeral();
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 9, 1, 8, 0, 0, TimeSpan.Zero));
    private readonly Queue<(string Line, int Status)> _failures = new();
    private RemoteServer _remote = null!;
    private LocalEngine _engine = null!;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _remote = await RemoteServer.StartAsync(AnswerAsync);
        Write("plugins/remote/connector.json", Connector);
        Write("pipelines/mark/pipeline.json", Pipeline);
        Write("pipelines/connections/remote.json", new JsonObject { ["connector"] = "remote", ["settings"] = new JsonObject { ["baseUrl"] = _remote.Url } }.ToJsonString());
        Write("pipelines/environments/times.json", """{ "allowLoopback": true, "allowPlainHttp": true }""");
        await OpenAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _engine.DisposeAsync();
        await _remote.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    [Theory]
    [InlineData("GET /rules", false)]
    [InlineData("GET /rules", true)]
    [InlineData("PUT /marks", false)]
    [InlineData("PUT /marks", true)]
    public async Task Step_TriedAgainHoursLater_SendsTheTimeOfItsFirstStart(string fails, bool restarted)
    {
        DateTimeOffset first = _time.GetUtcNow();
        _failures.Enqueue((fails, 503));
        _failures.Enqueue((fails, 503));
        await _engine.SendAsync("mark", "7");
        await LeaseAsync();
        if (restarted)
        {
            await _engine.DisposeAsync();
            await OpenAsync();
        }

        await _engine.DrainAsync(_time.Advance, 20, Stop);

        _failures.ShouldBeEmpty();
        (_time.GetUtcNow() - first).ShouldBeGreaterThan(TimeSpan.FromHours(1));
        _remote.Requests.Where(r => r.Method == "PUT").Select(r => r.Body).Distinct().ShouldBe(["""{"at":"2026-09-01T08:00:00.000Z"}"""]);
        (await _engine.Store.ListRunsAsync(new RunQuery(null, null, 9), Stop)).ShouldHaveSingleItem().State.ShouldBe(RunState.Succeeded);
    }

    private Task AnswerAsync(SeenRequest request, HttpResponse response) =>
        _failures.TryPeek(out (string Line, int Status) next) && next.Line == $"{request.Method} {request.PathAndQuery}"
            ? RemoteServer.Json(response, "{}", _failures.Dequeue().Status)
            : RemoteServer.Json(response, "{}");

    /// <summary>Takes what is due now, once.</summary>
    private async Task LeaseAsync()
    {
        foreach (RunLease lease in await _engine.Store.LeaseRunsAsync("test", _time.GetUtcNow(), TimeSpan.FromMinutes(3), 9, [], Stop))
        {
            await _engine.Executor.ExecuteAsync(lease, CancellationToken.None, CancellationToken.None);
        }
    }

    private async Task OpenAsync() => _engine = await LocalEngine.OpenAsync(
        new EngineOptions { Workspace = At("pipelines"), Plugins = At("plugins"), Data = At("data"), Environment = "times" }, new MemorySecretSource(new Dictionary<string, string>()), _key, _time);

    private string At(string path) => Path.Combine(_folder.FullName, path);

    private void Write(string path, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(At(path))!);
        File.WriteAllText(At(path), text);
    }
}
