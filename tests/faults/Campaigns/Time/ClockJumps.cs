using System.Net.Sockets;
using Aria.Pipelines.Faults.InProcess;
using Aria.Pipelines.Faults.Rig;
using Aria.Pipelines.Privacy;
using Aria.Pipelines.Store;

namespace Aria.Pipelines.Faults.Campaigns.Time;

/// <summary>
/// F12. The clock is set while runs are due, leased and under way. Every run ends, nothing happens twice, and no target gets more than twice
/// the requests that the same events cause on a clock that goes evenly.
/// </summary>
internal sealed class ClockJumps : Campaign
{
    private const int EventsPerTrial = 6;

    private static readonly (TimeSpan By, bool InLease)[] Jumps =
    [
        (TimeSpan.FromSeconds(1), false), (TimeSpan.FromSeconds(-1), false), (TimeSpan.FromMinutes(5), false), (TimeSpan.FromMinutes(-5), false),
        (TimeSpan.FromHours(2), false), (TimeSpan.FromHours(-2), false), (TimeSpan.FromDays(3653), false), (TimeSpan.FromDays(-365), false),
        (TimeSpan.FromSeconds(-1), true), (TimeSpan.FromMinutes(-5), true), (TimeSpan.FromHours(-2), true), (TimeSpan.FromMinutes(5), true),
    ];

    public override string Id => "F12";

    public override string Title => "clock jumps from a second to ten years, also backwards under a lease";

    public override int FullCount => Jumps.Length * 20;

    public override int CiCount => Jumps.Length;

    public override async Task RunAsync(CampaignSettings settings, Tally tally, CancellationToken cancellationToken)
    {
        TimeSpan longest = TimeSpan.Zero;
        for (int i = 0; i < settings.Count; i++)
        {
            long seed = settings.TrialSeed(i);
            (TimeSpan by, bool inLease) = Jumps[new Dice(seed).Below(Jumps.Length)];
            (int even, _) = await TrialAsync(seed, null, inLease, tally, cancellationToken);
            (int jumped, TimeSpan waited) = await TrialAsync(seed, by, inLease, tally, cancellationToken);
            tally.Demand(jumped <= 2 * even, seed, $"A storm: {jumped} requests behind a jump of {by}{(inLease ? " under a lease" : "")}, {even} without.");
            longest = waited > longest ? waited : longest;
            tally.Fault();
            tally.Trial();
        }
        if (settings.Count >= FullCount)
        {
            await SystemClock.RunAsync(settings, tally, cancellationToken);
        }
        tally.Note($"the longest that a trial's last run waited, counted on a clock that nobody sets: {longest}");
    }

    private static async Task<(int Requests, TimeSpan Waited)> TrialAsync(long seed, TimeSpan? jump, bool inLease, Tally tally, CancellationToken cancellationToken)
    {
        var dice = new Dice(seed);
        dice.Below(Jumps.Length);
        var clock = new TurnedClock();
        var book = new ThingBook();
        int failing = dice.Below(4);
        int jumpAt = dice.Below(EventsPerTrial + 2);
        int requests = 0;
        TimeSpan waited = TimeSpan.Zero;
        await using var target = new RawTarget();
        target.Answer = AnswerAsync;
        using var workspace = new SmallWorkspace(target.Url, Directory.Exists("/dev/shm") ? "/dev/shm" : null);
        await using LocalEngine engine = await SmallEngine.OpenAsync(workspace, MasterKey.Ephemeral(), clock);
        List<(string Operation, string Thing, AcceptedEvent Accepted)> events = [];
        for (int i = 0; i < EventsPerTrial; i++)
        {
            string operation = dice.Of(SmallWorkspace.Operations);
            string thing = FormattableString.Invariant($"t{i}");
            events.Add((operation, thing, await engine.AcceptAsync(operation, thing, FormattableString.Invariant($"s{i % 4}"))));
        }
        int advances = 0;
        await engine.DrainAsync(
            time =>
            {
                clock.Pass(time);
                waited += time;
                if (!inLease && jump is { } by && ++advances == 1 + (jumpAt % 3))
                {
                    clock.Pass(by);
                }
            },
            200,
            cancellationToken);
        tally.Acknowledged(events.Count);
        foreach ((string operation, string thing, AcceptedEvent accepted) in events)
        {
            RunDetail run = (await engine.Store.FindRunAsync(accepted.RunIds[0], cancellationToken))!;
            Judge(operation, run.Run, book.Done(thing), book.Received(thing), $"{operation}, jump of {jump}{(inLease ? " under a lease" : "")}: run {run.Run.State} {run.Run.Code}, done {book.Done(thing)}", seed, tally);
        }
        return (requests, waited);

        async Task<bool> AnswerAsync(SeenRequest request, NetworkStream stream, CancellationToken stop)
        {
            int number = ++requests;
            if (inLease && jump is { } by && number == 1 + jumpAt)
            {
                clock.Pass(by);
            }
            bool arrives = number % 4 != failing || dice.Percent(50);
            string answer = arrives ? book.Take(request) : "";
            return number % 4 != failing && await RawTarget.JsonAsync(stream, 200, answer, stop);
        }
    }

    private static void Judge(string operation, RunSummary run, int done, int received, string what, long seed, Tally tally)
    {
        // A key that seems to be older than the target keeps it must not be used again, so a jump over its validity ends in a review.
        bool isReviewed = run.State == RunState.NeedsReview && (operation == "unsafe" || run.Code == "idempotency_key_expired");
        if (!isReviewed && run.State != RunState.Succeeded)
        {
            tally.Lost(seed, $"No good end: {what}");
        }
        if (operation == "unsafe" && received > 1)
        {
            tally.UnsafeResend(seed, what);
        }
        else if (done > 1)
        {
            tally.Duplicate(operation, seed, what);
        }
        tally.Demand(isReviewed || done == 1, seed, $"Not done: {what}");
    }
}
