using System.Globalization;
using Aria.Pipelines.Faults.Rig;

namespace Aria.Pipelines.Faults.Campaigns.Time;

/// <summary>
/// The part of F12 with a host of its own: its system clock is set by two hours while it works, and is right again when it is started after a
/// kill.
/// </summary>
internal static class SystemClock
{
    private const int Events = 60;
    private const int EffectFaults = 30;
    private static readonly TimeSpan[] Jumps = [TimeSpan.FromHours(2), TimeSpan.FromHours(-2)];

    // What was set is read by the host within a second.
    private static readonly TimeSpan Seen = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Near = TimeSpan.FromMinutes(10);

    public static async Task RunAsync(CampaignSettings settings, Tally tally, CancellationToken cancellationToken)
    {
        if (FakedClock.Missing is { } missing)
        {
            tally.Note($"not run with a host whose system clock is set: {missing}");
            return;
        }
        foreach (TimeSpan jump in Jumps)
        {
            await TrialAsync(jump, settings.Seed, tally, cancellationToken);
        }
    }

    private static async Task TrialAsync(TimeSpan jump, long seed, Tally tally, CancellationToken cancellationToken)
    {
        var dice = new Dice(seed);
        await using Testbed bed = await Testbed.CreateAsync(dice.Fork(), CountingTarget.Percent(EffectFaults, dice.Fork()), cancellationToken);
        var clock = new FakedClock(Path.Combine(bed.Folder, "clock"));
        EngineHost host = await bed.StartReadyAsync(cancellationToken, clock.Start);
        Sender sender = bed.NewSender();
        IReadOnlyList<Order> orders = Order.Mix(Events, bed.Canaries.Person);
        await sender.SendAsync(orders.Take(Events / 3), cancellationToken);
        clock.Set(jump);
        await Task.Delay(Seen, TimeProvider.System, cancellationToken);
        await sender.SendAsync(orders.Skip(Events / 3).Take(Events / 3), cancellationToken);
        await host.KillAsync();
        using (var store = new StoreView(bed.StoreFile))
        {
            var moved = TimeSpan.FromMilliseconds(store.Number(
                "SELECT (SELECT received_ms FROM event ORDER BY seq DESC LIMIT 1) - (SELECT received_ms FROM event ORDER BY seq LIMIT 1)"));
            tally.Demand((moved - jump).Duration() < Near, seed, $"The host never saw its clock set by {jump}: its last event came {moved} behind the first.");
        }
        EngineHost last = await bed.StartReadyAsync(cancellationToken);
        await sender.SendAsync(orders.Skip(2 * Events / 3), cancellationToken);
        await bed.SettleAsync(last, tally, seed, cancellationToken);
        tally.Fault();
        tally.Trial();
        tally.Note(string.Create(CultureInfo.InvariantCulture, $"a host whose system clock was set by {jump.TotalHours:+0;-0} hours, and was right again after a kill: {Events} events"));
    }
}
