namespace Aria.Pipelines.Store;

/// <summary>The data file was written by a newer program.</summary>
internal sealed class StoreVersionException(string path, long found, int known)
    : Exception($"The store '{path}' has schema version {found}, but this program knows versions up to {known}. Start the newer program, or restore the backup made before the upgrade.");
