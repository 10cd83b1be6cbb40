namespace Aria.Pipelines.Store;

/// <summary>What a <see cref="GroupWriter{TSession}"/> writes through. Used by one thread at a time.</summary>
internal interface IWriteSession : IDisposable
{
    /// <summary>True when what was committed is durable, but nothing more can be done through this session: the next one is opened.</summary>
    bool IsSpent { get; }

    /// <summary>Opens a transaction for a batch of operations.</summary>
    void Begin();

    /// <summary>Begins one operation of the batch.</summary>
    void Mark();

    /// <summary>Takes back what the operation changed since <see cref="Mark"/>.</summary>
    void Undo();

    /// <summary>Ends the operation.</summary>
    void Keep();

    /// <summary>Makes the batch durable. Returns after it is on stable storage.</summary>
    void Commit();

    /// <summary>True when the failure says nothing about the operation, but that the store cannot be relied on: full, I/O error, damaged and so on.</summary>
    bool IsOfTheStore(Exception exception);
}
