using Aria.Pipelines.Faults.Rig;

namespace Aria.Pipelines.Faults.Campaigns;

/// <summary>F2: a few events, once for each sync and each write of the store, with the host killed at that very call.</summary>
internal sealed class SweepCampaign : Campaign
{
    private const int Events = 10;
    private const int AtATime = 3;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    public override string Id => "F2";

    public override string Title => "killed at each fsync and each pwrite64 of a fresh store with 10 events";

    public override int FullCount => 300;

    public override int CiCount => 4;

    public override async Task RunAsync(CampaignSettings settings, Tally tally, CancellationToken cancellationToken)
    {
        if (Strace.Missing is { } missing)
        {
            tally.Skip(missing);
            return;
        }
        (int syncs, int writes) = await MeasureAsync(settings, cancellationToken);
        IReadOnlyList<(string Calls, int Number)> points = Points(syncs, writes, settings);
        tally.Demand(syncs >= Events, settings.Seed, $"{Events} deliveries acknowledged one after the other made {syncs} syncs: an acknowledgement does not wait for the disk");
        tally.Note($"the scenario makes {syncs} syncs and {writes} writes on the store's thread");
        var options = new ParallelOptions { MaxDegreeOfParallelism = AtATime, CancellationToken = cancellationToken };
        int done = 0;
        await Parallel.ForEachAsync(points, options, async (point, token) =>
        {
            await TrialAsync(point.Calls, point.Number, settings.Seed, tally, token);
            if (Interlocked.Increment(ref done) % 25 == 0)
            {
                settings.Say($"{done} of {points.Count} points");
            }
        });
    }

    /// <summary>All syncs first, as they are few, then writes evenly spread.</summary>
    private static IReadOnlyList<(string Calls, int Number)> Points(int syncs, int writes, CampaignSettings settings)
    {
        int ofSyncs = Math.Min(syncs, Math.Max(1, settings.Count / 2));
        int ofWrites = Math.Min(writes, settings.Count - ofSyncs);
        return
        [
            .. Enumerable.Range(0, ofSyncs).Select(n => (Strace.Syncs, 1 + (int)((long)n * syncs / ofSyncs))),
            .. Enumerable.Range(0, ofWrites).Select(n => (Strace.Writes, 1 + (int)((long)n * writes / ofWrites))),
        ];
    }

    private static async Task<(int Syncs, int Writes)> MeasureAsync(CampaignSettings settings, CancellationToken cancellationToken)
    {
        await using Testbed bed = await Testbed.CreateAsync(new Dice(settings.Seed), _ => null, cancellationToken);
        string file = Path.Combine(bed.Folder, "calls.txt");
        EngineHost host = await bed.StartReadyAsync(cancellationToken, new HostStart { Under = Strace.Watch(file) });
        await bed.NewSender().SendAsync(Order.Mix(Events, bed.Canaries.Person), cancellationToken);
        await Checker.WhenAtRestAsync(bed.StoreFile, Patience, cancellationToken);
        await host.StopAsync(cancellationToken);
        return (Strace.Most(file, Strace.Syncs), Strace.Most(file, Strace.Writes));
    }

    private static async Task TrialAsync(string calls, int number, long seed, Tally tally, CancellationToken cancellationToken)
    {
        await using Testbed bed = await Testbed.CreateAsync(new Dice(seed), _ => null, cancellationToken);
        EngineHost host = bed.Start(new HostStart { Under = Strace.Kill(calls, number) });
        Task sending = bed.NewSender().SendAsync(Order.Mix(Events, bed.Canaries.Person), cancellationToken);
        Task<bool> ended = host.WhenEndedAsync(Patience, cancellationToken);
        if (await Task.WhenAny(ended, sending) == sending)
        {
            // The call comes later than the events: at their work, or when the store is closed.
            await Checker.WhenAtRestAsync(bed.StoreFile, TimeSpan.FromSeconds(5), cancellationToken);
            if (!host.HasEnded)
            {
                await host.StopAsync(cancellationToken);
            }
        }
        tally.Trial();
        tally.Fault(host.ExitCode == 0 ? 0 : 1);
        EngineHost next = await bed.StartReadyAsync(cancellationToken);
        await sending;
        int before = tally.Violations;
        await bed.SettleAsync(next, tally, seed, cancellationToken, Patience);
        if (tally.Violations > before)
        {
            tally.Violation(seed, $"The violations before this one came of a kill at {calls} number {number}");
        }
    }
}
