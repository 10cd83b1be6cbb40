namespace Aria.Pipelines.Tests.Authoring.Mutations;

/// <summary>A realistic mistake in one file of a pipeline.</summary>
/// <param name="File">The file.</param>
/// <param name="Place">JSON pointer, or line.</param>
/// <param name="What">What was done, in words.</param>
/// <param name="Text">The file with the mistake.</param>
internal sealed record Mutant(string File, string Place, string What, string Text);
