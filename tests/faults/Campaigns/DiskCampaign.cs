using Aria.Pipelines.Faults.Rig;

namespace Aria.Pipelines.Faults.Campaigns;

/// <summary>F5: syncs and writes of the store fail, once or from then on; and the disk is full for real. No delivery may be acknowledged that is not kept.</summary>
internal sealed class DiskCampaign : Campaign
{
    private const int Calls = 100;
    private const int Events = 20;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    public override string Id => "F5";

    public override string Title => "EIO at sync 1..100, ENOSPC at write 1..100, a full disk, a file-size limit";

    public override int FullCount => (2 * Calls) + 2;

    public override int CiCount => 4;

    public override async Task RunAsync(CampaignSettings settings, Tally tally, CancellationToken cancellationToken)
    {
        if (Strace.Missing is { } missing)
        {
            tally.Skip(missing);
            return;
        }
        int calls = Math.Max(1, (settings.Count - 2) / 2);
        await Parallel.ForEachAsync(
            Enumerable.Range(0, 2 * calls),
            new ParallelOptions { MaxDegreeOfParallelism = 2, CancellationToken = cancellationToken },
            async (number, token) =>
            {
                int call = 1 + (int)((long)(number / 2) * Calls / calls);
                bool andLater = (number / 2) % 2 == 1;
                string under = number % 2 == 0 ? Strace.Fail(Strace.Syncs, "EIO", call, andLater) : Strace.Fail(Strace.Writes, "ENOSPC", call, andLater);
                await TrialAsync(new HostStart { Under = under }, "", settings.Seed, tally, token);
            });
        // The runtime keeps its compiled code in a file of its own, which the limit would end too.
        var small = new HostStart { Before = "trap '' XFSZ; ulimit -f 4096", Variables = new Dictionary<string, string> { ["DOTNET_EnableWriteXorExecute"] = "0" } };
        await TrialAsync(small, new string('x', 100_000), settings.Seed, tally, cancellationToken);
        await FullDiskAsync(settings.Seed, tally, cancellationToken);
    }

    private static async Task TrialAsync(HostStart how, string padding, long seed, Tally tally, CancellationToken cancellationToken)
    {
        await using Testbed bed = await Testbed.CreateAsync(new Dice(seed), _ => null, cancellationToken);
        await UnderFaultAsync(bed, how, padding, seed, tally, cancellationToken);
        await AfterwardsAsync(bed, padding, seed, tally, cancellationToken);
    }

    private static async Task FullDiskAsync(long seed, Tally tally, CancellationToken cancellationToken)
    {
        await using Testbed bed = await Testbed.CreateAsync(new Dice(seed), _ => null, cancellationToken);
        string padding = new('x', 100_000);
        Directory.CreateDirectory(bed.Data);
        if (!await Shell.RunAsync($"mount -t tmpfs -o size=2m tmpfs '{bed.Data}'", cancellationToken))
        {
            tally.Note("a small disk cannot be mounted here, so the full disk was left out");
            return;
        }
        string saved = Path.Combine(bed.Folder, "saved");
        try
        {
            await UnderFaultAsync(bed, new HostStart(), padding, seed, tally, cancellationToken);
            await Shell.RunAsync($"cp -r '{bed.Data}' '{saved}'", cancellationToken);
        }
        finally
        {
            await Shell.RunAsync($"umount '{bed.Data}'", CancellationToken.None);
        }
        Directory.Delete(bed.Data, recursive: true);
        Directory.Move(saved, bed.Data);
        await AfterwardsAsync(bed, padding, seed, tally, cancellationToken);
    }

    /// <summary>Sends each event once while the fault is there. Every answer is an acknowledgement, or 503.</summary>
    private static async Task UnderFaultAsync(Testbed bed, HostStart how, string padding, long seed, Tally tally, CancellationToken cancellationToken)
    {
        EngineHost host = bed.Start(how);
        int refused = 0;
        using Sender sender = bed.NewSender((order, status, text) =>
        {
            refused += status == 503 ? 1 : 0;
            tally.Demand(
                status is 0 or 200 or 503,
                seed,
                $"Delivery {order.Number} was answered {status} under {how.Under}{how.Before}: {text}");
        });
        if (await host.WhenReadyAsync(Patience, cancellationToken) != HostState.Ended)
        {
            foreach (Order order in Orders(bed, padding))
            {
                await sender.SendOnceAsync(order, cancellationToken);
            }
            await host.StopAsync(cancellationToken);
        }
        tally.Trial();
        tally.Fault(refused > 0 || host.ExitCode != 0 ? 1 : 0);
        tally.Demand(host.ExitCode is 0 or 1, seed, $"The host crashed (exit code {host.ExitCode}) under {how.Under}{how.Before}; its log ends: {bed.Log[^Math.Min(800, bed.Log.Length)..]}");
    }

    private static async Task AfterwardsAsync(Testbed bed, string padding, long seed, Tally tally, CancellationToken cancellationToken)
    {
        EngineHost host = await bed.StartReadyAsync(cancellationToken);
        await bed.NewSender().SendAsync(Orders(bed, padding), cancellationToken);
        await bed.SettleAsync(host, tally, seed, cancellationToken);
    }

    private static IEnumerable<Order> Orders(Testbed bed, string padding) => Order.Mix(padding.Length == 0 ? Events : 3 * Events, bed.Canaries.Person + padding);
}
