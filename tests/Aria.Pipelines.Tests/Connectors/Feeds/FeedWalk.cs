using System.Globalization;
using Aria.Pipelines.Faults.Rig;
using Aria.Pipelines.Sandbox.Faults;
using Microsoft.Extensions.Time.Testing;

namespace Aria.Pipelines.Tests.Connectors.Feeds;

/// <summary>
/// Changes at random in an account, while a host asks for them that is closed and opened again, ends in the middle of reading, and is
/// answered with faults. Now and then it reads in peace, and everything that can be seen must then have been seen, once.
/// </summary>
internal sealed class FeedWalk(PolledFeed feed, long seed, int changes)
{
    // Longer than any interval, and than what a feed waits after a failure.
    private static readonly TimeSpan Due = TimeSpan.FromMinutes(6);
    private static readonly FaultKind[] Faults = [FaultKind.Status, FaultKind.DropBefore, FaultKind.DropAfter, FaultKind.Garbage];
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 9, 1, 8, 0, 0, TimeSpan.Zero));
    private readonly Dice _dice = new(seed);
    private readonly FeedHistory _history = new(feed.Sight);
    private readonly List<string> _applications = [];
    private PolledAccount _account = null!;
    private int _made;

    /// <summary>How often the host ended in good order, and while a request was under way.</summary>
    public (int Closed, int Ended) Ends { get; private set; }

    /// <summary>Events held against what happened.</summary>
    public int Events { get; private set; }

    /// <summary>Walks.</summary>
    /// <returns>What was missed, doubled or made up; empty when all is well.</returns>
    public async Task<IReadOnlyList<string>> RunAsync(CancellationToken cancellationToken)
    {
        await using PolledAccount account = _account = await feed.Open(_time, cancellationToken);
        for (int i = 0; i < 5; i++)
        {
            FeedChange there = account.Apply(i);
            _applications.Add(there.Application);
            if (feed.KnowsWhatWasThere)
            {
                _history.WasThere(there);
            }
        }
        // Longer than any overlap.
        _time.Advance(TimeSpan.FromHours(2));
        await using FeedHost host = await FeedHost.StartAsync(feed, account, _time);
        await host.ReadAsync();
        while (_made < changes)
        {
            Happen(_dice.Between(2, 16));
            await DisturbAsync(host);
            if (_dice.Percent(30) && await SettleAsync(host) is { Count: > 0 } wrong)
            {
                return wrong;
            }
        }
        return await SettleAsync(host);
    }

    private void Happen(int most)
    {
        for (int i = most == 0 ? 0 : _dice.Between(1, most); i > 0; i--, _made++)
        {
            bool applies = _dice.Percent(feed.Event == "application.created" ? 60 : 10);
            FeedChange change = applies ? _account.Apply(_applications.Count) : _account.Change(_dice.Of(_applications), _dice);
            _history.Happened(change);
            if (applies)
            {
                _applications.Add(change.Application);
            }
            // Half of them in the same moment as the one before.
            _time.Advance(TimeSpan.FromMilliseconds(_dice.Below(2) * _dice.Below(3000)));
        }
    }

    /// <summary>Something that happens to hosts, while or after they read.</summary>
    private async Task DisturbAsync(FeedHost host)
    {
        _time.Advance(Due);
        switch (_dice.Below(6))
        {
            case 0:
                // It was down while things happened.
                await host.RestartAsync();
                Ends = (Ends.Closed + 1, Ends.Ended);
                break;
            case 1 or 2:
                Ends = (Ends.Closed, Ends.Ended + (await host.EndWhileReadingAsync(_dice.Below(_dice.Between(1, 6)), _dice.Percent(50)) ? 1 : 0));
                break;
            case 3:
                _account.Faults.Add(new Fault { Kind = _dice.Of(Faults), Times = _dice.Between(1, 3), Status = _dice.Of([500, 503, 429, 403]) });
                await host.ReadAsync();
                break;
            case 4:
                // A bounded number: a queue that is read one by one would never be empty.
                int requests = 12;
                host.Meanwhile = () => Happen(requests-- > 0 ? _dice.Below(2) * _dice.Below(3) : 0);
                await host.ReadAsync();
                host.Meanwhile = null;
                break;
            default:
                await host.ReadAsync();
                break;
        }
    }

    /// <summary>Reads in peace, and compares.</summary>
    private async Task<IReadOnlyList<string>> SettleAsync(FeedHost host)
    {
        _account.Faults.Clear();
        for (int tries = 0; tries == 0 || (host.Status.Failures > 0 && tries < 3); tries++)
        {
            _time.Advance(Due);
            await host.ReadAsync();
        }
        IReadOnlyList<FeedNews> news = await host.NewsAsync();
        Events += news.Count;
        string at = string.Create(CultureInfo.InvariantCulture, $"{feed.Connector} {feed.Event}, seed {seed}, after {_made} changes");
        string[] unread = host.Status.Failures > 0 ? [$"{at}: could not be read: {host.Status.Code}"] : [];
        return [.. unread, .. _history.Compare(news).Select(w => $"{at}: {w}")];
    }
}
