using System.Text.Json;
using Aria.Pipelines.Ingress;
using Aria.Pipelines.Tests.Ingress.Systems;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace Aria.Pipelines.Tests.Ingress;

public sealed class ScheduleLoopTests : IAsyncLifetime
{
    // A Friday in winter, 07:30 in Berlin.
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 2, 27, 6, 30, 0, TimeSpan.Zero));
    private PollRig _rig = null!;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _rig = await PollRig.StartAsync(PollRig.Folder("Orchard"), PollRig.Account("Orchard"), new OrchardSystem(_time), _time);
        await PublishAsync("""{ "cron": "0 9 * * 1-5", "timeZone": "Europe/Berlin" }""");
    }

    public ValueTask DisposeAsync() => _rig.DisposeAsync();

    [Fact]
    public async Task Cron_OverAWeekendAndTheChangeToSummerTime_FiresAtNineInBerlin()
    {
        ScheduleLoop loop = Loop();
        for (int hour = 0; hour < 24 * 36; hour++)
        {
            await loop.FireDueAsync(Stop);
            _time.Advance(TimeSpan.FromHours(1));
        }

        string[] times = [.. (await _rig.EventsAsync()).Select(e => e.GetProperty("scheduled_at").GetString()!)];
        times.Take(2).ShouldBe(["2026-02-27T08:00:00Z", "2026-03-02T08:00:00Z"]);
        times.ShouldContain("2026-03-27T08:00:00Z");
        times.ShouldContain("2026-03-30T07:00:00Z");
        times.Length.ShouldBe(26);
    }

    [Fact]
    public async Task Times_MissedWhileTheHostWasDown_FireOnceSayingHowMany()
    {
        await Loop().FireDueAsync(Stop);
        _time.Advance(TimeSpan.FromDays(7));
        await _rig.RestartAsync();
        ScheduleLoop loop = Loop();
        await loop.FireDueAsync(Stop);
        await loop.FireDueAsync(Stop);
        await Loop().FireDueAsync(Stop);

        JsonElement fired = (await _rig.EventsAsync()).ShouldHaveSingleItem();
        fired.GetProperty("scheduled_at").GetString().ShouldBe("2026-03-05T08:00:00Z");
        fired.GetProperty("missed").GetInt32().ShouldBe(4);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Schedule_BegunWhileTheClockWasTenYearsAhead_FiresWhenItIsSetRight(bool restarted)
    {
        DateTimeOffset right = _time.GetUtcNow();
        _time.AdjustTime(right.AddYears(10));
        ScheduleLoop loop = Loop();
        await loop.FireDueAsync(Stop);
        _time.AdjustTime(right);
        if (restarted)
        {
            await _rig.RestartAsync();
            loop = Loop();
        }

        await loop.FireDueAsync(Stop);
        (await _rig.EventsAsync()).ShouldBeEmpty("it goes on from now");
        _time.Advance(TimeSpan.FromHours(2));
        await loop.FireDueAsync(Stop);

        (await _rig.EventsAsync()).ShouldHaveSingleItem().GetProperty("scheduled_at").GetString().ShouldBe("2026-02-27T08:00:00Z");
    }

    [Fact]
    public async Task Every_Period_IsNotShiftedByARestart()
    {
        await PublishAsync("""{ "every": "20m" }""");
        for (int i = 0; i < 10; i++)
        {
            await Loop().FireDueAsync(Stop);
            _time.Advance(TimeSpan.FromMinutes(7));
            await _rig.RestartAsync();
        }

        (await _rig.EventsAsync()).Select(e => e.GetProperty("scheduled_at").GetString()).ShouldBe(["2026-02-27T06:40:00Z", "2026-02-27T07:00:00Z", "2026-02-27T07:20:00Z"]);
    }

    [Theory]
    [InlineData("""{ "cron": "0 25 * * 1-5" }""", "pipelines/note/pipeline.json(3,43): error ARIA2010: '25' is no hour. Hours are 0 to 23.")]
    [InlineData("""{ "cron": "0 9 * *" }""", "pipelines/note/pipeline.json(3,40): error ARIA2010: A cron expression has five fields, this one has 4. Write minute, hour, day of the month, month and day of the week: \"0 9 * * 1-5\" is every weekday at nine.")]
    [InlineData("""{ "cron": "0 9 31 2 *" }""", "pipelines/note/pipeline.json(3,40): error ARIA2010: '0 9 31 2 *' never fires: there is no such date. Check day and month.")]
    [InlineData("""{ "every": "10s" }""", "pipelines/note/pipeline.json(3,41): error ARIA2010: A schedule fires at most once a minute. Write 1m or more.")]
    [InlineData("""{ "cron": "0 9 * * 1-5", "timeZone": "Europe/Belin" }""", "pipelines/note/pipeline.json(3,67): error ARIA2010: 'Europe/Belin' is not a time zone. Did you mean 'Europe/Berlin'?")]
    [InlineData("""{ "cron": "0 9 * * 1-5", "every": "1h" }""", "pipelines/note/pipeline.json(3,30): error ARIA1004: A schedule needs 'cron' or 'every', and not both.")]
    public void Mistake_InASchedule_IsFoundAtItsPlace(string schedule, string finding)
    {
        _rig.Write("note/pipeline.json", Pipeline(schedule));

        string[] findings = [.. _rig.Compile().Findings.Select(f => f.ToString().ReplaceLineEndings(" "))];
        findings.ShouldHaveSingleItem().ShouldStartWith(finding);
    }

    private static string Pipeline(string schedule) => $$$"""
        {
          "connections": {},
          "triggers": [{ "schedule": {{{schedule}}} }],
          "steps": [{ "id": "note", "map": { "at": "{{ event.scheduled_at }}" } }]
        }
        """;

    private ScheduleLoop Loop() => new(_rig.Catalog, _rig.Store, _rig.Parts.Intake, _time, NullLogger<ScheduleLoop>.Instance);

    private async Task PublishAsync(string schedule)
    {
        _rig.Write("note/pipeline.json", Pipeline(schedule));
        await _rig.ReloadAsync();
    }
}
