namespace Aria.Pipelines.Faults.Rig;

/// <summary>Looks for canaries in the raw bytes of everything a host wrote.</summary>
internal static class Leaks
{
    /// <summary>Each canary found in the log or in a file of the data folder.</summary>
    public static IEnumerable<string> Find(Testbed bed) =>
        from file in Files(bed)
        let bytes = File.ReadAllBytes(file)
        from canary in bed.Canaries.All
        where bytes.AsSpan().IndexOf(canary.Bytes) >= 0
        select $"The {canary.Name} stands readable in '{Path.GetFileName(file)}'";

    private static IEnumerable<string> Files(Testbed bed) =>
        Directory.EnumerateFiles(bed.Folder).Concat(Directory.Exists(bed.Data) ? Directory.EnumerateFiles(bed.Data) : [])
            .Where(f => !f.EndsWith(".sock", StringComparison.Ordinal) && !f.EndsWith(".lock", StringComparison.Ordinal));
}
