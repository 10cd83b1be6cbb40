using Aria.Pipelines.Faults.InProcess;
using Aria.Pipelines.Faults.Rig;
using Aria.Pipelines.Privacy;
using Aria.Pipelines.Store;
using Aria.Pipelines.Store.Sqlite;

namespace Aria.Pipelines.Faults.Campaigns.Model;

/// <summary>F22. Random sequences of operations, leases that were lost among them, asked of the store and of a model of it. A difference is shrunk to the fewest operations that show it.</summary>
internal sealed class ModelCheck : Campaign
{
    private static readonly StoreWord[] Words =
    [
        StoreWord.Accept, StoreWord.Accept, StoreWord.Accept, StoreWord.Lease, StoreWord.Lease, StoreWord.Lease, StoreWord.Pass, StoreWord.Pass, StoreWord.SaveStep, StoreWord.Plan, StoreWord.Plan, StoreWord.Start, StoreWord.Start,
        StoreWord.Begin, StoreWord.Begin, StoreWord.Begin, StoreWord.End, StoreWord.End, StoreWord.End, StoreWord.Park, StoreWord.Park, StoreWord.Release, StoreWord.Release, StoreWord.Claim, StoreWord.Read, StoreWord.NextDue,
    ];

    public override string Id => "F22";

    public override string Title => "random operations on the store and on a model of it";

    public override int FullCount => 100_000;

    public override int CiCount => 1000;

    public override async Task RunAsync(CampaignSettings settings, Tally tally, CancellationToken cancellationToken)
    {
        DirectoryInfo folder = Directory.Exists("/dev/shm") ? Directory.CreateDirectory($"/dev/shm/aria-model-{Guid.NewGuid():N}") : Directory.CreateTempSubdirectory("aria-model-");
        var clock = new TurnedClock();
        IStore store = await OpenAsync(folder, clock);
        try
        {
            long operations = 0;
            for (int i = 0; i < settings.Count; i++)
            {
                long seed = settings.TrialSeed(i);
                List<StoreOperation> sequence = Draw(new Dice(seed));
                operations += sequence.Count;
                if (await new StoreSequence(store, clock, $"s{i}").PlayAsync(sequence) is { } difference)
                {
                    // The store is not at rest any more, so the shrinking and the rest get another one.
                    string shortest = await ShrinkAsync(folder, sequence, difference);
                    tally.Violation(seed, shortest);
                    return;
                }
                tally.Trial();
                if (i % 10_000 == 9999)
                {
                    settings.Say($"{i + 1} sequences");
                }
            }
            tally.Note($"{operations} operations on SQLite");
        }
        finally
        {
            await store.DisposeAsync();
            folder.Delete(recursive: true);
        }
    }

    private static List<StoreOperation> Draw(Dice dice) =>
        [.. Enumerable.Range(0, dice.Between(3, 30)).Select(_ => new StoreOperation(dice.Of(Words), dice.Below(8), dice.Below(8), dice.Below(8)))];

    /// <summary>Leaves operations out as long as a difference remains.</summary>
    private static async Task<string> ShrinkAsync(DirectoryInfo folder, List<StoreOperation> sequence, string difference)
    {
        for (int at = sequence.Count - 1; at >= 0; at--)
        {
            List<StoreOperation> shorter = [.. sequence.Where((_, i) => i != at)];
            var clock = new TurnedClock();
            await using IStore store = await OpenAsync(folder.CreateSubdirectory(Guid.NewGuid().ToString("N")), clock);
            if (await new StoreSequence(store, clock, "s").PlayAsync(shorter) is { } still)
            {
                (sequence, difference) = (shorter, still);
            }
        }
        return $"{difference} after {string.Join(", ", sequence.Select(o => $"{o.Word}({o.A},{o.B},{o.C})"))}";
    }

    private static async Task<IStore> OpenAsync(DirectoryInfo folder, TimeProvider time) =>
        await SqliteStore.OpenAsync(Path.Combine(folder.FullName, "aria.db"), new StoreIdentity("faults", "model"), MasterKey.Ephemeral(), time, default);
}
