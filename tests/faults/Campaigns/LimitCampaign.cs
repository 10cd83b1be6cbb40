using Aria.Pipelines.Faults.Rig;

namespace Aria.Pipelines.Faults.Campaigns;

/// <summary>F24: a host with little memory, few handles or few threads meets a burst. It may refuse; it may lose nothing.</summary>
internal sealed class LimitCampaign : Campaign
{
    private const int Senders = 4;
    private const int Events = 400;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private static readonly (string Name, HostStart Start)[] Limits =
    [
        ("256 MiB of heap", new HostStart { Variables = new Dictionary<string, string> { ["DOTNET_GCHeapHardLimit"] = "0x10000000" } }),
        ("128 handles", new HostStart { Before = "ulimit -n 128" }),

        // The limit counts the threads of a user, and root has none: so the host runs as somebody who has no others.
        ("40 threads", new HostStart { Before = "ulimit -c 0", Under = "prlimit --nproc=40 setpriv --reuid=54321 --regid=54321 --clear-groups --inh-caps=-all --bounding-set=-all" }),
    ];

    public override string Id => "F24";

    public override string Title => "256 MiB of heap, 128 handles, 40 threads, under a burst of 400 events";

    public override int FullCount => 90;

    public override int CiCount => 2;

    public override async Task RunAsync(CampaignSettings settings, Tally tally, CancellationToken cancellationToken)
    {
        int ended = 0;
        int refused = 0;
        // One of each kind at a time: what is limited counts for a whole user.
        foreach (int[] some in Enumerable.Range(0, settings.Count).Chunk(Limits.Length))
        {
            await Parallel.ForEachAsync(some, cancellationToken, async (number, token) =>
            {
                (string name, HostStart start) = Limits[number % Limits.Length];
                if (start.Under.Length > 0 && !string.Equals(Environment.UserName, "root", StringComparison.Ordinal))
                {
                    tally.Note($"{name}: only root can give a host a user of its own, so this was left out");
                    return;
                }
                (bool Ended, int Refused) trial = await TrialAsync(name, start, settings.Seed, tally, token);
                Interlocked.Add(ref ended, trial.Ended ? 1 : 0);
                Interlocked.Add(ref refused, trial.Refused);
            });
        }
        tally.Note($"{ended} of {settings.Count} hosts ended by themselves; {refused} deliveries were answered 503");
    }

    private static async Task<(bool Ended, int Refused)> TrialAsync(string name, HostStart start, long seed, Tally tally, CancellationToken cancellationToken)
    {
        await using Testbed bed = await Testbed.CreateAsync(new Dice(seed), _ => null, cancellationToken);
        await Shell.RunAsync($"mkdir -p '{bed.Data}'; chmod -R 777 '{bed.Folder}'", cancellationToken);
        EngineHost host = bed.Start(start);
        int refused = 0;
        IReadOnlyList<Order> orders = Order.Mix(Events, bed.Canaries.Person);
        void Answered(Order order, int status, string text)
        {
            Interlocked.Add(ref refused, status == 503 ? 1 : 0);
            tally.Demand(status is 0 or 200 or 503, seed, $"With {name}, delivery {order.Number} was answered {status}: {text}");
        }

        if (await host.WhenReadyAsync(Patience, cancellationToken) == HostState.Ready)
        {
            using var burst = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            burst.CancelAfter(Patience);
            await Task.WhenAll(orders.Chunk(Events / Senders).Select(some => BurstAsync(bed.NewSender(Answered), some, burst.Token)));
        }
        bool ended = host.HasEnded;
        if (!ended)
        {
            await host.StopAsync(cancellationToken);
        }
        tally.Trial();
        tally.Fault();
        await Shell.RunAsync($"chmod -R 777 '{bed.Folder}'", cancellationToken);
        EngineHost plain = await bed.StartReadyAsync(cancellationToken);
        await bed.NewSender().SendAsync(orders, cancellationToken);
        await bed.SettleAsync(plain, tally, seed, cancellationToken);
        return (ended, refused);
    }

    /// <summary>All at once, each once.</summary>
    private static async Task BurstAsync(Sender sender, Order[] orders, CancellationToken cancellationToken)
    {
        Task all = Task.WhenAll(orders.Select(o => sender.SendOnceAsync(o, cancellationToken)));
        await all.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }
}
