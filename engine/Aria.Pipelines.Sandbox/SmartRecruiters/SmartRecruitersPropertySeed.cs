namespace Aria.Pipelines.Sandbox.SmartRecruiters;

/// <summary>A candidate property to create. <paramref name="Type"/> is a CandidatePropertyType; only a <c>SINGLE_SELECT</c> has options.</summary>
public sealed record SmartRecruitersPropertySeed(string Id, string Label, string Type, params IReadOnlyList<string> Options);
