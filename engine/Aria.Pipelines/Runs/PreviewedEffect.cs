namespace Aria.Pipelines.Runs;

/// <summary>What a replay would do with one action.</summary>
/// <param name="Path">Step path.</param>
/// <param name="Connection">Connection it goes through; empty for a step that is no action and would fail.</param>
/// <param name="Operation">Operation of its connector; empty likewise.</param>
/// <param name="Verdict">What would happen.</param>
/// <param name="Detail">When and what was confirmed, or why the verdict is not certain; null when there is nothing to add.</param>
/// <param name="Request">Method and address of what would be sent; null when nothing would, or when it cannot be made yet.</param>
/// <param name="Reference">Id of the thing made at the remote system, when known.</param>
internal sealed record PreviewedEffect(string Path, string Connection, string Operation, ReplayVerdict Verdict, string? Detail, string? Request, string? Reference);

internal enum ReplayVerdict
{
    /// <summary>Would be sent: it never was, or was certainly not processed.</summary>
    Send,

    /// <summary>Would be sent again although it is confirmed, because the replay is forced.</summary>
    SendAgain,

    /// <summary>Only reads: would be read again.</summary>
    Read,

    /// <summary>Already confirmed: nothing would be sent.</summary>
    Confirmed,

    /// <summary>The outcome is unknown: would be looked up first.</summary>
    LookUp,

    /// <summary>The outcome is unknown: the same bytes would be sent again, which changes nothing more.</summary>
    Repeat,

    /// <summary>The outcome is unknown: a person would have to decide.</summary>
    NeedsReview,

    /// <summary>Its condition says no.</summary>
    Skip,

    /// <summary>It would fail before anything is sent, and so would end the replay.</summary>
    WouldFail,

    /// <summary>Not known before the event is completed by reads, which failed before.</summary>
    AwaitsEvent,
}
