namespace Aria.Pipelines.Store;

/// <summary>A commit came under an old fence: the run belongs to somebody else now, and the work done since must be forgotten.</summary>
internal sealed class LeaseLostException(string runId) : Exception($"The lease of run {runId} is lost.");
