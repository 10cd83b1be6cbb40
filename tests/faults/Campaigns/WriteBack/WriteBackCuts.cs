using System.Globalization;
using Aria.Pipelines.Faults.InProcess;
using Aria.Pipelines.Faults.Rig;
using Aria.Pipelines.Host.Demo;
using Aria.Pipelines.Host.Demo.Systems;
using Aria.Pipelines.Privacy;
using Aria.Pipelines.Store;

namespace Aria.Pipelines.Faults.Campaigns.WriteBack;

/// <summary>
/// F8 for one ATS. While an interview's status, its result and a note are written and the application is moved, one to three requests of any kind (token, read, write,
/// look-up) are cut in any phase. What the stand-in holds afterwards is what was written, once. Only an operation of class unsafe may end in
/// review instead, and then nothing is there twice either.
/// </summary>
internal sealed class WriteBackCuts(string ats) : Campaign
{
    private const int MostRequests = 12;
    private static readonly CutPhase[] Phases = [.. Enum.GetValues<CutPhase>().Where(p => p != CutPhase.None)];

    public override string Id => "F8";

    public override string Title => $"network cut while a result is written to {ats}";

    public override string Choice => $" --ats {ats}";

    public override int FullCount => 200;

    public override int CiCount => 10;

    public override async Task RunAsync(CampaignSettings settings, Tally tally, CancellationToken cancellationToken)
    {
        settings.Say(string.Create(CultureInfo.InvariantCulture, $"{ats} may be asked {WriteBackWorkspace.RequestsPerSecond} times in a second"));
        var clock = new DemoClock();
        await using DemoSystem system = await DemoSystems.StartAsync(ats, clock, cancellationToken);
        var cuts = new PlannedCuts();
        ProxyTls? tls = system.Authority is { } authority ? new ProxyTls(authority.Certificate, authority.IssueServer().Certificate, authority.IssueClient("Proxy").Certificate) : null;
        await using FaultProxy proxy = FaultProxy.Start(system.BaseUrl, _ => cuts.Next(), tls);
        using var workspace = new WriteBackWorkspace(system, proxy.Address);
        await using LocalEngine engine = await LocalEngine.OpenAsync(workspace.Options, workspace.Secrets, MasterKey.Ephemeral(), clock);
        var classes = new SortedDictionary<string, SortedSet<string>>(StringComparer.Ordinal);
        for (int i = 0; i < settings.Count; i++)
        {
            long seed = settings.TrialSeed(i);
            RunDetail run = await TrialAsync(system, engine, clock, cuts, seed, tally, cancellationToken);
            foreach (EffectRecord effect in run.Effects)
            {
                classes.TryAdd(effect.Operation, []);
                classes[effect.Operation].Add(effect.Class.ToString().ToLowerInvariant());
            }
            tally.Trial();
        }
        tally.Fault(proxy.Cuts);
        tally.Note($"{ats}: {string.Join(", ", classes.Select(c => $"{c.Key} {string.Join('/', c.Value)}"))}");
    }

    private static async Task<RunDetail> TrialAsync(DemoSystem system, LocalEngine engine, DemoClock clock, PlannedCuts cuts, long seed, Tally tally, CancellationToken cancellationToken)
    {
        string name = FormattableString.Invariant($"t{seed:x}");
        string id = system.Apply(new DemoApplication("Jane", name, $"{name}@example.com", null, DemoScenario.Jobs[0].Id, DemoTrigger.Manual, DemoEnding.Completes), null);
        int duplicates = system.Duplicates;
        string plan = cuts.Plan(new Dice(seed), MostRequests, Phases);
        AcceptedEvent accepted = await engine.SendAsync(WriteBackWorkspace.Pipeline, id);
        await engine.DrainAsync(clock.Advance, 200, cancellationToken);
        cuts.Clear();
        tally.Acknowledged();
        RunDetail run = (await engine.Store.FindRunAsync(accepted.RunIds[0], cancellationToken))!;
        DemoHolding held = system.Holdings.Single(h => h.ApplicationId == id);
        string what = $"{plan}: run {run.Run.State} {run.Run.Code}, {held}";
        if (system.Duplicates > duplicates || held.AttentionNotes > 1 || system.MovesOf(id) > 1)
        {
            tally.Duplicate("written to the ATS", seed, what);
        }
        if (run.Run.State == RunState.NeedsReview)
        {
            EffectRecord open = run.Effects.Last(e => e.State is not (EffectState.Confirmed or EffectState.Rejected));
            tally.Demand(open.Class == EffectClass.Unsafe, seed, $"{open.Operation} is {open.Class} and is left to a person: {what}");
            return run;
        }
        var expected = new DemoHolding(id, "completed", system.Shown(WriteBackWorkspace.Score), "advance", WriteBackWorkspace.TranscriptOf(id), 1);
        tally.Demand(run.Run.State == RunState.Succeeded && held == expected, seed, string.Create(CultureInfo.InvariantCulture, $"Expected {expected}: {what}"));
        tally.Demand(system.NextStage is null || system.MovesOf(id) == 1, seed, string.Create(CultureInfo.InvariantCulture, $"Moved {system.MovesOf(id)} times to {system.NextStage}: {what}"));
        return run;
    }
}
