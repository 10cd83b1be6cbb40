namespace Aria.Pipelines.Store;

/// <summary>What became of a stored event.</summary>
internal static class EventStates
{
    /// <summary>At least one of its runs has not ended.</summary>
    public const string Open = "open";

    /// <summary>All its runs have ended, or it ended a wait.</summary>
    public const string Closed = "closed";

    /// <summary>No trigger and no wait took it.</summary>
    public const string Unmatched = "unmatched";

    /// <summary>It could not be decoded, or must not start runs by itself.</summary>
    public const string Quarantined = "quarantined";

    /// <summary>Mark of an event that came again after the dedupe window.</summary>
    public const string LateReplay = "late_replay";

    /// <summary>Code of an event whose id was used for another body.</summary>
    public const string IdConflict = "id_conflict";

    /// <summary>Code of an event that pipelines keep causing themselves.</summary>
    public const string LoopDetected = "loop_detected";
}
