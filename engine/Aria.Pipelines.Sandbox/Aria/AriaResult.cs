namespace Aria.Pipelines.Sandbox.Aria;

/// <summary>The result of a completed interview.</summary>
/// <param name="Score">1 to 10 with at most one decimal.</param>
/// <param name="Recommendation"><c>advance</c>, <c>maybe</c> or <c>pass</c>.</param>
/// <param name="Insights">Communication, technical and cultural-fit score, each 1 to 10; null leaves them out.</param>
public sealed record AriaResult(decimal Score, string Recommendation, AriaInsights? Insights = null);

/// <summary>The three scores beside the main one.</summary>
public sealed record AriaInsights(decimal Communication, decimal Technical, decimal CulturalFit);
