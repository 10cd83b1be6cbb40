using System.Diagnostics;
using System.Globalization;
using Aria.Pipelines.Faults.Reload;
using Aria.Pipelines.Faults.Rig;

namespace Aria.Pipelines.Faults.Campaigns;

/// <summary>F20: hours at a steady load with few faults. What grows with time and not with the load, as memory, handles or the store's log, shows here.</summary>
internal sealed class SoakCampaign : Campaign
{
    private const int PerSecond = 20;
    private const int EffectFaults = 5;
    private const double MostGrowth = 1;
    private const long LongestLog = 64 * 1024 * 1024;
    private const int HandlesOfNoise = 32;
    private static readonly TimeSpan Look = TimeSpan.FromSeconds(10);

    // The heap breathes: only the lows of windows can be compared.
    private static readonly TimeSpan Window = TimeSpan.FromMinutes(5);

    // What a host compiles, pools and caches once, it has by then.
    private static readonly TimeSpan Warming = TimeSpan.FromMinutes(20);

    // Over less time the breath is more than a megabyte each hour.
    private static readonly TimeSpan ShortestSlope = TimeSpan.FromMinutes(60);

    public override string Id => "F20";

    public override string Title => "20 events/s for two hours, 5 % effect faults";

    public override int FullCount => 144_000;

    public override int CiCount => 0;

    public override async Task RunAsync(CampaignSettings settings, Tally tally, CancellationToken cancellationToken)
    {
        var dice = new Dice(settings.Seed);
        await using Testbed bed = await Testbed.CreateAsync(dice.Fork(), CountingTarget.Percent(EffectFaults, dice.Fork()), cancellationToken);
        EngineHost host = await bed.StartReadyAsync(cancellationToken);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        Task<List<Sample>> watching = WatchAsync(bed, host, settings, stop.Token);
        await SendAsync(bed, Order.Mix(settings.Count, bed.Canaries.Person), tally, cancellationToken);
        await stop.CancelAsync();
        List<Sample> samples = await watching;
        Judge(samples, tally, settings.Seed);
        await bed.SettleAsync(host, tally, settings.Seed, cancellationToken);
        tally.Note(Checker.Ended(bed.Records));
    }

    private static async Task SendAsync(Testbed bed, IReadOnlyList<Order> orders, Tally tally, CancellationToken cancellationToken)
    {
        Sender sender = bed.NewSender();
        using var ticks = new PeriodicTimer(TimeSpan.FromSeconds(1.0 / PerSecond), TimeProvider.System);
        List<Task> open = [];
        foreach (Order order in orders)
        {
            open.Add(sender.SendAsync(order, cancellationToken));
            tally.Trial();
            if (open.Count > PerSecond)
            {
                open.RemoveAll(t => t.IsCompletedSuccessfully);
            }
            await ticks.WaitForNextTickAsync(cancellationToken);
        }
        await Task.WhenAll(open);
    }

    private static async Task<List<Sample>> WatchAsync(Testbed bed, EngineHost host, CampaignSettings settings, CancellationToken stop)
    {
        var handles = new OpenHandles(host.Id);
        var log = new FileInfo(bed.StoreFile + "-wal");
        List<Sample> samples = [];
        long started = Stopwatch.GetTimestamp();
        using var ticks = new PeriodicTimer(Look, TimeProvider.System);
        while (true)
        {
            await ((Task)ticks.WaitForNextTickAsync(stop).AsTask()).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (stop.IsCancellationRequested)
            {
                return samples;
            }
            log.Refresh();
            samples.Add(new Sample(Stopwatch.GetElapsedTime(started), host.Memory, log.Exists ? log.Length : 0, handles.Count));
            if (samples.Count % 60 == 0)
            {
                Sample last = samples[^1];
                settings.Say(string.Create(CultureInfo.InvariantCulture, $"{last.At.TotalMinutes:0} min: {Megabytes(last.Memory)} MB, log {Megabytes(last.Log)} MB, {last.Handles} handles"));
            }
        }
    }

    private static void Judge(List<Sample> samples, Tally tally, long seed)
    {
        if (samples.Count == 0)
        {
            tally.Note("too short to watch");
            return;
        }
        long log = samples.Max(s => s.Log);
        tally.Demand(log <= LongestLog, seed, $"The store's log grew to {log} bytes");
        List<Sample> warm = [.. samples.Where(s => s.At >= Warming)];
        string seen = string.Create(CultureInfo.InvariantCulture, $"memory {Megabytes(samples[0].Memory)} MB at first, {Megabytes(samples[^1].Memory)} MB at the end, {Megabytes(samples.Max(s => s.Memory))} MB at most; log at most {Megabytes(log)} MB; {samples[^1].Handles} handles at the end");
        if (warm.Count == 0 || warm[^1].At - warm[0].At < ShortestSlope)
        {
            tally.Note($"{seen}; too short to judge growth");
            return;
        }
        double growth = Slope([.. warm.GroupBy(s => s.At.Ticks / Window.Ticks).Select(w => (w.Average(s => s.At.TotalHours), w.Min(s => s.Memory) / 1e6))]);
        tally.Demand(growth < MostGrowth, seed, string.Create(CultureInfo.InvariantCulture, $"Memory grew by {growth:0.00} MB each hour"));
        tally.Demand(samples[^1].Handles <= warm[0].Handles + HandlesOfNoise, seed, $"The host holds {samples[^1].Handles} handles, and {warm[0].Handles} when it was warm");
        tally.Note(string.Create(CultureInfo.InvariantCulture, $"{seen}; memory grew by {growth:0.00} MB each hour behind the first {Warming.TotalMinutes:0} minutes"));
    }

    /// <summary>Least squares, in units of y for each of x.</summary>
    private static double Slope(IReadOnlyList<(double X, double Y)> points)
    {
        double x = points.Average(p => p.X);
        double y = points.Average(p => p.Y);
        return points.Sum(p => (p.X - x) * (p.Y - y)) / points.Sum(p => (p.X - x) * (p.X - x));
    }

    private static string Megabytes(long bytes) => (bytes / 1e6).ToString("0.0", CultureInfo.InvariantCulture);

    private sealed record Sample(TimeSpan At, long Memory, long Log, int Handles);
}
