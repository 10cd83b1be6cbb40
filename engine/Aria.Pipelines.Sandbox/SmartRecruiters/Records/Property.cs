namespace Aria.Pipelines.Sandbox.SmartRecruiters.Records;

/// <summary>A candidate property and its options, whose ids are given out in order.</summary>
internal sealed class Property(SmartRecruitersPropertySeed seed, Func<string> newOptionId)
{
    public string Id => seed.Id;

    public string Label => seed.Label;

    public string Type => seed.Type;

    /// <summary>Option ids and labels.</summary>
    public IReadOnlyList<(string Id, string Label)> Options { get; } = [.. seed.Options.Select(o => (newOptionId(), o))];
}
