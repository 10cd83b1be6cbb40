namespace Aria.Pipelines.Faults.Campaigns;

/// <summary>What a campaign did and found. Duplicates are effects a target got more than once, per effect class; unsafe effects count as resends.</summary>
internal sealed record CampaignResult
{
    public required string Id { get; init; }

    public required string Title { get; init; }

    /// <inheritdoc cref="Campaign.Choice"/>
    public required string Choice { get; init; }

    public required long Seed { get; init; }

    public required TimeSpan Duration { get; init; }

    /// <summary>Trials done.</summary>
    public required int Trials { get; init; }

    /// <summary>Trials the whole campaign has.</summary>
    public required int Whole { get; init; }

    /// <summary>Faults that really happened.</summary>
    public required long Faults { get; init; }

    /// <summary>Deliveries answered with 2xx.</summary>
    public required long Acknowledged { get; init; }

    /// <summary>Acknowledged events that are not in the store, or have no end state.</summary>
    public required long Lost { get; init; }

    public required IReadOnlyDictionary<string, long> Duplicates { get; init; }

    /// <summary>Effects of class unsafe that were sent again by themselves.</summary>
    public required long UnsafeResends { get; init; }

    public required IReadOnlyList<Violation> Violations { get; init; }

    /// <summary>Figures worth telling that are no violation: a percentile, a limit that was used.</summary>
    public required IReadOnlyList<string> Notes { get; init; }

    /// <summary>Why it could not run on this machine; null when it ran.</summary>
    public required string? Skipped { get; init; }

    public bool Passed => Skipped is null && Trials > 0 && Lost == 0 && UnsafeResends == 0 && Violations.Count == 0 && Duplicates.Values.All(d => d == 0);
}
