namespace Aria.Pipelines.Store;

/// <summary>
/// Where the reading of each source stands. A cursor belongs to a connection and an event, never to a pipeline, and moves only in the commit
/// that stores the events read up to it (<see cref="Acceptance.Cursor"/>), so that no restart can lose or double one.
/// </summary>
internal interface ICursors
{
    /// <summary>Where reading stands; null when it never began.</summary>
    Task<byte[]?> ReadAsync(string connection, string cursor, CancellationToken cancellationToken);

    /// <summary>Compares records with what the source gave of them when they were last read under this cursor.</summary>
    /// <returns>One for each record, in order.</returns>
    Task<IReadOnlyList<RecordChange>> CompareAsync(string connection, string cursor, IReadOnlyList<PolledRecord> records, CancellationToken cancellationToken);
}

/// <summary>Moves a cursor in the commit of what was read.</summary>
/// <param name="Name">Event type, with its lane for a backfill.</param>
/// <param name="Value">Where reading stands now.</param>
/// <param name="Records">Records whose content is remembered to notice the next change (sources that cannot say what changed).</param>
internal sealed record CursorMove(string Name, byte[] Value, IReadOnlyList<PolledRecord> Records);

/// <summary>A record of a source. Only keyed hashes of both are kept.</summary>
/// <param name="Key">What identifies it at the source.</param>
/// <param name="Content">What is compared.</param>
internal sealed record PolledRecord(string Key, byte[] Content);

internal enum RecordChange
{
    /// <summary>Never seen before.</summary>
    New,

    /// <summary>Seen with other content.</summary>
    Changed,

    /// <summary>Seen with this content.</summary>
    Same,
}
