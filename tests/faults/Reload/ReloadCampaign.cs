using Aria.Pipelines.EndToEnd.Tests.Support;
using Aria.Pipelines.Faults.Campaigns;
using Aria.Pipelines.Faults.Rig;
using Aria.Pipelines.Plugins;

namespace Aria.Pipelines.Faults.Reload;

/// <summary>
/// F14: definitions change in every way a folder can, at 50 events a second. Each version of the pipeline names its steps after itself, so that
/// what the target got says which version a run went through: one, from its first step to its last.
/// </summary>
internal sealed class ReloadCampaign : Campaign
{
    private const int PairsPerSecond = 25;
    private const int HandlesOfNoise = 16;
    private const int MostContexts = 3;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    public override string Id => "F14";

    public override string Title => "hot reload at 50 events/s: valid, invalid, half-written, deleted and renamed definitions";

    public override int FullCount => 500;

    public override int CiCount => 30;

    public override async Task RunAsync(CampaignSettings settings, Tally tally, CancellationToken cancellationToken)
    {
        var dice = new Dice(settings.Seed);
        await using Testbed bed = await Testbed.CreateAsync(dice.Fork(), _ => null, cancellationToken);
        var changes = new ChangingWorkspace(bed.Workspace);
        AddConnectorWithCode(bed);
        await using EngineHost host = Start(bed);
        if (await host.WhenReadyAsync(TimeSpan.FromSeconds(120), cancellationToken) != HostState.Ready)
        {
            throw new InvalidOperationException($"The host did not become ready: {bed.Log}");
        }
        var open = new OpenHandles(host.Id);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        Task sending = SendAsync(bed, stop.Token);
        int handles = 0;
        for (int trial = 0; trial < settings.Count; trial++)
        {
            await ChangeAsync(bed, changes, (WorkspaceChange)dice.Below(5), tally, settings.TrialSeed(trial), cancellationToken);
            handles = trial == Math.Min(10, settings.Count / 2) ? open.Count : handles;
            if (trial % 50 == 49)
            {
                settings.Say($"{trial + 1} changes, {open.Count} handles");
            }
        }
        // Under the same load as the first count: what the host opens to finish its work is no leak.
        int left = open.Count;
        await stop.CancelAsync();
        await sending;
        await Checker.WhenAtRestAsync(bed.StoreFile, TimeSpan.FromMinutes(10), cancellationToken);
        tally.Demand(left <= handles + HandlesOfNoise, settings.Seed, $"The host holds {left} handles after {settings.Count} changes, and {handles} after the first");
        await host.StopAsync(cancellationToken);
        Checker.Check(bed, tally, settings.Seed);
        int contexts = await LoadContexts.MostAsync(bed, changes, Math.Clamp(settings.Count / 10, 3, 50), cancellationToken);
        tally.Demand(contexts is > 0 and <= MostContexts, settings.Seed, $"{contexts} load contexts of connectors were alive at the same time");
        OneVersionEach(bed, changes, tally, settings.Seed);
        tally.Note($"{handles} handles after the first changes, {left} at the end; at most {contexts} load contexts of connectors; {Checker.Ended(bed.StoreFile)}");
    }

    /// <summary>Makes a change and waits until the host has said what it did with it.</summary>
    private static async Task ChangeAsync(Testbed bed, ChangingWorkspace changes, WorkspaceChange change, Tally tally, long seed, CancellationToken cancellationToken)
    {
        (int taken, int refused) = Judged(bed);
        WorkspaceChange made = await changes.MakeAsync(change, cancellationToken);
        tally.Trial();
        tally.Fault();
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(Patience);
        using var ticks = new PeriodicTimer(TimeSpan.FromMilliseconds(50), TimeProvider.System);
        bool wanted = made != WorkspaceChange.Invalid;
        try
        {
            while (wanted ? Judged(bed).Taken == taken : Judged(bed).Refused == refused)
            {
                await ticks.WaitForNextTickAsync(limit.Token);
            }
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            tally.Violation(seed, $"A change of kind {made} was not {(wanted ? "put in force" : "refused")} within {Patience.TotalSeconds:0} s");
        }
    }

    private static (int Taken, int Refused) Judged(Testbed bed)
    {
        string log = bed.Log;
        return (log.Split("Definitions were reloaded").Length - 1, log.Split("the last good set stays in force").Length - 1);
    }

