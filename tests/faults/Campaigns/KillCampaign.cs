using Aria.Pipelines.Faults.Rig;
using Aria.Pipelines.Store;

namespace Aria.Pipelines.Faults.Campaigns;

/// <summary>F1: SIGKILL at random moments while four senders send and a third of all effects meet a fault.</summary>
/// <param name="store">The kind of store.</param>
internal sealed class KillCampaign(string store) : Campaign
{
    private const int Senders = 4;
    private const int EventsPerKill = 50;
    private const int EffectFaults = 30;
    private static readonly TimeSpan ShortestLife = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan LongestLife = TimeSpan.FromSeconds(3);

    public KillCampaign()
        : this(StoreKinds.Sqlite)
    {
    }

    public override string Id => "F1";

    public override string Title => $"kill -9 at random moments, 50 events per kill, 4 senders, 3 pipelines, 30 % effect faults{(store == StoreKinds.Sqlite ? "" : ", on " + store)}";

    public override string Choice => store == StoreKinds.Sqlite ? "" : $" --store {store}";

    public override int FullCount => 200;

    public override int CiCount => store == StoreKinds.Sqlite ? 6 : 2;

    public override async Task RunAsync(CampaignSettings settings, Tally tally, CancellationToken cancellationToken)
    {
        var dice = new Dice(settings.Seed);
        await using Testbed bed = await Testbed.CreateAsync(dice.Fork(), CountingTarget.Percent(EffectFaults, dice.Fork()), cancellationToken, store: store);
        IReadOnlyList<Order> orders = Order.Mix(settings.Count * EventsPerKill, bed.Canaries.Person);
        int next = -1;
        // Senders go at the pace of the kills, so that every life of the host has something to take in.
        using var pace = new SemaphoreSlim(EventsPerKill);
        Task sending = Task.WhenAll(Enumerable.Range(0, Senders).Select(_ => SendAsync(bed.NewSender())));
        for (int kill = 0; kill < settings.Count; kill++)
        {
            EngineHost host = await bed.StartReadyAsync(cancellationToken);
            await Task.Delay(dice.Between(ShortestLife, LongestLife), TimeProvider.System, cancellationToken);
            await host.KillAsync();
            tally.Trial();
            tally.Fault();
            pace.Release(EventsPerKill);
            if (kill % 20 == 19)
            {
                settings.Say($"{kill + 1} kills, {Math.Min(next, orders.Count)} events sent");
            }
        }
        EngineHost last = await bed.StartReadyAsync(cancellationToken);
        await sending;
        await bed.SettleAsync(last, tally, settings.Seed, cancellationToken);
        tally.Note(Checker.Ended(bed.Records));

        async Task SendAsync(Sender sender)
        {
            while (Interlocked.Increment(ref next) is var number && number < orders.Count)
            {
                await pace.WaitAsync(cancellationToken);
                await sender.SendAsync(orders[number], cancellationToken);
            }
        }
    }
}
