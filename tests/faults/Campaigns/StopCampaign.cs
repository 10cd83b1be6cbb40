using System.Globalization;
using Aria.Pipelines.Faults.Rig;

namespace Aria.Pipelines.Faults.Campaigns;

/// <summary>F19: SIGTERM under load. What is under way is finished or kept, within 30 seconds, and no stop that was asked for leaves an effect in doubt.</summary>
internal sealed class StopCampaign : Campaign
{
    private const int Senders = 4;
    private const int EventsPerStop = 20;
    private const int EffectFaults = 30;
    private static readonly TimeSpan LongestStop = TimeSpan.FromSeconds(30);

    public override string Id => "F19";

    public override string Title => "SIGTERM under load, 30 % effect faults";

    public override int FullCount => 100;

    public override int CiCount => 3;

    public override async Task RunAsync(CampaignSettings settings, Tally tally, CancellationToken cancellationToken)
    {
        var dice = new Dice(settings.Seed);
        await using Testbed bed = await Testbed.CreateAsync(dice.Fork(), CountingTarget.Percent(EffectFaults, dice.Fork()), cancellationToken);
        IReadOnlyList<Order> orders = Order.Mix(settings.Count * EventsPerStop, bed.Canaries.Person);
        int next = -1;
        using var pace = new SemaphoreSlim(EventsPerStop);
        Task sending = Task.WhenAll(Enumerable.Range(0, Senders).Select(_ => SendAsync(bed.NewSender())));
        TimeSpan longest = TimeSpan.Zero;
        for (int stop = 0; stop < settings.Count; stop++)
        {
            EngineHost host = await bed.StartReadyAsync(cancellationToken);
            await Task.Delay(dice.Between(TimeSpan.FromMilliseconds(50), TimeSpan.FromSeconds(2)), TimeProvider.System, cancellationToken);
            TimeSpan took = await host.StopAsync(cancellationToken);
            longest = took > longest ? took : longest;
            tally.Trial();
            tally.Fault();
            tally.Demand(took <= LongestStop && host.ExitCode == 0, settings.Seed, string.Create(CultureInfo.InvariantCulture, $"Stop {stop} took {took.TotalSeconds:0.0} s and ended with exit code {host.ExitCode}"));
            AtRest(bed, stop, settings.Seed, tally);
            pace.Release(EventsPerStop);
        }
        tally.Note(string.Create(CultureInfo.InvariantCulture, $"longest stop {longest.TotalSeconds:0.0} s"));
        EngineHost last = await bed.StartReadyAsync(cancellationToken);
        await sending;
        await bed.SettleAsync(last, tally, settings.Seed, cancellationToken);

        async Task SendAsync(Sender sender)
        {
            while (Interlocked.Increment(ref next) is var number && number < orders.Count)
            {
                await pace.WaitAsync(cancellationToken);
                await sender.SendAsync(orders[number], cancellationToken);
            }
        }
    }

    /// <summary>Nothing is held, half sent or counted as a crash once the host has ended.</summary>
    private static void AtRest(Testbed bed, int stop, long seed, Tally tally)
    {
        using var store = new StoreView(bed.StoreFile);
        foreach ((string what, string sql) in ((string, string)[])
        [
            ("runs still leased", "SELECT COUNT(*) FROM run WHERE state = 'leased'"),
            ("attempts without an end", "SELECT COUNT(*) FROM attempt WHERE outcome IS NULL"),
            ("effects half sent", "SELECT COUNT(*) FROM effect WHERE state = 'sending'"),
            ("attempts in doubt because of a stop", "SELECT COUNT(*) FROM attempt WHERE code IN ('lease_expired', 'abandoned')"),
            ("crashes counted", "SELECT COUNT(*) FROM run WHERE crash_count > 0"),
        ])
        {
            long count = store.Number(sql);
            tally.Demand(count == 0, seed, $"After stop {stop}: {count} {what}");
        }
    }
}
