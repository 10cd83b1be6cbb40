using System.Collections.Concurrent;
using Aria.Pipelines.Faults.InProcess;
using Aria.Pipelines.Faults.Rig;
using Aria.Pipelines.Host.Demo;
using Aria.Pipelines.Privacy;
using Aria.Pipelines.Store;

namespace Aria.Pipelines.Faults.Campaigns.Remote;

/// <summary>
/// F8. The network to the target is cut in every phase of a request, by RST and by FIN, on new and on used connections, once or several times
/// in a row, for every effect class. An unsafe effect arrives once at most and is shown for review when nobody can know; every other one
/// happens exactly once.
/// </summary>
internal sealed class NetworkCuts : Campaign
{
    private static readonly CutPhase[] Phases = [.. Enum.GetValues<CutPhase>().Where(p => p != CutPhase.None)];

    public override string Id => "F8";

    public override string Title => "network cut at 6 phases of each effect class";

    public override int FullCount => 1200;

    public override int CiCount => 200;

    public override async Task RunAsync(CampaignSettings settings, Tally tally, CancellationToken cancellationToken)
    {
        var book = new ThingBook();
        var armed = new ConcurrentQueue<ProxyFault>();
        await using var target = new RawTarget { Answer = book.AnswerAsync };
        await using var proxy = FaultProxy.Start(target.Url, _ => armed.TryDequeue(out ProxyFault? fault) ? fault : ProxyFault.None);
        using var workspace = new SmallWorkspace(proxy.Address);
        var clock = new DemoClock();
        await using LocalEngine engine = await SmallEngine.OpenAsync(workspace, MasterKey.Ephemeral(), clock);
        var rig = new Parts(engine, clock, armed, book);
        for (int i = 0; i < settings.Count; i++)
        {
            long seed = settings.TrialSeed(i);
            await TrialAsync(rig, seed, new Dice(seed), tally, cancellationToken);
            tally.Trial();
        }
        tally.Fault(proxy.Cuts);
    }

    private static async Task TrialAsync(Parts rig, long seed, Dice dice, Tally tally, CancellationToken cancellationToken)
    {
        string operation = dice.Of(SmallWorkspace.Operations);
        bool isWarm = dice.Percent(50);
        ProxyFault[] cuts = [.. Enumerable.Range(0, dice.Of([1, 1, 1, 2, 3])).Select(_ => new ProxyFault(dice.Of(Phases), dice.Percent(50)))];
        string thing = FormattableString.Invariant($"t{seed:x}");
        if (isWarm)
        {
            await rig.Engine.AcceptAsync("idempotent", thing + "-warm");
            await rig.Engine.DrainAsync(rig.Clock.Advance, 50, cancellationToken);
        }
        foreach (ProxyFault cut in cuts)
        {
            rig.Armed.Enqueue(cut);
        }
        AcceptedEvent accepted = await rig.Engine.AcceptAsync(operation, thing);
        await rig.Engine.DrainAsync(rig.Clock.Advance, 50, cancellationToken);
        rig.Armed.Clear();
        tally.Acknowledged();
        RunDetail run = (await rig.Engine.Store.FindRunAsync(accepted.RunIds[0], cancellationToken))!;
        int done = rig.Book.Done(thing);
        int received = rig.Book.Received(thing);
        string what = $"{operation}, {(isWarm ? "used" : "new")} connection, {string.Join(" then ", cuts.Select(c => $"{c.Cut} {(c.Reset ? "RST" : "FIN")}"))}: run {run.Run.State} {run.Run.Code}, done {done}, received {received}";
        Judge(operation, run.Run.State, done, received, what, seed, tally);
    }

    private static void Judge(string operation, RunState state, int done, int received, string what, long seed, Tally tally)
    {
        if (operation == "unsafe")
        {
            if (received > 1)
            {
                tally.UnsafeResend(seed, what);
            }
            tally.Demand(state == RunState.NeedsReview, seed, $"Nobody can know, and it is not shown for review: {what}");
            return;
        }
        tally.Demand(state == RunState.Succeeded && done >= 1, seed, $"Not done: {what}");
        if (done > 1)
        {
            tally.Duplicate(operation, seed, what);
        }
    }

    private sealed record Parts(LocalEngine Engine, DemoClock Clock, ConcurrentQueue<ProxyFault> Armed, ThingBook Book);
}
