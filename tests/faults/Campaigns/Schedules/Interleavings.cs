using Aria.Pipelines.Faults.InProcess;

namespace Aria.Pipelines.Faults.Campaigns.Schedules;

/// <summary>
/// F21. The real executor, ledger and store under schedules drawn by a seed: workers stop at every call to the store and to the target, others
/// run meanwhile, leases run out under workers that go on later, workers and the whole process die anywhere. Afterwards everything is let
/// run to its end, and the invariants are held against the store and the target. Coyote, which would draw such schedules, rewrites
/// programs up to .NET 8; the stops at the two interfaces draw the same ones without it.
/// </summary>
internal sealed class Interleavings : Campaign
{
    private const int Stops = 100;
    private const int MostStops = 20_000;

    // The invariants are asked of all that a store holds, so it must not hold too much.
    private const int PerStore = 100;

    public override string Id => "F21";

    public override string Title => "interleavings of the effect state machine";

    public override int FullCount => 10_000;

    public override int CiCount => 300;

    public override async Task RunAsync(CampaignSettings settings, Tally tally, CancellationToken cancellationToken)
    {
        for (int from = 0; from < settings.Count; from += PerStore)
        {
            if (!await PlayAsync(settings, from, Math.Min(from + PerStore, settings.Count), tally))
            {
                return;
            }
            if (from % 1000 == 900)
            {
                settings.Say($"{from + PerStore} schedules");
            }
        }
    }

    /// <returns>False when nothing can be played any more.</returns>
    private static async Task<bool> PlayAsync(CampaignSettings settings, int from, int to, Tally tally)
    {
        string memory = "/dev/shm";
        using var workspace = new SmallWorkspace(new Uri("http://127.0.0.1:1"), Directory.Exists(memory) ? memory : null);
        await using Schedule schedule = await Schedule.OpenAsync(workspace);
        for (int i = from; i < to; i++)
        {
            long seed = settings.TrialSeed(i);
            try
            {
                await schedule.PlayAsync(seed, Stops, MostStops, tally);
                schedule.Judge(seed, tally);
            }
            catch (Exception e) when (e is not OutOfMemoryException)
            {
                tally.Violation(seed, $"A worker failed: {e}");
                return false;
            }
            tally.Trial();
        }
        return true;
    }
}
