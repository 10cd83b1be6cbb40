using System.Net.Sockets;
using Aria.Pipelines.Faults.InProcess;
using Aria.Pipelines.Faults.Rig;
using Aria.Pipelines.Host.Demo;
using Aria.Pipelines.Privacy;
using Aria.Pipelines.Store;

namespace Aria.Pipelines.Faults.Campaigns.Remote;

/// <summary>
/// F10. The target answers badly, once or several times, and then well. A limit uses up no tries and is waited for; what may have been
/// processed is sent again only where that is safe; a refusal ends the run; redirects are not followed; nothing fills the memory.
/// </summary>
internal sealed class RemoteFailures : Campaign
{
    // More than the tries of the small workspace: a limit that used one up each time would end the run.
    private const int ManyLimits = SmallWorkspace.MaxTries + 2;

    // What one trial may take: an answer of the 10 MiB that are read, as bytes and as text, and what the target needs to send it.
    private const long MostMemory = 128L * 1024 * 1024;

    public override string Id => "F10";

    public override string Title => "bad answers: limits, failures, refusals, redirects, slow, huge, garbled";

    public override int FullCount => 1000;

    public override int CiCount => 200;

    public override async Task RunAsync(CampaignSettings settings, Tally tally, CancellationToken cancellationToken)
    {
        await using var target = new RawTarget();
        await using var elsewhere = new RawTarget();
        using var workspace = new SmallWorkspace(target.Url);
        var clock = new DemoClock();
        var answers = new BadAnswers(clock, elsewhere.Url);
        await using LocalEngine engine = await SmallEngine.OpenAsync(workspace, MasterKey.Ephemeral(), clock);
        var rig = new Parts(engine, clock, target, answers.All);
        long most = 0;
        for (int i = 0; i < settings.Count; i++)
        {
            long seed = settings.TrialSeed(i);
            // Trial by trial: what earlier ones left for the collector says nothing of this one.
            long before = PeakMemory.Begin();
            await TrialAsync(rig, seed, new Dice(seed), tally, cancellationToken);
            long taken = PeakMemory.Read() - before;
            most = Math.Max(most, taken);
            tally.Demand(taken < MostMemory, seed, $"A trial took {taken / 1024 / 1024} MiB.");
            tally.Demand(elsewhere.Requests.IsEmpty, seed, "A redirect was followed.");
            tally.Trial();
        }
        tally.Note($"{answers.All.Count} answers, unsafe and idempotent; a trial took {most / 1024 / 1024} MiB at most");
    }

    private static async Task TrialAsync(Parts rig, long seed, Dice dice, Tally tally, CancellationToken cancellationToken)
    {
        BadAnswer bad = dice.Of(rig.Answers);
        string operation = dice.Percent(50) ? "unsafe" : "idempotent";
        int times = bad.Meaning == AnswerMeaning.Limited ? ManyLimits : dice.Between(1, SmallWorkspace.MaxTries - 1);
        string thing = FormattableString.Invariant($"t{seed:x}");
        var book = new ThingBook();
        List<DateTimeOffset> arrivals = [];
        rig.Target.Answer = (request, stream, stop) => AnswerAsync(request, stream, stop);
        AcceptedEvent accepted = await rig.Engine.AcceptAsync(operation, thing);
        await rig.Engine.DrainAsync(rig.Clock.Advance, 100, cancellationToken);
        tally.Acknowledged();
        tally.Fault(arrivals.Count);
        RunDetail run = (await rig.Engine.Store.FindRunAsync(accepted.RunIds[0], cancellationToken))!;
        string what = $"{bad.Name} x {times} to {operation}: run {run.Run.State} {run.Run.Code}, {arrivals.Count} requests, attempts {string.Join(", ", run.Attempts.Select(a => $"{a.Outcome} {a.Code}"))}";
        Judge(bad, operation, times, run.Run, arrivals, book.Done(thing), what, seed, tally);

        async Task<bool> AnswerAsync(SeenRequest request, NetworkStream stream, CancellationToken stop)
        {
            arrivals.Add(rig.Clock.GetUtcNow());
            return arrivals.Count <= times ? await bad.Write(stream, stop) : await book.AnswerAsync(request, stream, stop);
        }
    }

    private static void Judge(BadAnswer bad, string operation, int times, RunSummary run, List<DateTimeOffset> arrivals, int done, string what, long seed, Tally tally)
    {
        bool isUnsafe = operation == "unsafe";
        if (bad.Meaning == AnswerMeaning.Refused)
        {
            tally.Demand(run.State == RunState.Dead && run.Code == bad.Code && arrivals.Count == 1, seed, $"A refusal did not end it: {what}");
            return;
        }
        if (bad.Meaning == AnswerMeaning.Unknown && isUnsafe)
        {
            if (arrivals.Count > 1)
            {
                tally.UnsafeResend(seed, what);
            }
            tally.Demand(run.State == RunState.NeedsReview, seed, $"Nobody can know, and it is not shown for review: {what}");
            return;
        }
        tally.Demand(run.State == RunState.Succeeded && done == 1 && arrivals.Count == times + 1, seed, $"Not done once after {times} bad answers: {what}");
        if (bad.Wait is { } wait)
        {
            // One second for the clock of the machine, a minute for the spread and the turns of those who wait.
            TimeSpan[] gaps = [.. arrivals.Zip(arrivals.Skip(1), (a, b) => b - a)];
            // Who says that there is nothing to wait for is still asked less and less: after 1, 2, 4 … seconds.
            TimeSpan[] waits = [.. gaps.Select((_, i) => wait == TimeSpan.Zero ? TimeSpan.FromSeconds(Math.Pow(2, i)) : wait)];
            tally.Demand(
                gaps.Zip(waits).All(g => g.First > g.Second - TimeSpan.FromSeconds(1) && g.First < g.Second + TimeSpan.FromMinutes(1)), seed, $"Left alone for {string.Join(", ", gaps)} instead of {wait}: {what}");
        }
    }

    private sealed record Parts(LocalEngine Engine, DemoClock Clock, RawTarget Target, IReadOnlyList<BadAnswer> Answers);
}
