using System.Diagnostics;
using System.Text.Json.Nodes;
using Aria.Pipelines.EndToEnd.Tests.Support;
using Aria.Pipelines.Faults.Rig;
using Aria.Pipelines.Plugins;

namespace Aria.Pipelines.Faults.Campaigns.FaultyCode;

/// <summary>
/// F13: code of a connector throws, hangs, leaks, blocks the pool, or ends the process, while other pipelines are at work. Its own runs end
/// with a code that says so; the others come to their end, as fast as before where the process lives.
/// </summary>
internal sealed class FaultyCodeCampaign : Campaign
{
    private const int PerKind = 30;
    private const int FirstNumber = 500_000;
    private const int LongestReady = 5;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(120);
    private static readonly TimeSpan LongestHistory = TimeSpan.FromMinutes(6);
    private static readonly TimeSpan ShortestBaseline = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    public override string Id => "F13";

    public override string Title => "connector code throws, hangs, leaks, blocks the pool, overflows its stack, fails fast, exits; other pipelines at work";

    public override int FullCount => CodeFault.All.Count * PerKind;

    public override int CiCount => 2;

    public override async Task RunAsync(CampaignSettings settings, Tally tally, CancellationToken cancellationToken)
    {
        foreach ((int number, CodeFault fault) in CodeFault.All.Index())
        {
            int count = (settings.Count + CodeFault.All.Count - 1 - number) / CodeFault.All.Count;
            if (count > 0)
            {
                await HistoryAsync(fault, count, settings.TrialSeed(number), tally, settings.Say, cancellationToken);
            }
        }
    }

    private static async Task HistoryAsync(CodeFault fault, int count, long seed, Tally tally, Action<string> say, CancellationToken cancellationToken)
    {
        await using Testbed bed = await Testbed.CreateAsync(new Dice(seed), _ => null, cancellationToken);
        Install(bed);
        var start = new HostStart { Variables = fault.Variables };
        EngineHost host = await bed.StartReadyAsync(cancellationToken, start);
        await using var others = new OtherPipelines(bed);
        // A percentile of few orders is only their slowest but one, so a long history is compared with a longer time before it.
        TimeSpan baseline = TimeSpan.FromSeconds(count);
        await Task.Delay(baseline > ShortestBaseline ? baseline : ShortestBaseline, TimeProvider.System, cancellationToken);
        long began = Stopwatch.GetTimestamp();
        Task spoiling = SpoilAsync(bed, fault, count, cancellationToken);
        List<TimeSpan> ready = [];
        while (Open(bed) is var open && (!spoiling.IsCompleted || open > 0) && Stopwatch.GetElapsedTime(began) < LongestHistory)
        {
            if (host.HasEnded)
            {
                tally.Demand(fault.EndsTheHost, seed, $"The host ended by itself under '{fault.Name}'; its log ends: {bed.Log[^Math.Min(800, bed.Log.Length)..]}");
                long ended = Stopwatch.GetTimestamp();
                host = bed.Start(start);
                if (await host.WhenReadyAsync(Patience, cancellationToken) == HostState.Ready)
                {
                    ready.Add(Stopwatch.GetElapsedTime(ended));
                }
            }
            await Task.Delay(Pause, TimeProvider.System, cancellationToken);
        }
        await spoiling;
        await others.StopAsync();
        await bed.SettleAsync(host, tally, seed, cancellationToken);
        tally.Trial(count);
        tally.Fault(count);
        Judge(bed, fault, count, tally, seed);
        others.Judge(fault, began, tally, seed);
        string restarts = ready.Count == 0 ? "" : $"; {ready.Count} restarts, ready after {ready.Max().TotalSeconds:0.0} s at most";
        tally.Demand(ready.Count == 0 || ready.Order().ElementAt(ready.Count / 2).TotalSeconds < LongestReady, seed, $"Half of the restarts took longer than {LongestReady} s");
        say($"{fault.Name}: {count} done in {Stopwatch.GetElapsedTime(began).TotalSeconds:0} s{restarts}");
        tally.Note($"{fault.Name}: {others.Said(began)}{restarts}; {Checker.Ended(bed.StoreFile)}");
    }

