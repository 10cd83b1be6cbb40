namespace Aria.Pipelines.Faults.Campaigns.Damage;

/// <summary>One thing a process did to the disk, or told the world.</summary>
internal abstract record DiskAct
{
    /// <summary>Bytes were given to the operating system, which may write them when it likes.</summary>
    public sealed record Wrote(string Path, long At, byte[] Bytes) : DiskAct;

    /// <summary>A file was given another length.</summary>
    public sealed record Cut(string Path, long Length) : DiskAct;

    /// <summary>All that was done to a file before is on the disk.</summary>
    public sealed record Synced(string Path) : DiskAct;

    /// <summary>Events were acknowledged.</summary>
    public sealed record Acknowledged(IReadOnlyList<string> Events) : DiskAct;
}
