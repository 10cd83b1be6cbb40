namespace Aria.Pipelines.Store.Sqlite;

/// <summary>A run found under a lease that still holds.</summary>
internal sealed record LeasedRun(long EventSequence, byte[] OrderKey);
