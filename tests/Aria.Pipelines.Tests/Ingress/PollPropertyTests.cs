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
        await using PollRig rig = await PollRig.StartAsync(PollRig.Folder("Orchard"), """{ "connector": "orchard", "settings": { "token": "${secret:token}" } }""", system, _time);

        await ShouldSeeEverythingAsync(rig, system, new Dice(seed), "/attributes/version", forget: null);
    }

    [Theory]
    [InlineData(3)]
    [InlineData(4)]
    public async Task Relay_AThousandChangesWithRestartsAndForgottenTokens_NoneMissedNoneDoubled(int seed)
    {
        var system = new RelaySystem(_time);
        await using PollRig rig = await PollRig.StartAsync(PollRig.Folder("Relay"), """{ "connector": "relay", "settings": { "key": "${secret:key}" } }""", system, _time);

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
            for (int burst = dice.Next(8); burst >= 0; burst--, made++)
            {
                // Half of them in the same second as the one before; some become visible later than others that happened after them.
                system.Change(dice.Next(60), TimeSpan.FromSeconds(dice.Next(10) == 0 ? dice.Next(60) : 0));
                _time.Advance(TimeSpan.FromMilliseconds(dice.Next(2) * dice.Next(3000)));
            }
            for (int steps = dice.Next(6); steps > 0; steps--)
            {
                if (dice.Next(5) == 0)
                {
                    system.Faults.Enqueue(new[] { 0, 500, 503, 403 }[dice.Next(4)]);
                }
                await feed.StepAsync(rig.Connection, TestContext.Current.CancellationToken);
                if (dice.Next(8) == 0)
                {
                    system.Change(dice.Next(60));
                    made++;
                }
            }
            if (dice.Next(6) == 0)
            {
                await rig.RestartAsync();
                feed = rig.Feed();
                restarts++;
            }
            if (dice.Next(25) == 0)
            {
                forget?.Invoke();
            }
            if (dice.Next(4) == 0)
            {
                _time.Advance(TimeSpan.FromSeconds(70));
                system.Faults.Clear();
                await rig.PassAsync(feed);
                PollStep whole = await rig.PassAsync(feed);
                whole.Failure.ShouldBeNull();
                // What was visible during a whole pass has been seen.
                mustBeSeen.UnionWith(system.Applications.Where(a => a.Id != "1000").Select(a => $"{a.Id} v{a.Version}"));
            }
            _time.Advance(TimeSpan.FromSeconds(dice.Next(90)));
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

    private sealed class Dice(int seed)
    {
        private ulong _state = (ulong)seed * 0x9E3779B97F4A7C15;

        public int Next(int below)
        {
            _state = (_state * 6_364_136_223_846_793_005) + 1_442_695_040_888_963_407;
            return (int)((_state >> 33) % (ulong)below);
        }
    }
}
