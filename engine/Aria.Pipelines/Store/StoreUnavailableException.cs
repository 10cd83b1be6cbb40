namespace Aria.Pipelines.Store;

/// <summary>The store could not make a change durable. Nothing of the change remains.</summary>
internal sealed class StoreUnavailableException(string message, Exception? inner = null) : Exception(message, inner);
