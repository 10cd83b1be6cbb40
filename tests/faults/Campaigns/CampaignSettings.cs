using Aria.Pipelines.Faults.Rig;

namespace Aria.Pipelines.Faults.Campaigns;

/// <summary>How a campaign is run.</summary>
/// <param name="Seed">Everything random follows from it.</param>
/// <param name="Count">How many trials.</param>
/// <param name="Say">Tells the person who watches how far it is.</param>
internal sealed record CampaignSettings(long Seed, int Count, Action<string> Say)
{
    /// <summary>The seed of one trial. Trial 0 has the campaign's own, so <c>--seed {trial's seed} --count 1</c> repeats any trial alone.</summary>
    public long TrialSeed(int number) => number == 0 ? Seed : Dice.Mix(Seed, number);
}
