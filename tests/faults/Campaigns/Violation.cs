namespace Aria.Pipelines.Faults.Campaigns;

/// <summary>Something the engine must never do, and did.</summary>
/// <param name="Seed">Repeats the trial.</param>
/// <param name="Text">What was expected and what was found.</param>
internal sealed record Violation(long Seed, string Text);
