namespace Aria.Pipelines.Faults.Reload;

/// <summary>What a process holds open, as Linux tells it.</summary>
internal sealed class OpenHandles(int process)
{
    public int Count => Directory.EnumerateFileSystemEntries($"/proc/{process}/fd").Count();
}
