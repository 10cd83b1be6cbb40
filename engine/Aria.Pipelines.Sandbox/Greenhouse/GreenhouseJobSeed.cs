namespace Aria.Pipelines.Sandbox.Greenhouse;

/// <summary>A job to create. The id of its stage number n is <c>Id * 10 + n</c>, so at most ten stages.</summary>
public sealed record GreenhouseJobSeed(long Id, string Name, params IReadOnlyList<string> Stages);
