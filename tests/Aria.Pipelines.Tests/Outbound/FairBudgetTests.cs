using Aria.Pipelines.Outbound;
using Aria.Pipelines.Store;
using Aria.Pipelines.Tests.Store;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace Aria.Pipelines.Tests.Outbound;

/// <summary>What a limit of 1000 an hour does to far more work than it allows, in virtual time over the real store.</summary>
public sealed class FairBudgetTests : IAsyncLifetime
{
    private const int Pipelines = 5;
    private const int Effects = 5000;
    private static readonly BudgetLimit Hourly = new(1000, TimeSpan.FromHours(1));
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("aria-fair-");
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 9, 1, 8, 0, 0, TimeSpan.Zero));
    private IStore _store = null!;
    private RateBudgets _budgets = null!;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => await OpenAsync();

    public async ValueTask DisposeAsync()
    {
        await _store.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    [Fact]
    public async Task FiveThousandDueEffects_WithThreeRestarts_HoldEveryRollingHourAndEqualShares()
    {
        var granted = new List<(DateTimeOffset At, string Pipeline)>();
        // All of the first pipeline asks before any of the second: the worst order.
        var due = new PriorityQueue<string, (DateTimeOffset At, int Order)>();
        int order = 0;
        for (int i = 0; i < Effects; i++)
        {
            due.Enqueue($"pipeline-{i / (Effects / Pipelines)}", (_time.GetUtcNow(), order++));
        }
        int asked = 0;
        while (due.TryDequeue(out string? pipeline, out (DateTimeOffset At, int Order) next))
        {
            if (next.At > _time.GetUtcNow())
            {
                _time.SetUtcNow(next.At);
            }
            asked++;
            if (await _budgets.TakeAsync(Scope(pipeline), Stop) is { } refused)
            {
                refused.At.ShouldBeGreaterThan(_time.GetUtcNow());
                due.Enqueue(pipeline, (refused.At, order++));
                continue;
            }
            granted.Add((_time.GetUtcNow(), pipeline));
            if (granted.Count is 900 or 2100 or 3600)
            {
                await ReopenAsync();
            }
        }

        granted.Count.ShouldBe(Effects, "nothing is dropped");
        MostIn(TimeSpan.FromHours(1), granted).ShouldBeLessThanOrEqualTo(1000);
        foreach (int upTo in new[] { 1000, 2500, 4000 })
        {
            int[] shares = [.. granted.Take(upTo).GroupBy(g => g.Pipeline).Select(g => g.Count())];
            shares.Length.ShouldBe(Pipelines);
            shares.Min().ShouldBeGreaterThanOrEqualTo(upTo / Pipelines * 8 / 10, $"after {upTo} permits: {string.Join(", ", shares)}");
        }
        TimeSpan took = granted[^1].At - granted[0].At;
        TestContext.Current.TestOutputHelper?.WriteLine($"{Effects} effects in {took}, asked {asked} times");
        asked.ShouldBeLessThan(Effects * 10, "a permit must not cost an ask of everybody who waits");
        took.ShouldBeLessThan(TimeSpan.FromHours(6), "950 an hour is what a limit of 1000 gives");
    }

    [Fact]
    public async Task Reserve_WhenTheBudgetIsUsedUp_IsThereForAPerson()
    {
        while (await _budgets.TakeAsync(Scope("a"), Stop) is null)
        {
        }
        int urgent = 0;
        while (await _budgets.TakeAsync(Scope("a") with { IsUrgent = true }, Stop) is null)
        {
            urgent++;
        }

        urgent.ShouldBe(5, "a tenth of the fifty that may leave at once");
    }

    [Fact]
    public async Task Refusals_WithoutADate_SlowTheBudgetDownAndItRecovers()
    {
        (await PermitsInAsync(TimeSpan.FromMinutes(20))).ShouldBeInRange(340, 375);
        await _budgets.SlowAsync(Scope("a"), Stop);
        await ReopenAsync();
        int slowed = await PermitsInAsync(TimeSpan.FromMinutes(9));
        slowed.ShouldBeInRange(92, 102, "0.7 of 142");
        _time.Advance(TimeSpan.FromHours(1));
        await PermitsInAsync(TimeSpan.FromMinutes(5));
        (await PermitsInAsync(TimeSpan.FromMinutes(9))).ShouldBeInRange(138, 145);
    }

    [Fact]
    public async Task Taken_WhileThereWasEnoughForAll_IsNotHeldAgainstAnybody()
    {
        for (int i = 0; i < 60; i++)
        {
            (await _budgets.TakeAsync(Minutely(null), Stop)).ShouldBeNull("five in a second are within 600 in a minute");
            _time.Advance(TimeSpan.FromMilliseconds(200));
        }
        while (await _budgets.TakeAsync(Minutely("a"), Stop) is null)
        {
        }
        _time.Advance(TimeSpan.FromSeconds(2));

        (await _budgets.TakeAsync(Minutely(null), Stop)).ShouldBeNull("nineteen permits are there, and one run waits for one");
    }

    [Fact]
    public async Task Turns_OfWhoCameInTheMillisecondOfThem_AreNotWaitedForByOthers()
    {
        DateTimeOffset until = _time.GetUtcNow() + TimeSpan.FromSeconds(30);
        await _budgets.BlockAsync(Secondly("a"), until, Stop);
        var due = new SortedDictionary<long, List<string>>();
        foreach (string pipeline in new[] { "a", "b", "c", "a", "b", "c" })
        {
            // The store keeps whole milliseconds.
            long at = (await _budgets.TakeAsync(Secondly(pipeline), Stop)).ShouldNotBeNull().At.ToUnixTimeMilliseconds();
            due[at] = [.. due.GetValueOrDefault(at, []), pipeline];
        }
        foreach ((long at, List<string> pipelines) in due)
        {
            _time.SetUtcNow(DateTimeOffset.FromUnixTimeMilliseconds(at));
            foreach (string pipeline in pipelines)
            {
                (await _budgets.TakeAsync(Secondly(pipeline), Stop)).ShouldBeNull();
            }
        }
        _time.Advance(TimeSpan.FromMilliseconds(20));

        for (int i = 0; i < 5; i++)
        {
            (await _budgets.TakeAsync(Secondly("b"), Stop)).ShouldBeNull("all who waited have come");
        }
    }

    [Fact]
    public async Task Refused_WithALimitOfThousandsASecond_ComeBackOneAfterTheOther()
    {
        await _budgets.BlockAsync(Secondly("a"), _time.GetUtcNow() + TimeSpan.FromSeconds(30), Stop);

        var at = new List<DateTimeOffset>();
        // More than a window holds at that distance.
        for (int i = 0; i < 1000; i++)
        {
            at.Add((await _budgets.TakeAsync(Secondly("a"), Stop)).ShouldNotBeNull().At);
        }

        at.Zip(at.Skip(1)).ShouldAllBe(pair => pair.Second - pair.First >= TimeSpan.FromMilliseconds(5));
    }

    [Fact]
    public async Task Permit_OwedToAPipelineThatDoesNotCome_IsSoonThereForWhoDoes()
    {
        await _budgets.BlockAsync(Secondly("a"), _time.GetUtcNow() + TimeSpan.FromSeconds(30), Stop);
        DateTimeOffset turn = (await _budgets.TakeAsync(Secondly("a"), Stop)).ShouldNotBeNull().At;
        await _budgets.TakeAsync(Secondly("b"), Stop);
        await _budgets.TakeAsync(Secondly("b"), Stop);
        _time.SetUtcNow(turn + TimeSpan.FromMilliseconds(10));
        (await _budgets.TakeAsync(Secondly("b"), Stop)).ShouldBeNull();
        (await _budgets.TakeAsync(Secondly("b"), Stop)).ShouldNotBeNull("the next one is for the other pipeline");

        _time.Advance(TimeSpan.FromSeconds(1));

        (await _budgets.TakeAsync(Secondly("b"), Stop)).ShouldBeNull("it has not come for a second, and there are permits enough");
    }

    private static BudgetScope Secondly(string pipeline) => new("fast", new BudgetLimit(1_000_000, TimeSpan.FromSeconds(1))) { Pipeline = pipeline };

    private static BudgetScope Minutely(string? pipeline) => new("ats", new BudgetLimit(600, TimeSpan.FromMinutes(1))) { Pipeline = pipeline };

    private static BudgetScope Scope(string pipeline) => new("aria", Hourly) { Pipeline = pipeline };

    private static int MostIn(TimeSpan window, List<(DateTimeOffset At, string Pipeline)> granted)
    {
        int most = 0;
        for (int last = 0, first = 0; last < granted.Count; last++)
        {
            while (granted[last].At - granted[first].At >= window)
            {
                first++;
            }
            most = Math.Max(most, last - first + 1);
        }
        return most;
    }

    private async Task<int> PermitsInAsync(TimeSpan time)
    {
        DateTimeOffset end = _time.GetUtcNow() + time;
        int granted = 0;
        while (true)
        {
            if (await _budgets.TakeAsync(Scope("a"), Stop) is not { } refused)
            {
                granted++;
            }
            else if (refused.At > end)
            {
                _time.SetUtcNow(end);
                return granted;
            }
            else
            {
                _time.SetUtcNow(refused.At);
            }
        }
    }

    private async Task OpenAsync()
    {
        _store = await SqliteFiles.OpenAsync(_folder.FullName, _time);
        _budgets = new RateBudgets(_store, new CircuitBreakers(_store, _time, NullLogger<CircuitBreakers>.Instance), _time);
    }

    private async Task ReopenAsync()
    {
        await _store.DisposeAsync();
        await OpenAsync();
    }
}
