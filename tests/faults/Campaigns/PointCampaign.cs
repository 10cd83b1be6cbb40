using System.Diagnostics;
using Aria.Pipelines.Faults.Rig;

namespace Aria.Pipelines.Faults.Campaigns;

/// <summary>
/// F3: the process ends at each named place between two transitions. One seed is one history: a life of the host for each place, on the same
/// data, with traffic that reaches all of them.
/// </summary>
internal sealed class PointCampaign : Campaign
{
    private const int Seeds = 20;
    private const int AtATime = 3;
    private const int EventsPerLife = 20;
    private const int EffectFaults = 30;
    private const string Match = "wait.matched";

    // Few of twenty events come to these places, so the first arrival is taken.
    private static readonly string[] Rare = ["open.", "review.", "lookup."];
    private static readonly TimeSpan LongestStart = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan LongestLife = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(200);

    public override string Id => "F3";

    public override string Title => $"ended inside each transition ({FaultPointHost.Points.Count} named places), 30 % effect faults";

    public override int FullCount => FaultPointHost.Points.Count * Seeds;

    public override int CiCount => 6;

    public override async Task RunAsync(CampaignSettings settings, Tally tally, CancellationToken cancellationToken)
    {
        string program = HostStart.Given ?? await FaultPointHost.BuildAsync(cancellationToken);
        int places = FaultPointHost.Points.Count;
        int done = 0;
        await Parallel.ForEachAsync(
            Enumerable.Range(0, (settings.Count + places - 1) / places),
            new ParallelOptions { MaxDegreeOfParallelism = AtATime, CancellationToken = cancellationToken },
            async (number, token) =>
            {
                int lives = Math.Min(places, settings.Count - (number * places));
                await HistoryAsync(program, settings.TrialSeed(number), lives, tally, settings.Say, token);
                settings.Say($"{Interlocked.Add(ref done, lives)} of {settings.Count} places");
            });
    }

    private static async Task HistoryAsync(string program, long seed, int lives, Tally tally, Action<string> say, CancellationToken cancellationToken)
    {
        var dice = new Dice(seed);
        await using Testbed bed = await Testbed.CreateAsync(dice.Fork(), CountingTarget.Percent(EffectFaults, dice.Fork()), cancellationToken);
        List<string> points = [.. FaultPointHost.Points];
        dice.Shuffle(points);
        // Only what a crash left in doubt comes to a review, so that place follows one that leaves doubt.
        points.Remove("review.after_begin");
        points.Insert(points.IndexOf("effect.after_begin") + 1, "review.after_begin");
        IReadOnlyList<Order> orders = Order.Mix(lives * EventsPerLife, bed.Canaries.Person);
        using Sender sender = bed.NewSender();
        Task sending = Task.CompletedTask;
        List<string> missed = [];
        for (int life = 0; life < lives; life++)
        {
            bool isMatch = points[life] == Match;
            bool isRare = isMatch || Array.Exists(Rare, p => points[life].StartsWith(p, StringComparison.Ordinal));
            EngineHost host = bed.Start(FaultPointHost.At(program, points[life], isRare ? 1 : dice.Between(1, 5)));
            IEnumerable<Order> some = orders.Skip(life * EventsPerLife).Take(EventsPerLife);
            sending = isMatch ? ParkedAsync(sending, bed, sender, some, cancellationToken) : AfterAsync(sending, sender, some, cancellationToken);
            tally.Trial();
            await host.WhenReadyAsync(LongestStart, cancellationToken);
            if (await WhenEndedAsync(host, bed, sending, cancellationToken))
            {
                tally.Fault();
                tally.Demand(bed.Log.Contains($"Fault point {points[life]}", StringComparison.Ordinal), seed, $"The host ended by itself before {points[life]}; its log ends: {bed.Log[^Math.Min(500, bed.Log.Length)..]}");
            }
            else
            {
                missed.Add(points[life]);
                say($"{points[life]} was not reached");
                await host.KillAsync();
            }
        }
        EngineHost last = await bed.StartReadyAsync(cancellationToken);
        await sending;
        await bed.SettleAsync(last, tally, seed, cancellationToken);
        tally.Demand(missed.Count < lives, seed, "No place was reached: the host has no fault points");
        if (missed.Count > 0)
        {
            tally.Note($"seed {seed} did not reach {string.Join(", ", missed)}, and was killed at rest or after {LongestLife.TotalSeconds:0} s instead");
        }
    }

    /// <summary>Waits for the end of the host for as long as it has something to do: where nothing moves, no place is reached.</summary>
    private static async Task<bool> WhenEndedAsync(EngineHost host, Testbed bed, Task sending, CancellationToken cancellationToken)
    {
        long since = Stopwatch.GetTimestamp();
        while (!host.HasEnded && Stopwatch.GetElapsedTime(since) < LongestLife)
        {
            bool isIdle = sending.IsCompleted && Checker.Moving(bed.StoreFile) == 0;
            if (await host.WhenEndedAsync(Look, cancellationToken))
            {
                return true;
            }
            if (isIdle)
            {
                return false;
            }
        }
        return host.HasEnded;
    }

    /// <summary>An event that comes before its run waits is found when the run parks; only one that comes later is matched on arrival.</summary>
    private static async Task ParkedAsync(Task earlier, Testbed bed, Sender sender, IEnumerable<Order> orders, CancellationToken cancellationToken)
    {
        ILookup<bool, Order> settled = orders.ToLookup(o => o.Type == "settled");
        await AfterAsync(earlier, sender, settled[false], cancellationToken);
        long since = Stopwatch.GetTimestamp();
        while (Checker.Parked(bed.StoreFile) == 0 && Stopwatch.GetElapsedTime(since) < LongestLife)
        {
            await Task.Delay(Look, TimeProvider.System, cancellationToken);
        }
        await sender.SendAsync(settled[true], cancellationToken);
    }

    private static async Task AfterAsync(Task earlier, Sender sender, IEnumerable<Order> orders, CancellationToken cancellationToken)
    {
        await earlier;
        await sender.SendAsync(orders, cancellationToken);
    }
}
