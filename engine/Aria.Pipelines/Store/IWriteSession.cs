namespace Aria.Pipelines.Store;

/// <summary>What a <see cref="GroupWriter{TSession}"/> writes through. Used by one thread at a time.</summary>
internal interface IWriteSession : IDisposable
{
    /// <summary>True when what was committed is durable, but nothing more can be done through this session: the next one is opened.</summary>
    bool IsSpent { get; }

    /// <summary>True when a commit may be left to be synced by a later one, because the log is one file written in order.</summary>
    bool CanRelax { get; }

    /// <summary>Says whether the next commits sync the disk. Outside of a transaction only; nothing where a commit always does.</summary>
    void SyncCommits(bool value);

    /// <summary>
    /// The session takes the place of one that became suspect. What the log holds unsynced goes to the data file, and the log begins anew:
    /// after a failed sync it may have a hole.
    /// </summary>
    void BeginLogAnew();

    /// <summary>Changes something that says nothing, so that a commit has something to sync.</summary>
    void Touch();

    /// <summary>Opens a transaction for a batch of operations.</summary>
    void Begin();

    /// <summary>Begins one operation of the batch.</summary>
    void Mark();

    /// <summary>Takes back what the operation changed since <see cref="Mark"/>.</summary>
    /// <returns>False when only <see cref="Rollback"/> can.</returns>
    bool TryUndo();

    /// <summary>Takes the whole transaction back.</summary>
    void Rollback();

    /// <summary>Makes the batch durable. Returns after it is on stable storage.</summary>
    void Commit();

    /// <summary>True when the failure says nothing about the operation, but that the store cannot be relied on: full, I/O error, damaged and so on.</summary>
    bool IsOfTheStore(Exception exception);
}
