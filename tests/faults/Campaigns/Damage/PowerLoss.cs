using Aria.Pipelines.Faults.Rig;
using Aria.Pipelines.Privacy;
using Aria.Pipelines.Secrets;
using Aria.Pipelines.Store;
using Aria.Pipelines.Store.Sqlite;

namespace Aria.Pipelines.Faults.Campaigns.Damage;

/// <summary>
/// F4. Everything a real host does to its store's files is recorded, with the acknowledgements in between. Then the power goes at any place:
/// what was synced is there, of the rest anything may be. Such a disk opens, is sound, and holds every event that was acknowledged.
/// </summary>
internal sealed class PowerLoss : Campaign
{
    private const int Events = 120;
    private const int Senders = 4;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    public override string Id => "F4";

    public override string Title => "power cut: unsynced writes lost, reordered, torn";

    public override int FullCount => 1000;

    public override int CiCount => 200;

    public override async Task RunAsync(CampaignSettings settings, Tally tally, CancellationToken cancellationToken)
    {
        if (!File.Exists("/usr/bin/strace"))
        {
            tally.Skip("strace is not installed");
            return;
        }
        var dice = new Dice(settings.Seed);
        await using Testbed bed = await Testbed.CreateAsync(dice.Fork(), CountingTarget.Percent(10, dice.Fork()), cancellationToken);
        IReadOnlyList<DiskAct> acts = await RecordAsync(bed, cancellationToken);
        tally.Note($"{acts.Count(a => a is DiskAct.Wrote)} writes, {acts.Count(a => a is DiskAct.Synced)} syncs, {acts.OfType<DiskAct.Acknowledged>().Sum(a => a.Events.Count)} acknowledgements recorded");
        MasterKey key = MasterKey.FromSecrets(new MemorySecretSource(new Dictionary<string, string> { [MasterKey.SecretName] = Convert.ToBase64String(bed.Canaries.MasterKey) }));
        // Images are taken in the order of their places, so that the recording is gone through once.
        (int Place, long Seed)[] cuts = [.. Enumerable.Range(0, settings.Count).Select(i => (dice.Below(acts.Count), settings.TrialSeed(i))).OrderBy(c => c.Item1)];
        var image = new CrashImage();
        int at = 0;
        foreach ((int place, long seed) in cuts)
        {
            for (; at <= place; at++)
            {
                image.Add(acts[at]);
            }
            DirectoryInfo folder = Directory.CreateTempSubdirectory("aria-power-");
            image.Leave(folder.FullName, new Dice(seed));
            await JudgeAsync(folder.FullName, key, image, $"power cut behind act {place} of {acts.Count}, {image.Pending} not synced", settings.Seed, tally, cancellationToken);
            folder.Delete(recursive: true);
            tally.Fault(image.Pending > 0 ? 1 : 0);
            tally.Acknowledged(image.Acknowledged.Count);
            tally.Trial();
        }
    }

    private static async Task<IReadOnlyList<DiskAct>> RecordAsync(Testbed bed, CancellationToken cancellationToken)
    {
        string log = Path.Combine(bed.Folder, "strace.log");
        EngineHost host = await bed.StartReadyAsync(cancellationToken, new HostStart { Under = $"strace {DiskTrace.Arguments} -o {log}" });
        IReadOnlyList<Order> orders = Order.Mix(Events, bed.Canaries.Person);
        await Task.WhenAll(Enumerable.Range(0, Senders).Select(n => bed.NewSender().SendAsync(orders.Where((_, i) => i % Senders == n), cancellationToken)));
        await Checker.WhenAtRestAsync(bed.StoreFile, Patience, cancellationToken);
        await host.KillAsync();
        return DiskTrace.Read(log, bed.StoreFile);
    }

    private static async Task JudgeAsync(string folder, MasterKey key, CrashImage image, string what, long seed, Tally tally, CancellationToken cancellationToken)
    {
        string file = Path.Combine(folder, "aria.db");
        HashSet<string> kept = [];
        try
        {
            await using SqliteStore store = await SqliteStore.OpenAsync(file, new StoreIdentity("default", Testbed.Environment), key, TimeProvider.System, cancellationToken);
            IReadOnlyList<RunSummary> runs = await store.ListRunsAsync(new RunQuery(null, null, 10), cancellationToken);
            foreach (RunSummary run in runs)
            {
                tally.Demand(await store.FindRunAsync(run.Id, cancellationToken) is not null, seed, $"Run {run.Id} cannot be read: {what}");
            }
        }
        catch (Exception e) when (e is StoreDamagedException or StoreUnavailableException or MasterKeyException or ContentIntegrityException)
        {
            tally.Violation(seed, $"It does not open ({e.Message}): {what}");
            return;
        }
        using var view = new StoreView(file);
        kept.UnionWith(view.List("SELECT id FROM event", r => r.GetString(0)));
        string integrity = view.List("PRAGMA integrity_check", r => r.GetString(0))[0];
        tally.Demand(integrity == "ok", seed, $"Not sound ({integrity}): {what}");
        foreach (string id in image.Acknowledged.Where(id => !kept.Contains(id)))
        {
            tally.Lost(seed, $"Event {id}: {what}");
        }
    }
}
