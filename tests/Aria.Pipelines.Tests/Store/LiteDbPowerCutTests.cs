using System.Collections.Concurrent;
using System.Globalization;
using Aria.Pipelines.Faults.Rig;
using Aria.Pipelines.Store.LiteDb;
using Aria.Pipelines.Store;
using Microsoft.Extensions.Time.Testing;

namespace Aria.Pipelines.Tests.Store;

/// <summary>What a power cut leaves of the LiteDB store, at any write or sync. <c>ARIA_POWER_CUTS=1000</c> asks for so many images.</summary>
public sealed class LiteDbPowerCutTests : IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("aria-cut-");
    private readonly FakeTimeProvider time = new(new DateTimeOffset(2026, 9, 1, 8, 0, 0, TimeSpan.Zero));

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task PowerCut_AtAnyMoment_KeepsEverythingAcknowledgedAndHalfOfNothing()
    {
        int images = int.Parse(Environment.GetEnvironmentVariable("ARIA_POWER_CUTS") ?? "30", CultureInfo.InvariantCulture);
        var dice = new Dice(20_261);
        int checkedEvents = 0;
        for (int taken = 0; taken < images;)
        {
            List<(SimulatedDisk Disk, string[] Acknowledged)> cuts = await WorkAsync(dice, Math.Min(10, images - taken));
            foreach ((SimulatedDisk disk, string[] acknowledged) in cuts)
            {
                await ExamineAsync(disk, acknowledged);
                checkedEvents += acknowledged.Length;
            }
            taken += cuts.Count;
        }
        TestContext.Current.TestOutputHelper?.WriteLine($"{images} images, {checkedEvents} acknowledged events looked for");
    }

    public void Dispose() => folder.Delete(recursive: true);

    /// <summary>Accepts and works off events while images are taken at dice writes and syncs.</summary>
    private async Task<List<(SimulatedDisk Disk, string[] Acknowledged)>> WorkAsync(Dice dice, int images)
    {
        var disk = new SimulatedDisk();
        ConcurrentQueue<string> acknowledged = [];
        List<(SimulatedDisk, string[])> cuts = [];
        await using LiteDbStore store = await LiteDbFiles.OpenAsync(folder.FullName, time, disk.Open);
        disk.Before = (_, _) =>
        {
            if (cuts.Count < images && dice.Below(40) == 0)
            {
                string[] known = [.. acknowledged];
                cuts.Add((disk.Cut(dice), known));
            }
        };
        for (int round = 0; cuts.Count < images; round++)
        {
            await Task.WhenAll(Enumerable.Range(0, 8).Select(i => AcceptAsync(store, $"{round}-{i}", acknowledged)));
            foreach (RunLease lease in await store.LeaseRunsAsync("w", time.GetUtcNow(), TimeSpan.FromMinutes(1), 3, [], Stop))
            {
                await store.SaveStepAsync(lease, new StepRecord("a", 0, StepState.Succeeded, "{}"u8.ToArray(), null, time.GetUtcNow()), Stop);
                await store.ReleaseAsync(lease, new RunTransition(RunState.Succeeded, null, null, null, time.GetUtcNow()), Stop);
            }
        }
        disk.Before = (_, _) => { };
        return cuts;
    }

    private async Task AcceptAsync(LiteDbStore store, string key, ConcurrentQueue<string> acknowledged)
    {
        (await store.AcceptAsync(Delivery(key), Stop)).ShouldHaveSingleItem().IsDuplicate.ShouldBeFalse();
        acknowledged.Enqueue(key);
    }

    private async Task ExamineAsync(SimulatedDisk disk, string[] acknowledged)
    {
        await using LiteDbStore store = await LiteDbFiles.OpenAsync(folder.FullName, time, disk.Open);
        IReadOnlyList<InvariantFinding> findings = await store.Inspection.InspectAsync(Stop);
        findings.Where(f => !f.Holds).SelectMany(f => f.Violations).ShouldBeEmpty();
        AcceptedEvent[] again = await Task.WhenAll(acknowledged.Select(async key => (await store.AcceptAsync(Delivery(key), Stop))[0]));
        again.Where(e => !e.IsDuplicate).ShouldBeEmpty("an acknowledged event is there, so it is a duplicate now");
    }

    private Acceptance Delivery(string key)
    {
        byte[] bytes = System.Text.Encoding.UTF8.GetBytes(key);
        return new Acceptance("greenhouse", "webhook", time.GetUtcNow(), "{}"u8.ToArray(), [new IncomingEvent("t", $"s:{key}", bytes, new byte[3000], [], [], null)]);
    }
}