    /// <summary>Opens and settles orders: half of all events begin a run, the other half let one go on two seconds later.</summary>
    private static async Task SendAsync(Testbed bed, CancellationToken stop)
    {
        Sender sender = bed.NewSender();
        using var ticks = new PeriodicTimer(TimeSpan.FromSeconds(1.0 / PairsPerSecond), TimeProvider.System);
        var open = new Queue<Order>();
        var sent = new List<Task>();
        for (int n = 0; !stop.IsCancellationRequested; n += 2)
        {
            var opened = new Order(n, "opened", $"o{n}", bed.Canaries.Person);
            open.Enqueue(new Order(n + 1, "settled", $"o{n}", bed.Canaries.Person));
            sent.Add(sender.SendAsync(opened, CancellationToken.None));
            if (open.Count > 2 * PairsPerSecond)
            {
                sent.Add(sender.SendAsync(open.Dequeue(), CancellationToken.None));
            }
            await ((Task)ticks.WaitForNextTickAsync(stop).AsTask()).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
        sent.AddRange(open.Select(o => sender.SendAsync(o, CancellationToken.None)));
        await Task.WhenAll(sent);
    }

    /// <summary>Holds each run to one version, which was in force at some time.</summary>
    private static void OneVersionEach(Testbed bed, ChangingWorkspace changes, Tally tally, long seed)
    {
        foreach (IGrouping<string, string> steps in bed.Target.Entries().Keys.GroupBy(k => k.Split('/')[0], k => k.Split('/')[1]))
        {
            string[] versions = [.. steps.Select(s => s.Split('_')[1]).Distinct()];
            tally.Demand(versions.Length == 1 && steps.Count() == 2, seed, $"The run of event {steps.Key} went through {string.Join(", ", steps.Order(StringComparer.Ordinal))}");
            tally.Demand(versions.All(changes.WasValid), seed, $"The run of event {steps.Key} went through version {string.Join(", ", versions)}, which was never whole");
        }
        using var store = new StoreView(bed.StoreFile);
        long unknown = store.Number("SELECT COUNT(*) FROM run r WHERE r.def_hash NOT IN (SELECT hash FROM definition)");
        tally.Demand(unknown == 0, seed, $"{unknown} runs name a definition that the store does not have");
    }

    private static EngineHost Start(Testbed bed)
    {
        var variables = new Dictionary<string, string>
        {
            ["ARIA_SECRET_FAULTS_MASTER_KEY"] = Convert.ToBase64String(bed.Canaries.MasterKey),
            ["ARIA_SECRET_FAULTS_TARGET_API_KEY"] = bed.Canaries.ApiKey,
        };
        foreach ((int number, string secret) in bed.Canaries.Webhook.Index())
        {
            variables[$"ARIA_SECRET_FAULTS_TARGET_WEBHOOK_{number}"] = secret;
        }
        string[] arguments =
        [
            "run", "--watch", "--workspace", bed.Workspace, "--plugins", Path.Combine(bed.Folder, "plugins"), "--data", bed.Data,
            "--environment", Testbed.Environment, "--urls", bed.Address.ToString(),
        ];
        return EngineHost.Start(new HostStart { Variables = variables }, arguments, bed.Address, bed.LogFile);
    }

    /// <summary>A connector with a DLL, so that a load context exists which a reload could multiply.</summary>
    private static void AddConnectorWithCode(Testbed bed)
    {
        string to = Path.Combine(bed.Folder, "plugins", "Sample");
        string definition = Path.Combine(Repository.Root, "plugins", "Sample");
        foreach (string file in Directory.EnumerateFiles(definition, "*", SearchOption.AllDirectories).Where(f => Path.GetExtension(f) is ".json" or ".csv"))
        {
            Copy(file, Path.Combine(to, Path.GetRelativePath(definition, file)));
        }
        foreach (string file in Directory.EnumerateFiles(Path.Combine(Repository.Root, "artifacts", "plugins", "Sample")))
        {
            Copy(file, Path.Combine(to, Path.GetFileName(file)));
        }
        ConnectorLock.Write(to, FolderImage.Read(to));
    }

    private static void Copy(string from, string to)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(to)!);
        File.Copy(from, to, overwrite: true);
    }
}
