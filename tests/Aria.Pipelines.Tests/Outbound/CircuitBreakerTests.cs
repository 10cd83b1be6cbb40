using System.Diagnostics.Metrics;
using Aria.Pipelines.Outbound;
using Aria.Pipelines.Store;
using Aria.Pipelines.Telemetry;
using Aria.Pipelines.Tests.House;
using Aria.Pipelines.Tests.Store;
using Microsoft.Extensions.Time.Testing;

namespace Aria.Pipelines.Tests.Outbound;

public sealed class CircuitBreakerTests : IAsyncLifetime
{
    private static readonly BudgetScope Account = new("ats", null) { Breaker = new BreakerTerms(3, TimeSpan.FromSeconds(30)) };
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("aria-breaker-");
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 9, 1, 8, 0, 0, TimeSpan.Zero));
    private readonly LoggedLines<CircuitBreakers> _log = new();
    private IStore _store = null!;
    private CircuitBreakers _breakers = null!;
    private RateBudgets _budgets = null!;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => await OpenAsync();

    public async ValueTask DisposeAsync()
    {
        await _store.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    [Fact]
    public async Task Failures_InARow_OpenItAndOneProbeClosesIt()
    {
        await FailAsync(2);
        (await TakeAsync()).ShouldBeNull();
        await FailAsync(1);

        (await TakeAsync()).ShouldBe(new PermitRefusal(_time.GetUtcNow().AddSeconds(30), PermitRefusal.BreakerOpen));
        (await _budgets.TakeAsync(new BudgetScope("aria", null), Stop)).ShouldBeNull("another account answers");
        _breakers.Open.ShouldBe([new BreakerStatus("ats", "open", 3, _time.GetUtcNow().AddSeconds(30))]);

        _time.Advance(TimeSpan.FromSeconds(30));
        (await TakeAsync()).ShouldBeNull("the probe");
        (await TakeAsync())!.Code.ShouldBe(PermitRefusal.BreakerOpen, "one probe, and no more");
        await _budgets.ReportAsync(Account, answered: true, Stop);
        (await TakeAsync()).ShouldBeNull();
        _breakers.Open.ShouldBeEmpty();
    }

    [Fact]
    public async Task Opening_AndAnswersAgain_AreLoggedAndNothingElseIs()
    {
        await FailAsync(2);
        await _budgets.ReportAsync(Account, answered: true, Stop);
        await FailAsync(4);
        _time.Advance(TimeSpan.FromSeconds(30));
        await FailAsync(1);
        await _budgets.ReportAsync(Account, answered: true, Stop);
        await _budgets.ReportAsync(Account, answered: true, Stop);

        _log.Lines.ShouldBe([
            "2201 Warning: Connection ats did not answer 3 times in a row: nothing is sent to it until 2026-09-01T08:00:30.0000000+00:00, then one request tries. What needs it waits in the store",
            "2201 Warning: Connection ats did not answer 4 times in a row: nothing is sent to it until 2026-09-01T08:01:30.0000000+00:00, then one request tries. What needs it waits in the store",
            "2202 Information: Connection ats answers again",
        ]);
    }

    [Fact]
    public async Task Gauge_OfABreakerThatOpened_GoesBackToNought()
    {
        var shown = new List<(string? Connection, long Value)>();
        using var gauge = new BreakerGauge(_breakers);
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, heard) =>
        {
            if (instrument is { Meter.Name: EngineMetrics.MeterName, Name: "aria.breaker.open" })
            {
                heard.EnableMeasurementEvents(instrument);
            }
        };
        listener.SetMeasurementEventCallback<long>((_, value, tags, _) => shown.Add((tags[0].Value as string, value)));
        listener.Start();
        var mine = new BudgetScope("gauge", null) { Breaker = Account.Breaker };

        await _budgets.ReportAsync(mine, answered: false, Stop);
        listener.RecordObservableInstruments();
        shown.ShouldNotContain(s => s.Connection == "gauge", "it is closed, and always was");
        await _budgets.ReportAsync(mine, answered: false, Stop);
        await _budgets.ReportAsync(mine, answered: false, Stop);
        listener.RecordObservableInstruments();
        await _budgets.ReportAsync(mine, answered: true, Stop);
        listener.RecordObservableInstruments();

        shown.Where(s => s.Connection == "gauge").Select(s => s.Value).ShouldBe([1, 0]);
    }

    [Fact]
    public async Task Probes_ThatFail_ComeLessAndLessOften()
    {
        await FailAsync(3);
        var waits = new List<double>();
        for (int i = 0; i < 7; i++)
        {
            PermitRefusal refused = (await TakeAsync())!;
            waits.Add((refused.At - _time.GetUtcNow()).TotalSeconds);
            _time.SetUtcNow(refused.At);
            (await TakeAsync()).ShouldBeNull();
            await FailAsync(1);
        }

        waits.ShouldBe([30, 60, 120, 240, 480, 600, 600]);
    }

    [Fact]
    public async Task ThoseRefused_ComeBackOneBehindTheOther()
    {
        await FailAsync(3);
        DateTimeOffset until = _time.GetUtcNow().AddSeconds(30);
        var turns = new List<double>();
        for (int i = 0; i < 1000; i++)
        {
            turns.Add(((await TakeAsync())!.At - until).TotalMilliseconds);
        }

        turns.ShouldBe(Enumerable.Range(0, 1000).Select(i => i * 5.0));
        (await _budgets.TakeAsync(Account with { IsUrgent = true }, Stop))!.At.ShouldBe(until, "a person waits for it");

        _time.SetUtcNow(until);
        (await TakeAsync()).ShouldBeNull("the probe");
        (await TakeAsync())!.At.ShouldBe(until.AddSeconds(5), "it is behind the probe, and those before it are as well");
        (await TakeAsync())!.At.ShouldBe(until.AddSeconds(5).AddMilliseconds(5));
    }

    [Fact]
    public async Task Clock_SetBackADay_DoesNotKeepItOpenForADay()
    {
        await FailAsync(3);
        _time.AdjustTime(_time.GetUtcNow().AddDays(-1));

        (await TakeAsync()).ShouldBeNull("the probe");
        await FailAsync(1);
        (await TakeAsync())!.At.ShouldBe(_time.GetUtcNow().AddSeconds(60), "it did not answer");
    }

    [Fact]
    public async Task Answers_InBetween_KeepItClosed()
    {
        for (int i = 0; i < 10; i++)
        {
            await FailAsync(2);
            await _budgets.ReportAsync(Account, answered: true, Stop);
        }

        (await TakeAsync()).ShouldBeNull();
    }

    [Fact]
    public async Task Open_OverARestart_StaysClosedToRequestsUntilItsTime()
    {
        await FailAsync(3);
        DateTimeOffset until = _time.GetUtcNow().AddSeconds(30);
        await _store.DisposeAsync();
        await OpenAsync();

        (await TakeAsync())!.At.ShouldBe(until);
        _time.SetUtcNow(until);
        (await TakeAsync()).ShouldBeNull();
    }

    [Fact]
    public async Task Probe_ThatNeverReports_IsReplaced()
    {
        await FailAsync(3);
        _time.Advance(TimeSpan.FromSeconds(30));
        (await TakeAsync()).ShouldBeNull();
        _time.Advance(TimeSpan.FromMinutes(2));

        (await TakeAsync()).ShouldBeNull();
    }

    private ValueTask<PermitRefusal?> TakeAsync() => _budgets.TakeAsync(Account, Stop);

    private async Task FailAsync(int times)
    {
        for (int i = 0; i < times; i++)
        {
            await _budgets.ReportAsync(Account, answered: false, Stop);
        }
    }

    private async Task OpenAsync()
    {
        _store = await SqliteFiles.OpenAsync(_folder.FullName, _time);
        _breakers = new CircuitBreakers(_store, _time, _log);
        _budgets = new RateBudgets(_store, _breakers, _time);
    }
}
