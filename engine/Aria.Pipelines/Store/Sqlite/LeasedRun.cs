namespace Aria.Pipelines.Store.Sqlite;

/// <summary>What the store knows of a run under a lease.</summary>
/// <param name="EventSequence">Its event.</param>
/// <param name="OrderKey">Whom it keeps the order with.</param>
/// <param name="HasFailed">True when tries or ends of the host are counted against the step at work.</param>
internal sealed record LeasedRun(long EventSequence, byte[] OrderKey, bool HasFailed);
