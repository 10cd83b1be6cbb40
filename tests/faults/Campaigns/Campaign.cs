namespace Aria.Pipelines.Faults.Campaigns;

/// <summary>
/// One kind of fault, done many times, and the rule every time is held to. Every class of this kind in the program whose
/// constructor takes no parameters is found and offered.
/// </summary>
internal abstract class Campaign
{
    /// <summary>The number it goes by: <c>F1</c>.</summary>
    public abstract string Id { get; }

    /// <summary>What is done, in a few words.</summary>
    public abstract string Title { get; }

    /// <summary>The option that chooses it among the campaigns of its number; empty when there is no other.</summary>
    public virtual string Choice => "";

    /// <summary>How many trials the whole campaign has.</summary>
    public abstract int FullCount { get; }

    /// <summary>How many of them run with every change; 0 leaves the campaign out there.</summary>
    public abstract int CiCount { get; }

    /// <summary>Runs the trials, and reports each to the tally. What the fault may do to the engine is a violation; what breaks the rig itself is thrown.</summary>
    /// <param name="settings">How many trials, from which seed, and where the tools are.</param>
    /// <param name="tally">Takes what was done and found.</param>
    /// <param name="cancellationToken">Ends the campaign.</param>
    public abstract Task RunAsync(CampaignSettings settings, Tally tally, CancellationToken cancellationToken);
}
