using Aria.Pipelines.Store;

namespace Aria.Pipelines.Tests.Store;

public abstract class BudgetContract : StoreContract
{
    private const string Scope = "aria|api.aria.example";

    private static readonly BudgetLimit Hourly = new(1000, TimeSpan.FromHours(1));

    [Fact]
    public async Task Permit_Burst_IsATwentiethOfTheLimit()
    {
        int granted = 0;
        DateTimeOffset? next;
        while ((next = await TakeAsync(Hourly)) is null)
        {
            granted++;
        }

        granted.ShouldBe(50);
        next.ShouldBe(Now + TimeSpan.FromMilliseconds(3790), "one permit every 3.79 s");
        Time.Advance(TimeSpan.FromMilliseconds(3789));
        (await TakeAsync(Hourly)).ShouldBe(Now + TimeSpan.FromMilliseconds(1));
        Time.Advance(TimeSpan.FromMilliseconds(1));
        (await TakeAsync(Hourly)).ShouldBeNull();
    }

    [Fact]
    public async Task Block_AndAClockSetBackADay_DoesNotLastForADay()
    {
        await Store.LimitBudgetAsync(Scope, Now + TimeSpan.FromSeconds(30), null, Now, Stop);
        (await TakeAsync(Hourly)).ShouldBe(Now + TimeSpan.FromSeconds(30));
        Time.AdjustTime(Now - TimeSpan.FromDays(1));

        (await TakeAsync(Hourly)).ShouldBeNull();
        await Store.LimitBudgetAsync(Scope, Now + TimeSpan.FromSeconds(30), null, Now, Stop);
        (await TakeAsync(Hourly)).ShouldBe(Now + TimeSpan.FromSeconds(30), "a new one holds");
    }

    [Theory]
    [InlineData(1, 1_000, 1)]
    [InlineData(2, 1_000, 2)]
    [InlineData(7, 1_000, 3)]
    [InlineData(20, 60_000, 4)]
    [InlineData(100, 10_000, 5)]
    [InlineData(333, 7_777, 6)]
    [InlineData(1000, 3_600_000, 7)]
    public async Task Permits_InEveryRollingWindow_AreAtMostTheLimit(int limit, int windowMs, uint seed)
    {
        var budget = new BudgetLimit(limit, TimeSpan.FromMilliseconds(windowMs));
        List<long> grants = [];
        DateTimeOffset start = Now;
        for (int i = 0; i < 600 + (2 * limit); i++)
        {
            seed = (seed * 1_664_525) + 1_013_904_223;
            if (await TakeAsync(budget) is not DateTimeOffset next)
            {
                grants.Add((Now - start).Ticks / TimeSpan.TicksPerMillisecond);
            }
            else
            {
                // Sometimes exactly on time, sometimes after a pause that fills the bucket.
                Time.SetUtcNow(next + TimeSpan.FromMilliseconds(seed % 8 == 0 ? (seed >> 8) % windowMs : 0));
            }
            if (i == 350)
            {
                await ReopenAsync();
            }
        }

        grants.Count.ShouldBeGreaterThanOrEqualTo(300 + limit);
        for (int first = 0; first + limit < grants.Count; first++)
        {
            (grants[first + limit] - grants[first]).ShouldBeGreaterThan(windowMs, $"limit {limit}, grant {first}");
        }
    }

    [Fact]
    public async Task Permit_SpentThenKilled_StaysSpent()
    {
        var budget = new BudgetLimit(2, TimeSpan.FromHours(1));
        (await TakeAsync(budget)).ShouldBeNull();

        await KillAndReopenAsync();

        (await TakeAsync(budget)).ShouldBe(Now + TimeSpan.FromHours(1));
    }

    [Fact]
    public async Task Permit_Blocked_ComesWhenTheBlockEnds()
    {
        await Store.LimitBudgetAsync(Scope, Now.AddMinutes(10), remaining: null, Now, Stop);
        await Store.LimitBudgetAsync(Scope, Now.AddMinutes(5), remaining: null, Now, Stop);

        (await TakeAsync(Hourly)).ShouldBe(Now.AddMinutes(10));
        (await Store.TakePermitAsync(new Permit("another", Hourly, Now), Stop)).ShouldBeNull();
        Time.Advance(TimeSpan.FromMinutes(10));
        (await TakeAsync(Hourly)).ShouldBeNull();
    }

