namespace Aria.Pipelines.Faults.Reload;

/// <summary>A way in which definitions change while a host runs.</summary>
internal enum WorkspaceChange
{
    /// <summary>A new version, written at once.</summary>
    Valid,

    /// <summary>A version that has an error.</summary>
    Invalid,

    /// <summary>A new version of which the first half stands there for a moment.</summary>
    HalfWritten,

    /// <summary>The pipeline's folder goes away.</summary>
    Deleted,

    /// <summary>The pipeline's folder gets another name, which makes it another pipeline.</summary>
    Renamed,
}
