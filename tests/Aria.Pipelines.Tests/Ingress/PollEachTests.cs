using Aria.Pipelines.Connectors;
using Aria.Pipelines.Definitions;
using Aria.Pipelines.Ingress;
using Aria.Pipelines.Mapping;
using Microsoft.Extensions.Time.Testing;

namespace Aria.Pipelines.Tests.Ingress;

/// <summary>Sources that keep a list for each of their jobs, and none of all applications.</summary>
public sealed class PollEachTests
{
    private const string ByJob = """
        "each": { "request": { "method": "GET", "path": "/jobs" }, "items": "/jobs" },
        "request": { "method": "GET", "path": "/jobs/{{ poll.parent.id }}/applications", "query": { "page": "{{ poll.page }}" } },
        "items": { "$js": "response.body.data.map(a => ({ ...a, job: poll.parent.id }))" }, "next": "{{ response.body.more }}", "cursor": { "diff": { "key": "/id", "compare": ["/stage"] } }
        """;

    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 9, 1, 8, 0, 0, TimeSpan.Zero));
    private readonly ScriptedSource _system = new();

    [Fact]
    public async Task Each_ListsOfSeveralParents_AreReadInOnePassAndOnceEach()
    {
        await using PollRig rig = await StartAsync(ByJob);
        _system.Answers["GET /jobs"] = """{ "jobs": [ { "id": 1 }, { "id": 2 }, { "id": 3 } ] }""";
        Applications("GET /jobs/1/applications?page=1", """{ "id": 11, "stage": 1 }""", more: true);
        Applications("GET /jobs/1/applications?page=2", """{ "id": 12, "stage": 1 }""");
        Applications("GET /jobs/2/applications?page=1", """{ "id": 21, "stage": 1 }""");
        PollFeed feed = rig.Feed();
        (await rig.PassAsync(feed)).Failure.ShouldBeNull();
        _system.Requests.ShouldBe(["GET /jobs", "GET /jobs/1/applications?page=1", "GET /jobs/1/applications?page=2", "GET /jobs/2/applications?page=1", "GET /jobs/3/applications?page=1"], "the third job is gone by then");

        Applications("GET /jobs/1/applications?page=2", """{ "id": 12, "stage": 2 }""");
        Applications("GET /jobs/2/applications?page=1", """{ "id": 21, "stage": 2 }""");
        _system.Failing.Add("GET /jobs/2/applications?page=1");
        (await rig.PassAsync(feed)).Failure.ShouldNotBeNull();
        _system.Failing.Clear();
        await rig.RestartAsync();
        feed = rig.Feed();
        await rig.PassAsync(feed);
        _system.Answers["GET /jobs"] = """{ "jobs": [ { "id": 4 } ] }""";
        Applications("GET /jobs/4/applications?page=1", """{ "id": 41, "stage": 1 }""");
        await rig.PassAsync(feed);
        _system.Answers["GET /jobs"] = """{ "jobs": [] }""";
        (await rig.PassAsync(feed)).Failure.ShouldBeNull();

        (await rig.EventsAsync()).Select(e => e.GetRawText()).ShouldBe(["""{"id":12,"stage":2,"job":1}""", """{"id":21,"stage":2,"job":2}""", """{"id":41,"stage":1,"job":4}"""]);
    }

    [Fact]
    public async Task Each_WithTimes_AsksEveryListFromTheSameTime()
    {
        await using PollRig rig = await StartAsync("""
            "each": { "request": { "method": "GET", "path": "/jobs" }, "items": "" },
            "request": { "method": "GET", "path": "/applications", "query": { "job": "{{ poll.parent }}", "since": "{{ poll.since }}" } }, "items": "", "cursor": { "timestamp": { "field": "/at", "format": "unix", "overlap": "1m" } }
            """);
        _system.Answers["GET /jobs"] = """[ "a", "b" ]""";
        long began = _time.GetUtcNow().ToUnixTimeSeconds();
        _system.Answers[$"GET /applications?job=a&since={began - 60}"] = $$"""[ { "id": 1, "at": {{began}} } ]""";
        _system.Answers[$"GET /applications?job=b&since={began - 60}"] = $$"""[ { "id": 2, "at": {{began - 30}} } ]""";
        PollFeed feed = rig.Feed();
        await rig.PassAsync(feed);
        await rig.PassAsync(feed);

        (await rig.EventsAsync()).Select(e => e.GetProperty("id").GetInt32()).ShouldBe([1, 2]);
        _system.Requests.Count.ShouldBe(6);
    }

    [Theory]
    [InlineData("""{ "queue": {} }""", "")]
    [InlineData("""{ "watermark": { "field": "/id" } }""", "")]
    [InlineData("""{ "timestamp": { "field": "/at" } }""", "\"order\": \"ascending\", ")]
    [InlineData("""{ "diff": { "key": "/id", "compare": [""], "untilKnown": true } }""", "")]
    public void Each_WithACursorThatNeedsAnOrder_SaysWhichDoNot(string cursor, string order)
    {
        var bag = new DiagnosticBag();
        ConnectorReader.Read(ScriptedSource.Connector($$"""
            "each": { "request": { "method": "GET", "path": "/jobs" }, "items": "" }, {{order}}"request": { "method": "GET", "path": "/list" }, "items": "", "cursor": {{cursor}}
            """), null, new MappingCompiler(), bag);

        bag.Items.Select(f => $"{f.Code} {f.Summary} {f.Detail}").ShouldBe([$"{ConnectorCodes.Contradiction} Several lists have no order together. Use the cursor 'timestamp' or 'diff', without 'order' and 'untilKnown'."]);
    }

    private void Applications(string line, string record, bool more = false) =>
        _system.Answers[line] = $$"""{ "data": [ {{record}} ], "more": {{(more ? "\"yes\"" : "null")}} }""";

    private Task<PollRig> StartAsync(string poll) => PollRig.StartAsync(ScriptedSource.Connector(poll), """{ "connector": "scripted", "settings": {} }""", _system, _time);
}
