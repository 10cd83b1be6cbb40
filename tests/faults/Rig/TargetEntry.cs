namespace Aria.Pipelines.Faults.Rig;

/// <summary>What the counting target knows about one effect: one step of one event.</summary>
internal sealed class TargetEntry(string effectClass)
{
    public string Class { get; } = effectClass;

    /// <summary>Requests that arrived, before anything was decided about them.</summary>
    public int Received { get; set; }

    /// <summary>Of these, how many were answered "not processed" (429): they may be sent again whatever the class.</summary>
    public int Refused { get; set; }

    /// <summary>Things made by it. A repetition with the same key or id makes none.</summary>
    public int Made { get; set; }

    /// <summary>Different bodies that arrived; more than one breaks the frozen bytes.</summary>
    public HashSet<string> Bodies { get; } = [];

    /// <summary>Different keys, ids or markers that arrived.</summary>
    public HashSet<string> Keys { get; } = [];

    /// <summary>When the first request arrived, in order of arrival over all effects.</summary>
    public long FirstArrival { get; set; }

    /// <summary>When that was, as a timestamp of <see cref="System.Diagnostics.Stopwatch"/>.</summary>
    public long FirstAt { get; } = System.Diagnostics.Stopwatch.GetTimestamp();
}
