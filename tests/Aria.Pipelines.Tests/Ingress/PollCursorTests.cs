using System.Text;
using Aria.Pipelines.Abstractions;
using Aria.Pipelines.Connectors;
using Aria.Pipelines.Ingress;
using Aria.Pipelines.Outbound;
using Aria.Pipelines.Store;
using Aria.Pipelines.Tests.Connectors;
using Microsoft.Extensions.Time.Testing;

namespace Aria.Pipelines.Tests.Ingress;

/// <summary>Sources that cannot say what changed, that count, and that forget what they gave.</summary>
public sealed class PollCursorTests
{
    private const string Subscribed = """
        "request": { "method": "GET", "path": "/queue" }, "items": { "$js": "response.body?.events ?? []" },
        "cursor": { "queue": {
          "position": { "$js": "response.body?.requestId ?? response.body?.lastRequestId ?? null" }, "open": { "method": "PUT", "path": "/queue" },
          "given": { "request": { "method": "GET", "path": "/queue/last" }, "value": "{{ response.body.result }}" },
          "replay": { "method": "GET", "path": "/queue", "query": { "again": "{{ poll.given }}" } } } }
        """;

    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 9, 1, 8, 0, 0, TimeSpan.Zero));
    private readonly Script _system = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Diff_MovesThereAndBack_AreThreeEvents()
    {
        await using PollRig rig = await StartAsync("""
            "request": { "method": "GET", "path": "/applications" }, "items": "/applications", "cursor": { "diff": { "key": "/id", "compare": ["/status/id"] } }
            """);
        PollFeed feed = rig.Feed();
        foreach (string state in new[] { "1", "1", "2", "1", "1", "2" })
        {
            _system.Answers["GET /applications"] = $$"""{ "applications": [ { "id": 61, "status": { "id": {{state}} }, "rating": {{_system.Requests.Count}} }, { "id": 62, "status": { "id": 9 } } ] }""";
            await rig.PassAsync(feed);
        }
        await rig.RestartAsync();
        await rig.PassAsync(rig.Feed());

        (await rig.EventsAsync()).Select(e => e.GetProperty("status").GetProperty("id").GetInt32()).ShouldBe([2, 1, 2], "the first reading is no news, and ratings are not compared");
    }

    [Fact]
    public async Task Diff_FailingInTheMiddleOfAPass_DoesNotTakeItsOwnBeginningForTheEnd()
    {
        await using PollRig rig = await StartAsync("""
            "request": { "method": "GET", "path": "/list/{{ poll.page }}" }, "items": "", "next": "{{ poll.page < 3 ? poll.page + 1 : null }}",
            "cursor": { "diff": { "key": "/id", "compare": ["/at"], "untilKnown": true } }
            """);
        PollFeed feed = rig.Feed();
        Pages(1);
        await rig.PassAsync(feed);
        Pages(2);
        _system.Failing.Add("GET /list/2");
        (await rig.PassAsync(feed)).Failure.ShouldNotBeNull();
        _system.Failing.Clear();
        await rig.PassAsync(feed);
        int requests = _system.Requests.Count;
        await rig.PassAsync(feed);

        (await rig.EventsAsync()).Select(e => e.GetProperty("id").GetInt32()).ShouldBe([1, 2, 3], ignoreOrder: true);
        (_system.Requests.Count - requests).ShouldBe(1, "a pass without changes ends with its first page");
    }

    [Fact]
    public async Task Watermark_GrowingIds_AreReadOnce()
    {
        await using PollRig rig = await StartAsync("""
            "request": { "method": "GET", "path": "/after", "query": { "id": "{{ poll.after }}" } }, "items": "/data", "next": "{{ response.body.more }}", "cursor": { "watermark": { "field": "/id" } }
            """);
        _system.Answers["GET /after"] = """{ "data": [ { "id": 9 } ], "more": null }""";
        _system.Answers["GET /after?id=9"] = """{ "data": [ { "id": 10 }, { "id": 11 } ], "more": "yes" }""";
        _system.Answers["GET /after?id=11"] = """{ "data": [ { "id": 101 } ], "more": null }""";
        _system.Answers["GET /after?id=101"] = """{ "data": [], "more": null }""";
        await rig.PassAsync(rig.Feed());
        await rig.RestartAsync();
        await rig.PassAsync(rig.Feed());
        await rig.PassAsync(rig.Feed());

        (await rig.EventsAsync()).Select(e => e.GetProperty("id").GetInt32()).ShouldBe([10, 11, 101]);
    }

    [Fact]
    public async Task Queue_AcknowledgedAfterTheCommit_GivesEveryMessageOnce()
    {
        await using PollRig rig = await StartAsync("""
            "request": { "method": "GET", "path": "/messages" }, "items": "/events", "cursor": { "queue": {} },
            "acknowledge": { "method": "DELETE", "path": "/messages/{{ response.headers.msgid }}" }
            """);
        _system.Queue.AddRange(["m1", "m2", "m3"]);
        PollFeed feed = rig.Feed();
        _system.Failing.Add("DELETE /messages/m2");
        PollStep first = await rig.PassAsync(feed);
        first.Failure.ShouldNotBeNull("the second message could not be acknowledged");
        (await rig.EventsAsync()).Count.ShouldBe(2, "it is stored all the same");
        await rig.RestartAsync();
        _system.Failing.Clear();
        await rig.PassAsync(rig.Feed());

        (await rig.EventsAsync()).Select(e => e.GetProperty("id").GetString()).ShouldBe(["m1", "m2", "m3"]);
        _system.Queue.ShouldBeEmpty();
        int stored = _system.Requests.IndexOf("DELETE /messages/m1");
        _system.Requests.Take(stored).ShouldBe(["GET /messages"]);
    }

    [Fact]
    public async Task Queue_ThatForgetsWhatItGave_IsAskedAgainAfterARestart()
    {
        await using PollRig rig = await StartAsync("""
            "request": { "method": "GET", "path": "/events" }, "items": "/events",
            "cursor": { "queue": { "position": "{{ response.body?.requestId }}", "replay": { "method": "GET", "path": "/events/{{ poll.after }}" } } }
            """);
        _system.Answers["GET /events"] = """{ "requestId": 1, "events": [ { "id": "a" } ] }""";
        PollFeed feed = rig.Feed();
        await feed.StepAsync(rig.Connection, Stop);
        // The next batch is given out and the host dies before it is stored; the source repeats it on demand.
        _system.Answers["GET /events"] = "{}";
        _system.Answers["GET /events/1"] = """{ "requestId": 2, "events": [ { "id": "b" } ] }""";
        await rig.RestartAsync();
        await rig.PassAsync(rig.Feed());

        (await rig.EventsAsync()).Select(e => e.GetProperty("id").GetString()).ShouldBe(["a", "b"]);
    }

    [Fact]
    public async Task Queue_ThatIsMadeFirst_LostAnswersAreFoundByWhatItGaveLast()
    {
        await using PollRig rig = await StartAsync(Subscribed);
        _system.Answers["PUT /queue"] = """{ "lastRequestId": 0 }""";
        _system.Answers["GET /queue/last"] = """{ "result": 1 }""";
        _system.Answers["GET /queue?again=1"] = """{ "requestId": 1, "events": [ { "id": "a" } ] }""";
        _system.Answers["GET /queue"] = "{}";
        // The very first answer is lost, and the host dies.
        _system.Failing.Add("GET /queue");
        (await rig.PassAsync(rig.Feed())).Failure.ShouldNotBeNull();
        _system.Failing.Clear();
        await rig.RestartAsync();
        PollFeed feed = rig.Feed();
        (await rig.PassAsync(feed)).Failure.ShouldBeNull();
        await rig.PassAsync(feed);
        await rig.RestartAsync();
        await rig.PassAsync(rig.Feed());

        (await rig.EventsAsync()).Select(e => e.GetProperty("id").GetString()).ShouldBe(["a"]);
        _system.Requests.ShouldBe(
        [
            "PUT /queue", "GET /queue", "GET /queue/last", "GET /queue?again=1", "GET /queue", "GET /queue",
            "GET /queue/last", "GET /queue",
        ], "what is known to be stored is not asked for again");
    }

    [Fact]
    public async Task Queue_WhoseFirstAnswerIsLostInTheMaking_IsMadeAgain()
    {
        await using PollRig rig = await StartAsync(Subscribed);
        _system.Answers["PUT /queue"] = """{ "lastRequestId": 0 }""";
        _system.Answers["GET /queue"] = "";
        _system.Failing.Add("PUT /queue");
        (await rig.PassAsync(rig.Feed())).Failure.ShouldNotBeNull();
        _system.Failing.Clear();
        await rig.PassAsync(rig.Feed());

        _system.Requests.ShouldBe(["PUT /queue", "PUT /queue", "GET /queue"]);
    }

    [Fact]
    public async Task Queue_ThatCannotBeMadeBecauseItIsThere_BeginsWithWhatItHolds()
    {
        await using PollRig rig = await StartAsync(Subscribed);
        _system.Answers["GET /queue/last"] = """{ "result": 57 }""";
        _system.Answers["GET /queue"] = "{}";
        await rig.PassAsync(rig.Feed());

        _system.Requests.ShouldBe(["PUT /queue", "GET /queue/last", "GET /queue"]);
    }

    [Fact]
    public async Task Queue_ThatTheSourceForgot_IsMadeAgainAndItIsSaid()
    {
        await using PollRig rig = await StartAsync(Subscribed);
        _system.Answers["PUT /queue"] = """{ "lastRequestId": 0 }""";
        _system.Answers["GET /queue"] = "{}";
        await rig.PassAsync(rig.Feed());
        await rig.RestartAsync();
        PollStep made = await rig.Feed().StepAsync(rig.Connection, Stop);

        made.IsMissing.ShouldBeTrue();
        _system.Requests.ShouldBe(["PUT /queue", "GET /queue", "GET /queue/last", "PUT /queue"]);
    }

    [Fact]
    public async Task Queue_ThatDoesNotGiveAgainWhatItGave_GoesOnAndItIsSaid()
    {
        await using PollRig rig = await StartAsync(Subscribed);
        _system.Answers["PUT /queue"] = """{ "lastRequestId": 0 }""";
        _system.Answers["GET /queue"] = "{}";
        await rig.PassAsync(rig.Feed());
        await rig.RestartAsync();
        _system.Answers["GET /queue/last"] = """{ "result": 4 }""";
        _system.Answers["GET /queue"] = """{ "requestId": 5, "events": [ { "id": "b" } ] }""";
        PollStep step = await rig.Feed().StepAsync(rig.Connection, Stop);

        (step.IsMissing, step.Accepted).ShouldBe((true, 1));
    }

    [Fact]
    public async Task Queue_PageOfWhichNothingIsWanted_IsNotItsEnd()
    {
        await using PollRig rig = await StartAsync("""
            "request": { "method": "GET", "path": "/events" }, "items": { "$js": "response.body.events.filter(e => e.id !== 'x')" }, "next": { "$js": "response.body.events.length > 0 ? 'more' : null" },
            "cursor": { "queue": { "position": "{{ response.body.requestId }}" } }
            """);
        _system.Answers["GET /events"] = """{ "requestId": 1, "events": [ { "id": "x" } ] }""";
        (await rig.Feed().StepAsync(rig.Connection, Stop)).HasMore.ShouldBeTrue();
        _system.Answers["GET /events"] = """{ "requestId": 2, "events": [] }""";
        (await rig.Feed().StepAsync(rig.Connection, Stop)).HasMore.ShouldBeFalse();
    }

    [Fact]
    public async Task Detail_OfEachNewRecord_BecomesTheEvent()
    {
        await using PollRig rig = await StartAsync("""
            "request": { "method": "GET", "path": "/list" }, "items": "", "cursor": { "diff": { "key": "/id", "compare": ["/at"] } },
            "detail": { "request": { "method": "GET", "path": "/one/{{ item.id }}" }, "value": { "$js": "({ id: item.id, email: response.body.email })" } }
            """);
        _system.Answers["GET /list"] = "[]";
        await rig.PassAsync(rig.Feed());
        _system.Answers["GET /list"] = """[ { "id": 7, "at": 1 } ]""";
        _system.Answers["GET /one/7"] = """{ "email": "ada@example.com" }""";
        await rig.PassAsync(rig.Feed());
        await rig.PassAsync(rig.Feed());

        (await rig.EventsAsync()).ShouldHaveSingleItem().GetProperty("email").GetString().ShouldBe("ada@example.com");
        _system.Requests.Count(r => r == "GET /one/7").ShouldBe(1);
    }

    [Theory]
    [InlineData("nested", "GET /people?at=2026-09-01T08:00:00.000Z")]
    [InlineData("flat", "GET /rows")]
    public async Task Feed_ChosenByASetting_RecordsAreMadeOfTheAnswer(string choice, string line)
    {
        await using PollRig rig = await StartAsync("""
            "setting": "feed", "feeds": {
              "nested": { "request": { "method": "GET", "path": "/people", "query": { "at": "{{ poll.now }}" } }, "cursor": { "timestamp": { "field": "/at" } }, "interval": { "setting": "every" },
                "items": { "$js": "response.body.people.flatMap(p => p.applications.map(a => ({ id: a.id, person: p.id, at: a.at })))" } },
              "flat": { "request": { "method": "GET", "path": "/rows" }, "items": "/rows", "cursor": { "timestamp": { "field": "/at" } }, "interval": { "setting": "every" } } }
            """, """
            "settings": { "every": { "type": "string", "default": "1m" }, "feed": { "type": "string", "default": "flat", "allowed": ["nested", "flat"] } },
            """, $$"""{ "feed": "{{choice}}", "every": "1ms" }""");
        _system.Answers["GET /people?at=2026-09-01T08%3A00%3A00.000Z"] = """{ "people": [ { "id": 1, "applications": [ { "id": 11, "at": "2026-09-01T08:00:00Z" }, { "id": 12, "at": "2026-09-01T07:00:00Z" } ] } ] }""";
        _system.Answers["GET /rows"] = """{ "rows": [ { "id": 11, "person": 1, "at": "2026-09-01T08:00:00Z" } ] }""";
        (await rig.PassAsync(rig.Feed())).Failure.ShouldBeNull();

        _system.Requests.Select(Uri.UnescapeDataString).ShouldBe([line]);
        (await rig.EventsAsync()).ShouldHaveSingleItem().GetRawText().ShouldBe("""{"id":11,"person":1,"at":"2026-09-01T08:00:00Z"}""");
        ConnectorEvent definition = rig.Connection.Connector.Events["application.stage_changed"];
        definition.PollFor(rig.Connection)!.IntervalFor(rig.Connection).ShouldBe(PollDefinition.ShortestInterval, "a connection cannot ask more often than that");
    }

    [Fact]
    public async Task Timestamp_ThatRemembers_WhatComesBackIsNewsAndWhatIsReadAgainIsNot()
    {
        await using PollRig rig = await StartAsync("""
            "request": { "method": "GET", "path": "/applications" }, "items": { "$js": "response.body.map(a => ({ ...a, seen: poll.now }))" }, "dedupe": ["/id", "/stage"],
            "cursor": { "timestamp": { "field": "/seen", "remember": { "key": "/id", "compare": ["/stage"] } } }
            """);
        foreach (string stage in new[] { "a", "a", "b", "a", "a" })
        {
            _system.Answers["GET /applications"] = $$"""[ { "id": 1, "stage": "{{stage}}" } ]""";
            await rig.PassAsync(rig.Feed());
            _time.Advance(TimeSpan.FromMinutes(1));
            await rig.RestartAsync();
        }

        (await rig.EventsAsync()).Select(e => e.GetProperty("stage").GetString()).ShouldBe(["a", "b", "a"]);
    }

    [Fact]
    public async Task Diff_MorePagesThanMayBeAskedForAtOnce_WaitsAndEndsThePass()
    {
        await using PollRig rig = await StartAsync("""
            "request": { "method": "GET", "path": "/list/{{ poll.page }}" }, "items": "", "next": "{{ poll.page < 9 ? poll.page + 1 : null }}", "cursor": { "diff": { "key": "/id", "compare": ["/at"] } }
            """);
        rig.Write("connections/ats.json", """{ "connector": "scripted", "limits": { "requests": 40, "per": "1m" } }""");
        await rig.ReloadAsync();
        for (int page = 1; page <= 9; page++)
        {
            _system.Answers[$"GET /list/{page}"] = $$"""[ { "id": {{page}}, "at": 1 } ]""";
        }
        Task reading = rig.ReadDueAsync();
        while (!reading.IsCompleted)
        {
            _time.Advance(TimeSpan.FromSeconds(1));
            await Task.Yield();
        }

        _system.Requests.ShouldBe(Enumerable.Range(1, 9).Select(p => $"GET /list/{p}"));
        (rig.Loop.Status[0].Failures, rig.Loop.Status[0].ReadUtc.HasValue).ShouldBe((0, true));
    }

    [Fact]
    public async Task Feed_WhoseTurnHasNotCome_ComesWhenItDoesAndHasNotFailed()
    {
        await using PollRig rig = await StartAsync("""
            "request": { "method": "GET", "path": "/applications" }, "items": "", "cursor": { "diff": { "key": "/id", "compare": ["/at"] } }
            """);
        rig.Write("connections/ats.json", """{ "connector": "scripted", "limits": { "requests": 40, "per": "1m" } }""");
        await rig.ReloadAsync();
        _system.Answers["GET /applications"] = "[]";
        await rig.Store.TakePermitAsync(new Permit("ats", rig.Connection.Limit!, _time.GetUtcNow()), Stop);
        await rig.Store.TakePermitAsync(new Permit("ats", rig.Connection.Limit!, _time.GetUtcNow()), Stop);
        await rig.ReadDueAsync();
        (_system.Requests.Count, rig.Loop.Status[0].Failures).ShouldBe((0, 0));

        _time.Advance(TimeSpan.FromSeconds(2));
        await rig.ReadDueAsync();
        (_system.Requests.Count, rig.Loop.Status[0].Failures).ShouldBe((1, 0));
    }

    private void Pages(int at)
    {
        for (int page = 1; page <= 3; page++)
        {
            _system.Answers[$"GET /list/{page}"] = $$"""[ { "id": {{page}}, "at": {{at}} } ]""";
        }
    }

    private Task<PollRig> StartAsync(string poll, string declared = "", string settings = "{}")
    {
        TestFolder connector = new TestFolder($$$"""
            {
              "connector": "scripted", "version": "1.0.0", "contract": 1, "title": "Scripted", {{{declared}}} "http": { "baseUrl": "https://scripted.example" },
              "events": { "application.stage_changed": {
                "poll": { {{{poll}}} }, "subject": "application:{{ payload.id }}", "canonical": { "application": { "id": "{{ payload.id }}", "stage": { "name": "s" } } },
                "samples": [{ "constructed": "sample.json" }] } }
            }
            """).With("sample.json", """{ "id": 1 }""");
        return PollRig.StartAsync(connector, $$"""{ "connector": "scripted", "settings": {{settings}} }""", _system, _time);
    }

    /// <summary>A system that answers as it is told, and a queue whose head stays until it is deleted.</summary>
    private sealed class Script : IHttpPath
    {
        public Dictionary<string, string> Answers { get; } = [];

        public HashSet<string> Failing { get; } = [];

        public List<string> Queue { get; } = [];

        public List<string> Requests { get; } = [];

        public Task<HttpAnswer> SendAsync(ConnectorRequest request, TargetPolicy policy, TimeSpan timeout, CancellationToken cancellationToken)
        {
            string line = $"{request.Method} {request.Url.PathAndQuery}";
            Requests.Add(line);
            if (Failing.Contains(line))
            {
                return Task.FromResult(Answer(503, "{}"));
            }
            if (line == "GET /messages")
            {
                return Task.FromResult(Queue.Count == 0 ? Answer(204, "") : Answer(200, $$"""{ "events": [ { "id": "{{Queue[0]}}" } ] }""", Queue[0]));
            }
            if (request.Method == "DELETE")
            {
                return Task.FromResult(Queue.Remove(request.Url.Segments[^1]) ? Answer(200, "{}") : Answer(404, "{}"));
            }
            return Task.FromResult(Answers.TryGetValue(line, out string? body) ? Answer(200, body) : Answer(404, "{}"));
        }

        private static HttpAnswer Answer(int status, string body, string? message = null)
        {
            var headers = new Dictionary<string, IReadOnlyList<string>>(StringComparer.OrdinalIgnoreCase) { ["Content-Type"] = ["application/json"] };
            if (message is not null)
            {
                headers["msgid"] = [message];
            }
            return new HttpAnswer(new ConnectorResponse(status, headers, Encoding.UTF8.GetBytes(body)), true, null, null, TimeSpan.Zero);
        }
    }
}
