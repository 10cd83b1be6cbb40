using System.Diagnostics;
using System.Globalization;

namespace Aria.Pipelines.Bench.Load;

/// <summary>Counts how often processes sync the disk, with <c>strace</c>.</summary>
internal sealed class SyncCounter : IDisposable
{
    private const int SignalInterrupt = 2;
    private static readonly TimeSpan Attaching = TimeSpan.FromSeconds(1.5);

    private readonly string _log = Path.GetTempFileName();
    private readonly Process _strace;

    private SyncCounter(IReadOnlyList<int> processes)
    {
        IEnumerable<string> attached = ProcessTree.Of(processes).SelectMany(p => (string[])["-p", p.ToString(CultureInfo.InvariantCulture)]);
        var start = new ProcessStartInfo("strace", ["-f", "-qq", "-e", "trace=fsync,fdatasync,sync_file_range,msync", "-o", _log, .. attached])
        {
            UseShellExecute = false,
            RedirectStandardError = true,
        };
        _strace = Process.Start(start) ?? throw new InvalidOperationException("strace could not be started.");
        _strace.BeginErrorReadLine();
    }

    public static bool IsInstalled => File.Exists("/usr/bin/strace");

    public static async Task<SyncCounter> AttachAsync(IReadOnlyList<int> processes, CancellationToken cancellationToken)
    {
        var counter = new SyncCounter(processes);
        await Task.Delay(Attaching, TimeProvider.System, cancellationToken);
        return counter;
    }

    /// <summary>Detaches.</summary>
    /// <returns>How many calls there were.</returns>
    public async Task<int> CountAsync(CancellationToken cancellationToken)
    {
        using Process interrupt = Process.Start("kill", ["-s", SignalInterrupt.ToString(CultureInfo.InvariantCulture), _strace.Id.ToString(CultureInfo.InvariantCulture)]);
        await interrupt.WaitForExitAsync(cancellationToken);
        await _strace.WaitForExitAsync(cancellationToken);
        return File.ReadLines(_log).Count(l => l.Contains("sync(", StringComparison.Ordinal) || l.Contains("sync_file_range(", StringComparison.Ordinal));
    }

    public void Dispose()
    {
        if (!_strace.HasExited)
        {
            _strace.Kill();
        }
        _strace.Dispose();
        File.Delete(_log);
    }
}
