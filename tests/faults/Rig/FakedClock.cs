using System.Globalization;

namespace Aria.Pipelines.Faults.Rig;

/// <summary>The system clock that one host sees, by libfaketime. The clock that counts how long things take goes on evenly, as it does when a clock is set.</summary>
internal sealed class FakedClock
{
    private static readonly string[] Places = ["/usr/lib/x86_64-linux-gnu/faketime/libfaketimeMT.so.1", "/usr/lib/aarch64-linux-gnu/faketime/libfaketimeMT.so.1"];
    private static readonly string? Library = Array.Find(Places, File.Exists);

    private readonly string _file;

    /// <param name="file">Tells the host how far its clock is ahead.</param>
    public FakedClock(string file)
    {
        _file = file;
        Set(TimeSpan.Zero);
    }

    /// <summary>Why it cannot be used here; null when it can.</summary>
    public static string? Missing => Library is null ? "libfaketime is not installed (apt-get install faketime)" : null;

    /// <summary>How a host under it is started.</summary>
    public HostStart Start => new()
    {
        Under = $"env LD_PRELOAD={Library} FAKETIME_TIMESTAMP_FILE={_file} FAKETIME_CACHE_DURATION=1 FAKETIME_DONT_FAKE_MONOTONIC=1 DONT_FAKE_MONOTONIC=1",
    };

    /// <summary>Sets it; the host sees it within a second.</summary>
    public void Set(TimeSpan ahead)
    {
        // Written beside and moved, so that nobody reads half of it.
        string next = $"{_file}.next";
        File.WriteAllText(next, string.Create(CultureInfo.InvariantCulture, $"{(ahead < TimeSpan.Zero ? "-" : "+")}{Math.Abs(ahead.TotalSeconds):0}\n"));
        File.Move(next, _file, overwrite: true);
    }
}
