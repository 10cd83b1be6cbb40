using System.Globalization;
using Aria.Pipelines.Connectors;
using Aria.Pipelines.Faults.Rig;
using Aria.Pipelines.Sandbox.Faults;
using Microsoft.Extensions.Time.Testing;

namespace Aria.Pipelines.Tests.Connectors.Feeds;

/// <summary>Within five minutes: how long changes wait until they are accepted, for every feed of every shipped connector in its own interval.</summary>
public sealed class FeedLagTests
{
    private const int Minutes = 120;
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 9, 1, 8, 0, 0, TimeSpan.Zero));

    [Theory]
    [MemberData(nameof(PolledFeeds.Names), MemberType = typeof(PolledFeeds))]
    public async Task Lag_OfEveryChange_IsWithinFiveMinutesAlsoWhenAnAnswerFails(string name)
    {
        PolledFeed feed = PolledFeeds.ByName[name];
        await using PolledAccount account = await feed.Open(_time, TestContext.Current.CancellationToken);
        await using FeedHost host = await FeedHost.StartAsync(feed, account, _time);
        await host.ReadAsync();
        var history = new FeedHistory(feed.Sight);
        var happened = new List<(FeedChange Change, DateTimeOffset At)>();
        var dice = new Dice(1);
        for (int minute = 0; minute < Minutes; minute++)
        {
            if (minute % 3 == 0 && minute < Minutes - 10)
            {
                FeedChange applied = account.Apply(minute);
                happened.Add((applied, _time.GetUtcNow()));
                _time.Advance(TimeSpan.FromSeconds(1));
                happened.Add((account.Change(applied.Application, dice), _time.GetUtcNow()));
            }
            if (minute % 30 == 0)
            {
                account.Faults.Add(new Fault { Kind = FaultKind.Status });
            }
            for (int part = 0; part < 6; part++)
            {
                _time.Advance(TimeSpan.FromSeconds(10));
                await host.ReadAsync();
            }
        }
        IReadOnlyList<FeedNews> news = await host.NewsAsync();
        TimeSpan longest = news.Max(n => n.At - happened.Last(h => h.Change.Application == n.Application && h.Change.Mark == n.Mark && h.At <= n.At).At);

        happened.ForEach(h => history.Happened(h.Change));
        history.Compare(news).ShouldBeEmpty();
        TestContext.Current.TestOutputHelper?.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{name}: {news.Count} changes, the longest wait {longest.TotalSeconds:F0} s"));
        news.Count.ShouldBeGreaterThan(5);
        longest.ShouldBeLessThanOrEqualTo(PollDefinition.LongestInterval);
    }
}
