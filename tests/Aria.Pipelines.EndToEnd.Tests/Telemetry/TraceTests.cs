using System.Collections.Concurrent;
using System.Diagnostics;
using Aria.Pipelines.EndToEnd.Tests.Support;
using Aria.Pipelines.Store;
using Aria.Pipelines.Telemetry;

namespace Aria.Pipelines.EndToEnd.Tests.Telemetry;

/// <summary>The spans of one event, from its acceptance to its last attempt.</summary>
public sealed class TraceTests
{
    [Fact]
    public async Task Spans_OfOneEvent_AreOneTraceWithoutPersonalData()
    {
        ConcurrentBag<Activity> ended = [];
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == EngineTraces.SourceName,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = ended.Add,
        };
        ActivitySource.AddActivityListener(listener);
        await using Loop loop = await Loop.StartAsync();
        loop.ReachPhoneScreen();

        RunDetail run = await loop.RunAsync(RunState.Waiting);

        Activity whole = await Eventually.GetAsync(() => Task.FromResult(ended.FirstOrDefault(a => Equals(a.GetTagItem("aria.run"), run.Run.Id))), "the run's span ends");
        Activity[] trace = [.. ended.Where(a => a.TraceId == whole.TraceId)];
        Activity accept = ended.Single(a => a.OperationName == "accept" && a.Links.Any(l => l.Context.TraceId == whole.TraceId));
        accept.GetTagItem("aria.outcome").ShouldBe("accepted");
        trace.Where(a => a.OperationName == "step").Select(a => a.GetTagItem("aria.step")).ShouldBe(["invite", "pending", "wait"], ignoreOrder: true);
        trace.Where(a => a.OperationName == "attempt").Select(a => (a.GetTagItem("aria.operation"), a.GetTagItem("aria.outcome")))
            .ShouldBe([("interview.create", "confirmed"), ("interview.write", "confirmed")], ignoreOrder: true);
        string all = string.Join('\n', trace.Append(accept).SelectMany(a => a.TagObjects).Select(t => $"{t.Key}={t.Value}"));
        all.ShouldNotContain("example.com");
        all.ShouldNotContain("Doe");
        all.ShouldNotContain("aria-sandbox-key");
    }
}
