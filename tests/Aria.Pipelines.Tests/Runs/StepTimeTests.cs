using Aria.Pipelines.Store;
using Aria.Pipelines.Tests.Connectors;
using Microsoft.AspNetCore.Http;

namespace Aria.Pipelines.Tests.Runs;

/// <summary>A step's time is that of its first start, however often and however much later it is tried again.</summary>
public sealed class StepTimeTests
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

    private readonly Queue<(string Line, int Status)> _failures = new();

    [Theory]
    [InlineData("GET /rules", false)]
    [InlineData("GET /rules", true)]
    [InlineData("PUT /marks", false)]
    [InlineData("PUT /marks", true)]
    public async Task Step_TriedAgainHoursLater_SendsTheTimeOfItsFirstStart(string fails, bool restarted)
    {
        await using RunRig rig = await RunRig.StartAsync(Connector, Pipeline, AnswerAsync);
        DateTimeOffset first = rig.Time.GetUtcNow();
        _failures.Enqueue((fails, 503));
        _failures.Enqueue((fails, 503));
        await rig.Engine.SendAsync(RunRig.Pipeline, "7");
        await rig.LeaseAsync();
        if (restarted)
        {
            await rig.RestartAsync();
        }

        await rig.Engine.DrainAsync(rig.Time.Advance, 20, TestContext.Current.CancellationToken);

        _failures.ShouldBeEmpty();
        (rig.Time.GetUtcNow() - first).ShouldBeGreaterThan(TimeSpan.FromHours(1));
        rig.Remote.Requests.Where(r => r.Method == "PUT").Select(r => r.Body).Distinct().ShouldBe(["""{"at":"2026-09-01T08:00:00.000Z"}"""]);
        (await rig.RunAsync()).Run.State.ShouldBe(RunState.Succeeded);
    }

    private Task AnswerAsync(SeenRequest request, HttpResponse response) =>
        _failures.TryPeek(out (string Line, int Status) next) && next.Line == $"{request.Method} {request.PathAndQuery}"
            ? RemoteServer.Json(response, "{}", _failures.Dequeue().Status)
            : RemoteServer.Json(response, "{}");
}
