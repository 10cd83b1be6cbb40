using System.Diagnostics;

namespace Aria.Pipelines.Faults.Rig;

/// <summary>The most memory that this process took since a campaign began: what earlier ones took is not its own.</summary>
internal static class PeakMemory
{
    /// <summary>Gives back what is not used, and begins to measure anew (Linux forgets the peak when 5 is written).</summary>
    /// <returns>What the process takes now, in bytes.</returns>
    public static long Begin()
    {
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        if (OperatingSystem.IsLinux())
        {
            File.WriteAllText("/proc/self/clear_refs", "5");
        }
        return Environment.WorkingSet;
    }

    /// <summary>The peak in bytes.</summary>
    public static long Read()
    {
        using var process = Process.GetCurrentProcess();
        return process.PeakWorkingSet64;
    }
}
