namespace Aria.Pipelines.Privacy;

/// <summary>There is no usable master key, or it is not the one the store was made with. Nothing is accepted until it is mended.</summary>
internal sealed class MasterKeyException(string message) : Exception(message);
