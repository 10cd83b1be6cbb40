using Aria.Pipelines.Store;
using Aria.Pipelines.Tests.Connectors;
using Microsoft.AspNetCore.Http;

namespace Aria.Pipelines.Tests.Runs;

/// <summary>What a step says about outcomes that nobody can find out, from the file to the requests.</summary>
public sealed class SendAgainTests
{
    private const string Connector = """
        {
          "connector": "remote", "version": "1.0.0", "contract": 1, "title": "Remote", "description": "A remote system",
          "settings": { "baseUrl": { "type": "string", "default": "https://remote.example" } },
          "http": { "baseUrl": "{{ settings.baseUrl }}" },
          "operations": {
            "thing.get": { "effect": "read", "input": { "properties": { "thing_id": {} } }, "request": { "method": "GET", "path": "/things" }, "output": { "id": "7" }, "sample": { "id": "7" } },
            "thing.tell": { "effect": "unsafe", "input": { "properties": { "at": {} } }, "request": { "method": "POST", "path": "/told", "body": { "at": "{{ input.at }}" } }, "output": {}, "sample": {} },
            "thing.tell_twice": {
              "input": { "properties": { "at": {} } },
              "parts": [ { "id": "one", "operation": "thing.tell", "with": { "at": "{{ input.at }}" } }, { "id": "two", "operation": "thing.tell", "with": { "at": "later" } } ],
              "output": {}, "sample": {}
            }
          }
        }
        """;

    private int _told;

    [Theory]
    [InlineData("thing.tell", "sendAgain", "Succeeded", 2)]
    [InlineData("thing.tell", "review", "NeedsReview", 1)]
    [InlineData("thing.tell_twice", "sendAgain", "Succeeded", 3)]
    [InlineData("thing.tell_twice", "review", "NeedsReview", 1)]
    public async Task Step_WhoseFirstAnswerIsLost_FollowsWhatItSays(string operation, string onUnknown, string state, int requests)
    {
        await using RunRig rig = await RunRig.StartAsync(Connector, Pipeline(operation, onUnknown), AnswerAsync);
        await rig.Engine.SendAsync(RunRig.Pipeline, "7");
        await rig.LeaseAsync();
        await rig.RestartAsync();

        await rig.Engine.DrainAsync(rig.Time.Advance, 20, TestContext.Current.CancellationToken);

        RunDetail run = await rig.RunAsync();
        run.Run.State.ToString().ShouldBe(state);
        run.Effects.Where(e => e.Operation == "thing.tell").ShouldAllBe(e => e.Class == (onUnknown == "review" ? EffectClass.Unsafe : EffectClass.AtLeastOnce));
        string[] told = [.. rig.Remote.Requests.Where(r => r.Method == "POST").Select(r => r.Body)];
        told.Length.ShouldBe(requests);
        told.Take(2).Distinct().Count().ShouldBe(1, "the bytes that were frozen");
        (await rig.Engine.Store.Inspection.InspectAsync(TestContext.Current.CancellationToken)).ShouldAllBe(f => f.Holds);
    }

    private static string Pipeline(string operation, string onUnknown) => $$$"""
        {
          "description": "Tells", "connections": { "r": "remote" }, "triggers": [ { "manual": { "subject": "r.thing" } } ],
          "steps": [ { "id": "tell", "action": "r.{{{operation}}}", "with": { "at": "{{ now }}" }, "onUnknown": "{{{onUnknown}}}" } ]
        }
        """;

    private Task AnswerAsync(SeenRequest request, HttpResponse response)
    {
        if (request.Method == "POST" && Interlocked.Increment(ref _told) == 1)
        {
            response.HttpContext.Abort();
            return Task.CompletedTask;
        }
        return RemoteServer.Json(response, "{}");
    }
}
