namespace Aria.Pipelines.Faults.Rig;

/// <summary>What became of a start.</summary>
internal enum HostState
{
    /// <summary>It answers that it is ready.</summary>
    Ready,

    /// <summary>It ended before.</summary>
    Ended,

    /// <summary>Neither, in the time given.</summary>
    Silent,
}