    private static async Task SpoilAsync(Testbed bed, CodeFault fault, int count, CancellationToken cancellationToken)
    {
        Sender sender = bed.NewSender(source: "faulty");
        foreach (int number in Enumerable.Range(0, count))
        {
            await sender.SendAsync(new Order(FirstNumber + number, "spoilt", $"{fault.Name}-{number}", bed.Canaries.Person), cancellationToken);
            await Task.Delay(fault.Pause, TimeProvider.System, cancellationToken);
        }
    }

    /// <summary>Runs of the faulty pipeline that have not ended.</summary>
    private static long Open(Testbed bed)
    {
        using var store = new StoreView(bed.StoreFile);
        return store.Number("SELECT COUNT(*) FROM run WHERE pipeline = 'spoil' AND state IN ('ready', 'leased', 'waiting')");
    }

    private static void Judge(Testbed bed, CodeFault fault, int count, Tally tally, long seed)
    {
        using var store = new StoreView(bed.StoreFile);
        string wanted = fault.Code ?? "succeeded";
        var ends = store.List("SELECT state, COALESCE(code, '') FROM run WHERE pipeline = 'spoil'", r => (State: r.GetString(0), Code: r.GetString(1)));
        // Without memory the code itself is refused more, which is a failure like any other of its.
        int good = ends.Count(e => e.Code == wanted || (fault.Code is null && (e.State == "succeeded" || e.Code == "connector_failed")));
        tally.Demand(good == count, seed, $"{good} of {count} runs of '{fault.Name}' ended as '{wanted}': {string.Join(", ", ends.GroupBy(e => e).Select(g => $"{g.Count()} {g.Key.State} {g.Key.Code}"))}");
        // An unsafe effect that was under way when the process ended is shown for review, as after any kill.
        string allowed = fault.EndsTheHost ? "state = 'succeeded' OR (state = 'needs_review' AND code = 'outcome_unknown')" : "state = 'succeeded'";
        long innocent = store.Number($"SELECT COUNT(*) FROM run WHERE pipeline <> 'spoil' AND NOT ({allowed})");
        tally.Demand(innocent == 0, seed, $"{innocent} runs of other pipelines did not end well under '{fault.Name}': {Checker.Ended(bed.StoreFile)}");
    }

    private static void Install(Testbed bed)
    {
        string own = Path.Combine(Repository.Root, "tests", "faults", "Campaigns", "FaultyCode", "Definitions");
        string connector = Path.Combine(bed.Folder, "plugins", "Faulty");
        Copy(Path.Combine(own, "connector.json"), Path.Combine(connector, "connector.json"));
        Copy(Path.Combine(own, "samples", "spoilt.json"), Path.Combine(connector, "samples", "spoilt.json"));
        foreach (string file in Directory.EnumerateFiles(Path.Combine(Repository.Root, "artifacts", "fixtures", "Faulty")))
        {
            Copy(file, Path.Combine(connector, Path.GetFileName(file)));
        }
        ConnectorLock.Write(connector, FolderImage.Read(connector));
        Copy(Path.Combine(own, "pipeline.json"), Path.Combine(bed.Workspace, "spoil", "pipeline.json"));
        File.WriteAllText(
            Path.Combine(bed.Workspace, "connections", "faulty.json"), """{ "connector": "faulty", "settings": { "webhookSecret": "${secret:target-webhook}" } }""");
        string environment = Path.Combine(bed.Workspace, "environments", $"{Testbed.Environment}.json");
        JsonObject overlay = JsonNode.Parse(File.ReadAllText(environment))!.AsObject();
        overlay["connections"]!["faulty"] = overlay["connections"]!["target"]!.DeepClone();
        File.WriteAllText(environment, overlay.ToJsonString());
    }

    private static void Copy(string from, string to)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(to)!);
        File.Copy(from, to, overwrite: true);
    }
}
