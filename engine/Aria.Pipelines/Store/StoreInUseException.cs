namespace Aria.Pipelines.Store;

/// <summary>Another process works on the same data file.</summary>
internal sealed class StoreInUseException(string path, Exception inner)
    : Exception($"The store '{path}' is in use by another process ({Code}). Stop that process, or give this one its own data folder.", inner)
{
    public const string Code = "store_in_use";
}
