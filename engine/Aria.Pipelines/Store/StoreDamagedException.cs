namespace Aria.Pipelines.Store;

/// <summary>The data file is not a sound database any more; nothing is served from it.</summary>
internal sealed class StoreDamagedException(string path, string finding, Exception? inner = null)
    : Exception($"The store '{path}' is damaged: {finding}. Nothing was started or changed. Restore the last backup, and keep this file for examination.", inner);
