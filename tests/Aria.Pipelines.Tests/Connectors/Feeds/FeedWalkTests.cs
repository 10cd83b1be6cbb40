using System.Diagnostics;
using System.Globalization;
using Aria.Pipelines.Tests.Authoring;

namespace Aria.Pipelines.Tests.Connectors.Feeds;

/// <summary>
/// Every feed of every shipped connector, over random changes with restarts between: none is missed, none is doubled.
/// <c>ARIA_FEED_CHANGES=1000</c> asks for so many, <c>ARIA_FEED_SEED</c> for another walk than the one that is always the same.
/// </summary>
public sealed class FeedWalkTests
{
    [Fact]
    public void Feeds_OfEveryShippedConnector_AreWalked()
    {
        string[] missing =
        [
            .. from connector in Shipped.Connectors.ByName.Values
               from polled in connector.Events.Values
               let feeds = polled.Feeds.Count > 0 ? polled.Feeds.Count : polled.Poll is null ? 0 : 1
               where PolledFeeds.ByName.Values.Count(f => f.Connector == connector.Name && f.Event == polled.Type) < feeds
               select $"{connector.Name} {polled.Type}",
        ];

        missing.ShouldBeEmpty("add a line to PolledFeeds for each feed");
    }

    [Theory]
    [MemberData(nameof(PolledFeeds.Names), MemberType = typeof(PolledFeeds))]
    public async Task Changes_WithRestartsBetween_NoneMissedNoneDoubled(string name)
    {
        long seed = long.Parse(Environment.GetEnvironmentVariable("ARIA_FEED_SEED") ?? "20261128", CultureInfo.InvariantCulture);
        int changes = int.Parse(Environment.GetEnvironmentVariable("ARIA_FEED_CHANGES") ?? "250", CultureInfo.InvariantCulture);
        var walk = new FeedWalk(PolledFeeds.ByName[name], seed, changes);
        var watch = Stopwatch.StartNew();

        IReadOnlyList<string> wrong = await walk.RunAsync(TestContext.Current.CancellationToken);

        TestContext.Current.TestOutputHelper?.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"{name}, {changes} changes, seed {seed}: {walk.Events} events, closed {walk.Ends.Closed} times, ended while reading {walk.Ends.Ended} times, {watch.Elapsed.TotalSeconds:F1} s"));
        wrong.ShouldBeEmpty();
        walk.Events.ShouldBeGreaterThan(changes / 10);
        walk.Ends.Closed.ShouldBeGreaterThan(0);
        walk.Ends.Ended.ShouldBeGreaterThan(0);
    }
}
