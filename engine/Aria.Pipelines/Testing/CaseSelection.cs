namespace Aria.Pipelines.Testing;

/// <summary>A pipeline whose cases are wanted, or one of its cases.</summary>
/// <param name="Pipeline">Id of the pipeline.</param>
/// <param name="Case">Name of the case; null for all.</param>
internal sealed record CaseSelection(string Pipeline, string? Case);
