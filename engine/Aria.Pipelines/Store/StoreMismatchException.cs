namespace Aria.Pipelines.Store;

/// <summary>The data folder holds another store than the one asked for.</summary>
internal sealed class StoreMismatchException(string message) : Exception(message);
