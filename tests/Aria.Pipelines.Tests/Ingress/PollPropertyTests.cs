using Aria.Pipelines.Faults.Rig;
using Aria.Pipelines.Ingress;
using Aria.Pipelines.Tests.Ingress.Systems;
using Microsoft.Extensions.Time.Testing;

namespace Aria.Pipelines.Tests.Ingress;

/// <summary>A thousand changes, with faults and restarts wherever they may fall: none is missed, none is doubled.</summary>
public sealed class PollPropertyTests
{
    private const int Changes = 1000;
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 9, 1, 8, 0, 0, TimeSpan.Zero));

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Orchard_AThousandChangesWithRestarts_NoneMissedNoneDoubled(int seed)
    {
        var system = new OrchardSystem(_time);
        await using PollRig rig = await PollRig.StartAsync(PollRig.Folder("Orchard"), PollRig.Account("Orchard"), system, _time);

        await ShouldSeeEverythingAsync(rig, system, new Dice(seed), "/attributes/version", forget: null);
    }

    [Theory]
    [InlineData(3)]
    [InlineData(4)]
    public async Task Relay_AThousandChangesWithRestartsAndForgottenTokens_NoneMissedNoneDoubled(int seed)
    {
        var system = new RelaySystem(_time);
        await using PollRig rig = await PollRig.StartAsync(PollRig.Folder("Relay"), PollRig.Account("Relay"), system, _time);

        await ShouldSeeEverythingAsync(rig, system, new Dice(seed), "/version", system.ForgetTokens);
    }

    private async Task ShouldSeeEverythingAsync(PollRig rig, PolledSystem system, Dice dice, string version, Action? forget)
    {
        PollFeed feed = rig.Feed();
        // What is there when the feed begins is no news.
        system.Change(1000);
        _time.Advance(TimeSpan.FromHours(1));
        (await rig.PassAsync(feed)).Failure.ShouldBeNull();
        _time.Advance(TimeSpan.FromMinutes(5));
        var mustBeSeen = new HashSet<string>();
        int restarts = 0;
        for (int made = 0; made < Changes;)
        {
            for (int burst = dice.Below(8); burst >= 0; burst--, made++)
            {
                // Half of them in the same second as the one before; some become visible later than others that happened after them.
                system.Change(dice.Below(60), TimeSpan.FromSeconds(dice.Below(10) == 0 ? dice.Below(60) : 0));
                _time.Advance(TimeSpan.FromMilliseconds(dice.Below(2) * dice.Below(3000)));
            }
            for (int steps = dice.Below(6); steps > 0; steps--)
            {
                if (dice.Below(5) == 0)
                {
                    system.Faults.Enqueue(new[] { 0, 500, 503, 403 }[dice.Below(4)]);
                }
                await feed.StepAsync(rig.Connection, TestContext.Current.CancellationToken);
                if (dice.Below(8) == 0)
                {
                    system.Change(dice.Below(60));
                    made++;
                }
            }
            if (dice.Below(6) == 0)
            {
                await rig.RestartAsync();
                feed = rig.Feed();
                restarts++;
            }
            if (dice.Below(25) == 0)
            {
                forget?.Invoke();
            }
            if (dice.Below(4) == 0)
            {
                _time.Advance(TimeSpan.FromSeconds(70));
                system.Faults.Clear();
                await rig.PassAsync(feed);
                PollStep whole = await rig.PassAsync(feed);
                whole.Failure.ShouldBeNull();
                // What was visible during a whole pass has been seen.
                mustBeSeen.UnionWith(system.Applications.Where(a => a.Id != "1000").Select(a => $"{a.Id} v{a.Version}"));
            }
            _time.Advance(TimeSpan.FromSeconds(dice.Below(90)));
        }
        await rig.PassAsync(feed);
        string[] seen = [.. (await rig.EventsAsync()).Select(e => $"{e.GetProperty("id").GetString()} v{Aria.Pipelines.Connectors.JsonPointer.Find(e, version)!.Value.GetInt32()}")];
        system.Violations.ShouldBeEmpty();
        restarts.ShouldBeGreaterThan(10);
        mustBeSeen.Count.ShouldBeGreaterThan(150);
        mustBeSeen.Except(seen).ShouldBeEmpty("no change may be missed");
        seen.GroupBy(s => s).Where(g => g.Count() > 1).Select(g => g.Key).ShouldBeEmpty("no change may be doubled");
        seen.ShouldNotContain("1000 v1");
    }
}