    [Theory]
    [InlineData(3, 3)]
    [InlineData(0, 0)]
    [InlineData(900, 49)]
    public async Task Remaining_BelowTheBucket_LowersItAndNeverRaisesIt(int remaining, int left)
    {
        (await TakeAsync(Hourly)).ShouldBeNull();

        await Store.LimitBudgetAsync(Scope, blockedUntil: null, remaining, Now, Stop);

        for (int i = 0; i < left; i++)
        {
            (await TakeAsync(Hourly)).ShouldBeNull();
        }
        (await TakeAsync(Hourly)).ShouldNotBeNull();
    }

    [Fact]
    public async Task Remaining_BeforeTheFirstPermit_Holds()
    {
        await Store.LimitBudgetAsync(Scope, blockedUntil: null, remaining: 1, Now, Stop);

        (await TakeAsync(Hourly)).ShouldBeNull();
        (await TakeAsync(Hourly)).ShouldNotBeNull();
    }

    [Fact]
    public async Task Limit_Changed_KeepsWhatIsLeft()
    {
        for (int i = 0; i < 49; i++)
        {
            (await TakeAsync(Hourly)).ShouldBeNull();
        }

        var doubled = new BudgetLimit(1000, TimeSpan.FromHours(2));
        (await TakeAsync(doubled)).ShouldBeNull();
        (await TakeAsync(doubled)).ShouldBe(Now + TimeSpan.FromMilliseconds(7579));
    }

    [Fact]
    public async Task Clock_SetBack_NeitherStallsNorFloods()
    {
        while (await TakeAsync(Hourly) is null)
        {
        }
        DateTimeOffset back = Now.AddHours(-2);

        (await Store.TakePermitAsync(new Permit(Scope, Hourly, back), Stop)).ShouldBe(back + TimeSpan.FromMilliseconds(3790));
    }

    [Fact]
    public async Task Budget_WithoutPermits_IsRefused() =>
        (await Should.ThrowAsync<ArgumentOutOfRangeException>(TakeAsync(new BudgetLimit(0, TimeSpan.FromHours(1))))).Message
            .ShouldStartWith("A budget allows at least one permit, in a window of at least a millisecond.");

    [Fact]
    public async Task Once_ClaimedByAnotherRun_IsRefusedUntilItEnds()
    {
        RunLease first = await AcceptAndLeaseAsync("application:1");
        RunLease second = await AcceptAndLeaseAsync("application:2");

        (await ClaimAsync(first, "ada@example.com|job 1")).ShouldBeNull();
        (await ClaimAsync(second, "ada@example.com|job 1")).ShouldBe(first.RunId);
        (await ClaimAsync(second, "ada@example.com|job 2")).ShouldBeNull();
        (await ClaimAsync(first, "ada@example.com|job 1")).ShouldBeNull("a run keeps its own claim");
        (await Store.ClaimOnceAsync(second, "other scope", "ada@example.com|job 1", Now, Now.AddDays(30), Stop)).ShouldBeNull();
        Time.Advance(TimeSpan.FromDays(30));
        (await ClaimAsync(second, "ada@example.com|job 1")).ShouldBeNull();
        (await ClaimAsync(first, "ada@example.com|job 1")).ShouldBe(second.RunId);
    }

    [Fact]
    public async Task Once_ClaimedInParallel_HasOneWinner()
    {
        List<RunLease> leases = [];
        for (int i = 0; i < 20; i++)
        {
            leases.Add(await AcceptAndLeaseAsync($"application:{i}"));
        }

        string?[] holders = await Task.WhenAll(leases.Select(lease => ClaimAsync(lease, "k")));

        holders.Count(h => h is null).ShouldBe(1);
    }

    private Task<DateTimeOffset?> TakeAsync(BudgetLimit limit) => Store.TakePermitAsync(new Permit(Scope, limit, Now), Stop);

    private Task<string?> ClaimAsync(RunLease lease, string key) => Store.ClaimOnceAsync(lease, "interview", key, Now, Now.AddDays(30), Stop);
}
