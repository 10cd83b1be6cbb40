namespace Aria.Pipelines.Connectors;

/// <summary>Something of the shared vocabulary that the external system does not have.</summary>
/// <param name="Because">Why, in one sentence about the system.</param>
/// <param name="Instead">Operation or event of the same connector that serves in its place; null when there is none.</param>
internal sealed record Limitation(string Because, string? Instead)
{
    /// <summary>What a pipeline can do about it.</summary>
    /// <param name="alias">The pipeline's name for the connection.</param>
    public string Advice(string alias) => Instead is null
        ? "This connector documents no fallback: do this outside of the pipeline."
        : $"Its documented fallback: '{alias}.{Instead}'.";
}
