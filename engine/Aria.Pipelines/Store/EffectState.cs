namespace Aria.Pipelines.Store;

/// <summary>Life of an effect: planned → sending → confirmed | rejected | planned again | unknown → … | needs review; superseded by an operator's act.</summary>
internal enum EffectState
{
    /// <summary>Decided and durable; nothing has left the process since, or it is certain that nothing was processed.</summary>
    Planned,

    /// <summary>An attempt is under way; after a crash this means unknown.</summary>
    Sending,

    /// <summary>Done, known.</summary>
    Confirmed,

    /// <summary>Definitely refused; never tried again.</summary>
    Rejected,

    /// <summary>Something may have been processed.</summary>
    Unknown,

    /// <summary>A person must say whether it was done.</summary>
    NeedsReview,

    /// <summary>An operator had it sent again, or its run replayed: another effect takes its place. Its code is the state it had.</summary>
    Superseded,
}
