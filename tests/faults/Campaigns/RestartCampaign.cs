using System.Diagnostics;
using System.Globalization;
using Aria.Pipelines.Faults.Rig;

namespace Aria.Pipelines.Faults.Campaigns;

/// <summary>F23: a host with very many open runs is killed and started again. It is ready and takes deliveries at once, before it works on what is due; and runs that wait cost nothing.</summary>
internal sealed class RestartCampaign : Campaign
{
    private const int ReadyPerHundred = 2;
    private const int Deliveries = 20;
    private static readonly TimeSpan LongestStart = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan LongestDelivery = TimeSpan.FromSeconds(2);

    // .NET goes on compiling what the work before made hot; that is no cost of what waits.
    private static readonly TimeSpan Settling = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan Watched = TimeSpan.FromSeconds(20);

    public override string Id => "F23";

    public override string Title => "killed and restarted with that many open runs, nearly all of them waiting";

    public override int FullCount => 100_000;

    public override int CiCount => 0;

    public override async Task RunAsync(CampaignSettings settings, Tally tally, CancellationToken cancellationToken)
    {
        var dice = new Dice(settings.Seed);
        await using Testbed bed = await Testbed.CreateAsync(dice.Fork(), _ => null, cancellationToken);
        TimeSpan empty = await StartAndKillAsync(bed, cancellationToken);
        int ready = settings.Count * ReadyPerHundred / 100;
        await OpenRuns.MakeAsync(bed, settings.Count, settings.Count - ready, cancellationToken);
        settings.Say($"{settings.Count} open runs made, a store of {new FileInfo(bed.StoreFile).Length / 1_000_000} MB");
        TimeSpan afterStop = await StartAndKillAsync(bed, cancellationToken);
        long started = Stopwatch.GetTimestamp();
        EngineHost host = await bed.StartReadyAsync(cancellationToken);
        TimeSpan afterKill = Stopwatch.GetElapsedTime(started);
        TimeSpan slowest = TimeSpan.Zero;
        using Sender sender = bed.NewSender();
        foreach (Order order in Order.Mix(Deliveries, bed.Canaries.Person))
        {
            long asked = Stopwatch.GetTimestamp();
            await sender.SendAsync(order, cancellationToken);
            TimeSpan took = Stopwatch.GetElapsedTime(asked);
            slowest = took > slowest ? took : slowest;
        }
        tally.Trial(settings.Count);
        tally.Fault(2);
        tally.Demand(afterKill <= LongestStart, settings.Seed, $"{Seconds("Ready only after", afterKill)}, with an empty store {Seconds("after", empty)}");
        tally.Demand(slowest <= LongestDelivery, settings.Seed, Seconds("A delivery during the restart took", slowest));
        long left;
        do
        {
            await Task.Delay(TimeSpan.FromSeconds(1), TimeProvider.System, cancellationToken);
            using var store = new StoreView(bed.StoreFile);
            // The runs of this campaign's own deliveries have short waits; all others wait for days.
            left = store.Number("SELECT COUNT(*) FROM run WHERE state IN ('ready', 'leased')") + store.Number("SELECT COUNT(*) FROM wait WHERE state = 'open' AND due_ms < (unixepoch() + 3600) * 1000");
        }
        while (left > 0);
        await Task.Delay(Settling, TimeProvider.System, cancellationToken);
        TimeSpan before = host.Used;
        await Task.Delay(Watched, TimeProvider.System, cancellationToken);
        TimeSpan used = host.Used - before;
        tally.Demand(used < Watched / 100, settings.Seed, Seconds($"While {settings.Count - ready} runs waited for {Watched.TotalSeconds} s, the idle host used", used));
        tally.Note($"{Seconds("ready after", afterKill)} (killed before), {Seconds("", afterStop)} (stopped before), {Seconds("", empty)} (empty store); {Seconds("slowest delivery", slowest)}; {Seconds($"processor time in {Watched.TotalSeconds} s of waiting", used)}");
        await host.StopAsync(cancellationToken);
        Checker.CheckWaiting(bed, tally, settings.Seed);
    }

    private static async Task<TimeSpan> StartAndKillAsync(Testbed bed, CancellationToken cancellationToken)
    {
        long started = Stopwatch.GetTimestamp();
        EngineHost host = await bed.StartReadyAsync(cancellationToken);
        TimeSpan took = Stopwatch.GetElapsedTime(started);
        await host.KillAsync();
        return took;
    }

    private static string Seconds(string what, TimeSpan time) => string.Create(CultureInfo.InvariantCulture, $"{what} {time.TotalSeconds:0.00} s").TrimStart();
}
