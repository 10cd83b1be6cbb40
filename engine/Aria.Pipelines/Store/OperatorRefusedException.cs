namespace Aria.Pipelines.Store;

/// <summary>An operator asked for what the record does not allow; nothing was changed. The message is for the operator.</summary>
internal sealed class OperatorRefusedException(string message) : Exception(message);
