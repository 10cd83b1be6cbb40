using Aria.Pipelines.Store;
using Aria.Pipelines.Tests.Connectors;
using Microsoft.AspNetCore.Http;

namespace Aria.Pipelines.Tests.Runs;

/// <summary>A step's time is that of its first start, however often and however much later it is tried again.</summary>
public sealed class StepTimeTests : IDisposable
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
            },
            "thing.close": {
              "input": { "properties": { "at": {} } }, "output": {}, "sample": {},
              "parts": [
                { "id": "first", "operation": "thing.mark", "with": { "at": "{{ input.at }}" } },
                { "id": "second", "operation": "thing.mark", "with": { "at": "{{ input.at }}" } }
              ]
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
    private CancellationTokenSource? _endsAtSecondRead;
    private int _reads;

    public void Dispose() => _endsAtSecondRead?.Dispose();

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

    /// <summary>What was planned is sent as it is; what is planned hours behind it is of the same step, and so of the same time.</summary>
    [Fact]
    public async Task Step_HostEndsBehindThePlanOfTheFirstPart_SecondPartHasTheTimeOfTheFirst()
    {
        await using RunRig rig = await RunRig.StartAsync(Connector, Pipeline.Replace("r.thing.mark", "r.thing.close", StringComparison.Ordinal), AnswerAsync);
        _endsAtSecondRead = new CancellationTokenSource();
        await rig.Engine.SendAsync(RunRig.Pipeline, "7");
        await Should.ThrowAsync<OperationCanceledException>(rig.BreakOffAsync(_endsAtSecondRead.Token));
        rig.Time.Advance(TimeSpan.FromHours(2));
        await rig.RestartAsync();

        await rig.Engine.DrainAsync(rig.Time.Advance, 20, TestContext.Current.CancellationToken);

        rig.Remote.Requests.Where(r => r.Method == "PUT").Select(r => r.Body).ShouldBe(Enumerable.Repeat("""{"at":"2026-09-01T08:00:00.000Z"}""", 2));
        (await rig.RunAsync()).Run.State.ShouldBe(RunState.Succeeded);
    }

    private async Task AnswerAsync(SeenRequest request, HttpResponse response)
    {
        if (request.PathAndQuery == "/rules" && ++_reads == 2 && _endsAtSecondRead is not null)
        {
            await _endsAtSecondRead.CancelAsync();
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, response.HttpContext.RequestAborted).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            return;
        }
        bool fails = _failures.TryPeek(out (string Line, int Status) next) && next.Line == $"{request.Method} {request.PathAndQuery}";
        await RemoteServer.Json(response, "{}", fails ? _failures.Dequeue().Status : StatusCodes.Status200OK);
    }
}
