using System.Text.Json;
using Aria.Pipelines.Ingress;
using Aria.Pipelines.Store;
using Aria.Pipelines.Store.Sqlite;
using Aria.Pipelines.Tests.Ingress.Systems;
using Microsoft.Extensions.Time.Testing;

namespace Aria.Pipelines.Tests.Ingress;

public sealed class PollLoopTests : IAsyncLifetime
{
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 9, 1, 8, 0, 0, TimeSpan.Zero));
    private OrchardSystem _system = null!;
    private PollRig _rig = null!;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _system = new OrchardSystem(_time);
        _rig = await PollRig.StartAsync(PollRig.Folder("Orchard"), PollRig.Account("Orchard"), _system, _time);
    }

    public ValueTask DisposeAsync() => _rig.DisposeAsync();

    [Fact]
    public async Task Lag_OfEveryChangeOfADay_IsWithinFiveMinutes()
    {
        var lags = new List<TimeSpan>();
        await _rig.ReadDueAsync();
        for (int minute = 0; minute < 24 * 60; minute++)
        {
            if (minute % 7 == 0)
            {
                _system.Change(minute % 40);
            }
            if (minute % 90 == 0)
            {
                _system.Faults.Enqueue(503);
            }
            for (int part = 0; part < 6; part++)
            {
                _time.Advance(TimeSpan.FromSeconds(10));
                long before = _rig.Loop.Status.Sum(s => s.Accepted);
                await _rig.ReadDueAsync();
                if (_rig.Loop.Status.Sum(s => s.Accepted) > before)
                {
                    lags.Add(_rig.Loop.Status[0].Lag!.Value);
                }
            }
        }

        lags.Count.ShouldBe(206, "one for each change");
        lags.Max().ShouldBeLessThanOrEqualTo(TimeSpan.FromMinutes(5));
        lags.Max().ShouldBeLessThanOrEqualTo(TimeSpan.FromSeconds(90), "an interval, and a failure in between");
    }

    [Fact]
    public async Task Feed_WhoseStoredPositionCannotBeRead_IsSeenToFailAndReadAgain()
    {
        await _rig.ReadDueAsync();
        string cursor = _rig.Loop.Status[0].Cursor;
        await _rig.Parts.Intake.AcceptAsync(_rig.Loop.Status[0].Connection, "poll", [], new CursorMove(cursor, "not a position"u8.ToArray(), []), Stop);
        await _rig.RestartAsync();

        await _rig.ReadDueAsync();
        _rig.Loop.Status[0].Code.ShouldBe("feed_failed");
        _time.Advance(TimeSpan.FromHours(1));
        await _rig.ReadDueAsync();

        _rig.Loop.Status[0].Failures.ShouldBe(2);
    }

    [Theory]
    [InlineData("0001-01-01T00:00:00Z")]
    [InlineData("0001-01-01T00:00:00")]
    [InlineData("1899-12-31T00:00:00Z")]
    public async Task Record_WithATimeThatMeansNone_LeavesTheCursorWhereItIs(string none)
    {
        await _rig.DisposeAsync();
        var system = new ScriptedSource();
        _rig = await PollRig.StartAsync(
            ScriptedSource.Connector("""
            "request": { "method": "GET", "path": "/list/{{ poll.page }}" }, "items": "/items", "next": "{{ response.body.more }}", "order": "ascending", "cursor": { "timestamp": { "field": "/at" } }
            """), """{ "connector": "scripted" }""", system, _time);
        system.Answers["GET /list/1"] = $$"""{ "items": [ { "id": 1, "at": "{{none}}" } ], "more": "yes" }""";
        system.Answers["GET /list/2"] = $$"""{ "items": [ { "id": 2, "at": "{{_time.GetUtcNow().AddMinutes(1):O}}" } ], "more": null }""";

        await _rig.ReadDueAsync();

        _rig.Loop.Status[0].Code.ShouldBeNull();
        (await _rig.EventsAsync()).Count.ShouldBe(2, "a record without a time may be news");
    }

    [Fact]
    public async Task Feed_BegunWhileTheClockWasTenYearsAhead_GoesOnWhenItIsSetRight()
    {
        await _rig.DisposeAsync();
        DateTimeOffset right = _time.GetUtcNow();
        _time.AdjustTime(right.AddYears(10));
        var system = new ScriptedSource();
        _rig = await PollRig.StartAsync(
            ScriptedSource.Connector("""
            "request": { "method": "GET", "path": "/list" }, "items": "/items", "order": "ascending", "cursor": { "timestamp": { "field": "/at" } }
            """), """{ "connector": "scripted" }""", system, _time);
        system.Answers["GET /list"] = """{ "items": [] }""";
        await _rig.ReadDueAsync();
        _time.AdjustTime(right);
        await _rig.RestartAsync();

        await _rig.ReadDueAsync();
        system.Answers["GET /list"] = $$"""{ "items": [ { "id": 1, "at": "{{right.AddMinutes(10):O}}" } ] }""";
        _time.Advance(TimeSpan.FromHours(1));
        await _rig.ReadDueAsync();

        (await _rig.EventsAsync()).ShouldHaveSingleItem();
    }

    [Fact]
    public async Task Feed_SentAwayByTheBudget_ComesBackAtItsTurn()
    {
        await _rig.DisposeAsync();
        _rig = await PollRig.StartAsync(PollRig.Folder("Orchard"), PollRig.Account("Orchard").Replace("100000000", "1", StringComparison.Ordinal), _system, _time);
        await _rig.PassAsync(_rig.Feed());
        using var looks = new PeriodicTimer(TimeSpan.FromMilliseconds(10), TimeProvider.System);

        await _rig.Loop.StartAsync(Stop);
        // Its turn is in a second. Less than five pass, after which the loop looks in any case.
        for (int look = 0; look < 200 && _system.Requests.Count == 1; look++)
        {
            await looks.WaitForNextTickAsync(Stop);
            _time.Advance(TimeSpan.FromMilliseconds(20));
        }
        await _rig.Loop.StopAsync(Stop);

        _system.Requests.Count.ShouldBe(2);
    }

    [Fact]
    public async Task Feed_ThatNoPipelineNeeds_IsNotRead()
    {
        _rig.Write("note/pipeline.json", PollRig.Pipeline.Replace("\"connections\"", "\"enabled\": false, \"connections\"", StringComparison.Ordinal));
        await _rig.ReloadAsync();
        await _rig.ReadDueAsync();

        _system.Requests.ShouldBeEmpty();
    }

    [Fact]
    public async Task Cursor_WhenThePipelineIsPublishedAgain_StaysWhereItWas()
    {
        await _rig.ReadDueAsync();
        _time.Advance(TimeSpan.FromMinutes(3));
        _system.Change(1);
        _rig.Write("note/pipeline.json", PollRig.Pipeline.Replace("\"note\"", "\"noted\"", StringComparison.Ordinal));
        await _rig.ReloadAsync();
        await _rig.RestartAsync();
        await _rig.ReadDueAsync();

        (await _rig.EventsAsync()).ShouldHaveSingleItem().GetProperty("id").GetString().ShouldBe("1");
    }

    [Fact]
    public async Task Failures_OfTheSource_BackOffAndLoseNothing()
    {
        await _rig.ReadDueAsync();
        _system.Change(1);
        foreach (int fault in new[] { 500, 0, 503 })
        {
            _system.Faults.Enqueue(fault);
        }
        for (int i = 0; i < 12; i++)
        {
            _time.Advance(TimeSpan.FromSeconds(10));
            await _rig.ReadDueAsync();
        }

        PollStatus status = _rig.Loop.Status[0];
        (status.Failures, status.Code, status.Accepted).ShouldBe((0, null, 1));
        _system.Requests.Count.ShouldBe(5, "the first, three that failed, and one that did not");
    }

    [Fact]
    public async Task Events_TheStoreDoesNotTake_AreReadAgainBecauseTheCursorStaysWithThem()
    {
        await _rig.ReadDueAsync();
        _time.Advance(TimeSpan.FromMinutes(3));
        _system.Change(1);
        // Longer than a feed looks back.
        _time.Advance(TimeSpan.FromHours(1));
        await ((SqliteStore)_rig.Store).Writer.RunAsync(RefuseCommitOfEvents, Stop);
        await _rig.ReadDueAsync();
        (await _rig.EventsAsync()).ShouldBeEmpty();

        _time.Advance(TimeSpan.FromHours(1));
        await _rig.ReadDueAsync();

        (await _rig.EventsAsync()).ShouldHaveSingleItem().GetProperty("id").GetString().ShouldBe("1");
    }

    [Fact]
    public async Task FutureTime_OfOneRecord_DoesNotHideWhatChangesBefore()
    {
        await _rig.ReadDueAsync();
        _time.Advance(TimeSpan.FromMinutes(5));
        _system.Change(1);
        // Its clock was ten years ahead for a moment.
        _time.Advance(TimeSpan.FromDays(3650));
        _system.Change(2);
        _time.SetUtcNow(new DateTimeOffset(2036, 9, 1, 8, 0, 0, TimeSpan.Zero));
        await _rig.ReadDueAsync();

        (await _rig.EventsAsync()).Select(e => e.GetProperty("id").GetString()).ShouldBe(["1", "2"], ignoreOrder: true);
    }

    [Fact]
    public async Task Backfill_ReadsTheOldOncePageByPage_AndLiveEventsDoNotWait()
    {
        for (int i = 1; i <= 8; i++)
        {
            _system.Change(i);
            _time.Advance(TimeSpan.FromMinutes(10));
        }
        await _rig.ReadDueAsync();
        (await _rig.EventsAsync()).ShouldBeEmpty("a feed begins now");

        (await _rig.Loop.BackfillAsync("ats", "application.stage_changed", _time.GetUtcNow().AddDays(-1), Stop)).ShouldBeTrue();
        await _rig.ReadDueAsync();
        string[] first = [.. (await _rig.EventsAsync()).Select(Id)];
        first.Length.ShouldBe(3, "one page, and no more while its runs wait");
        _system.Change(99);
        _time.Advance(TimeSpan.FromMinutes(1));
        await _rig.ReadDueAsync();
        (await _rig.EventsAsync()).Select(Id).ShouldBe([.. first, "99"]);

        for (int i = 0; i < 20; i++)
        {
            await FinishRunsAsync();
            _time.Advance(TimeSpan.FromSeconds(10));
            await _rig.ReadDueAsync();
        }
        (await _rig.EventsAsync()).Select(Id).ShouldBe(["1", "2", "3", "99", "4", "5", "6", "7", "8"]);
        _rig.Loop.Status.Single(s => s.Cursor == PollFeed.Backfill("application.stage_changed")).IsFinished.ShouldBeTrue();
    }

    private static string Id(JsonElement e) => e.GetProperty("id").GetString()!;

    private async Task FinishRunsAsync()
    {
        foreach (var lease in await _rig.Store.LeaseRunsAsync("test", _time.GetUtcNow(), TimeSpan.FromMinutes(1), 100, [], Stop))
        {
            await _rig.Store.ReleaseAsync(lease, new(Aria.Pipelines.Store.RunState.Succeeded, null, null, null, _time.GetUtcNow()), Stop);
        }
    }

    /// <summary>As a disk that is full: the session is closed afterwards, and the next one commits again.</summary>
    private static bool RefuseCommitOfEvents(SqliteSession session)
    {
        bool hasEvents = false;
        SQLitePCL.raw.sqlite3_update_hook(session.Handle, (object _, int _, string _, string table, long _) => hasEvents |= table == "event", null);
        SQLitePCL.raw.sqlite3_commit_hook(session.Handle, _ => hasEvents ? 1 : 0, null);
        return true;
    }
}
