using Aria.Pipelines.Outbound;
using Aria.Pipelines.Store;
using Aria.Pipelines.Tests.Store;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace Aria.Pipelines.Tests.Outbound;

/// <summary>Budgets over the real store.</summary>
public sealed class RateBudgetTests : IAsyncLifetime
{
    private static readonly BudgetScope Aria = new("aria", new BudgetLimit(40, TimeSpan.FromMinutes(1)));
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("aria-budgets-");
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
    public async Task Take_AlwaysAsSoonAsAllowed_NoRollingWindowHoldsMoreThanTheLimit()
    {
        var granted = new List<DateTimeOffset>();
        while (granted.Count < 150)
        {
            if (granted.Count is 50 or 100)
            {
                await ReopenAsync();
            }
            if (await _budgets.TakeAsync(Aria, Stop) is { } later)
            {
                later.At.ShouldBeGreaterThan(_time.GetUtcNow());
                _time.SetUtcNow(later.At);
            }
            else
            {
                granted.Add(_time.GetUtcNow());
            }
        }

        granted.Max(first => granted.Count(at => at >= first && at < first.AddMinutes(1))).ShouldBeLessThanOrEqualTo(40);
        // Nothing is wasted either: 150 permits at 40 a minute take no more than four and a half minutes.
        (granted[^1] - granted[0]).ShouldBeLessThan(TimeSpan.FromMinutes(4.5));
    }

    [Theory]
    [InlineData(10, 1, 100, 60)]
    [InlineData(100, 60, 10, 1)]
    public async Task Take_SeveralWindows_EachHoldsAndTheLongOneIsUsedUpWhole(int first, int per, int also, int alsoPer)
    {
        (int Limit, TimeSpan Window)[] windows = [(first, TimeSpan.FromSeconds(per)), (also, TimeSpan.FromSeconds(alsoPer))];
        var scope = new BudgetScope("aria", new BudgetLimit(windows[0].Limit, windows[0].Window)) { More = [new BudgetLimit(windows[1].Limit, windows[1].Window)] };
        var granted = new List<DateTimeOffset>();
        while (granted.Count < 300)
        {
            if (granted.Count == 150)
            {
                await ReopenAsync();
            }
            if (await _budgets.TakeAsync(scope, Stop) is { } later)
            {
                _time.SetUtcNow(later.At > _time.GetUtcNow() ? later.At : _time.GetUtcNow().AddMilliseconds(1));
            }
            else
            {
                granted.Add(_time.GetUtcNow());
            }
        }

        foreach ((int limit, TimeSpan window) in windows)
        {
            granted.Max(at => granted.Count(other => other >= at && other < at + window)).ShouldBeLessThanOrEqualTo(limit);
        }
        // What the short window refuses costs the long one nothing: 300 permits at 95 a minute.
        (granted[^1] - granted[0]).ShouldBeLessThan(TimeSpan.FromMinutes(3.2));
    }

    [Fact]
    public async Task Block_UntilATime_HoldsForEveryPipelineAndOverARestart()
    {
        DateTimeOffset until = _time.GetUtcNow().AddMinutes(10);
        await _budgets.BlockAsync(Aria, until, Stop);
        await ReopenAsync();

        (await _budgets.TakeAsync(Aria, Stop))!.At.ShouldBe(until);
        (await _budgets.TakeAsync(new BudgetScope("greenhouse", null), Stop)).ShouldBeNull();
        _time.SetUtcNow(until);
        (await _budgets.TakeAsync(Aria, Stop)).ShouldBeNull();
    }

    [Fact]
    public async Task Block_ForAYear_IsOneHour()
    {
        await _budgets.BlockAsync(Aria, _time.GetUtcNow().AddYears(1), Stop);

        (await _budgets.TakeAsync(Aria, Stop))!.At.ShouldBe(_time.GetUtcNow().AddHours(1));
    }

    [Fact]
    public async Task Block_ShorterThanTheOneInForce_ChangesNothing()
    {
        await _budgets.BlockAsync(Aria, _time.GetUtcNow().AddMinutes(10), Stop);
        await _budgets.BlockAsync(Aria, _time.GetUtcNow().AddMinutes(1), Stop);

        (await _budgets.TakeAsync(Aria, Stop))!.At.ShouldBe(_time.GetUtcNow().AddMinutes(10));
    }

    [Fact]
    public async Task Block_ConnectionWithoutLimit_IsHonoured()
    {
        var free = new BudgetScope("greenhouse", null);
        await _budgets.BlockAsync(free, _time.GetUtcNow().AddSeconds(30), Stop);

        (await _budgets.TakeAsync(free, Stop))!.At.ShouldBe(_time.GetUtcNow().AddSeconds(30));
    }

    [Fact]
    public async Task ObserveRemaining_LessThanWeThought_IsBelieved()
    {
        (await _budgets.TakeAsync(Aria, Stop)).ShouldBeNull();
        await _budgets.ObserveRemainingAsync(Aria, 0, Stop);

        (await _budgets.TakeAsync(Aria, Stop)).ShouldNotBeNull();
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
