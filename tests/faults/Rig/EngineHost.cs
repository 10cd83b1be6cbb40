using System.Diagnostics;
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace Aria.Pipelines.Faults.Rig;

/// <summary>The host as a process of its own, which may be stopped, killed and started under tools. Its log goes to a file.</summary>
internal sealed class EngineHost : IAsyncDisposable
{
    private const int Terminate = 15;
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(20);
    private readonly Process _process;
    private bool _disposed;

    private EngineHost(Process process, Uri address)
    {
        _process = process;
        Address = address;
    }

    public Uri Address { get; }

    public int Id => _process.Id;

    public bool HasEnded => _process.HasExited;

    public int ExitCode => _process.ExitCode;

    /// <summary>Processor time used so far.</summary>
    public TimeSpan Used
    {
        get
        {
            _process.Refresh();
            return _process.TotalProcessorTime;
        }
    }

    /// <summary>Memory it has in use now, in bytes, with what it shares with others.</summary>
    public long Memory
    {
        get
        {
            _process.Refresh();
            return _process.WorkingSet64;
        }
    }

    /// <summary>Starts a process; what becomes of it is asked later.</summary>
    /// <param name="how">Program, tools and variables.</param>
    /// <param name="arguments">Arguments of <c>aria</c>.</param>
    /// <param name="address">Where it will listen.</param>
    /// <param name="logFile">Takes both of its outputs.</param>
    public static EngineHost Start(HostStart how, IReadOnlyList<string> arguments, Uri address, string logFile)
    {
        string[] before = how.Before.Length == 0 ? [] : [how.Before];
        string script = string.Join("; ", [.. before, $"exec {how.Under} dotnet \"$@\" >>\"$ARIA_FAULTS_LOG\" 2>&1"]);
        var start = new ProcessStartInfo("/bin/sh", ["-c", script, "aria", how.Program, .. arguments]) { UseShellExecute = false, WorkingDirectory = Path.GetDirectoryName(logFile)! };
        foreach (string name in start.Environment.Keys.Where(k => k.StartsWith("ARIA_", StringComparison.Ordinal)).ToArray())
        {
            start.Environment.Remove(name);
        }
        start.Environment["ARIA_FAULTS_LOG"] = logFile;
        start.Environment["DOTNET_TieredPGO"] = "0";
        foreach ((string name, string value) in how.Variables)
        {
            start.Environment[name] = value;
        }
        return new EngineHost(Process.Start(start)!, address);
    }

    /// <summary>Waits until it is ready, or has ended.</summary>
    public async Task<HostState> WhenReadyAsync(TimeSpan patience, CancellationToken cancellationToken)
    {
        using var http = new HttpClient { Timeout = TimeSpan.FromSeconds(2) };
        long started = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(started) < patience)
        {
            if (_process.HasExited)
            {
                return HostState.Ended;
            }
            try
            {
                using HttpResponseMessage answer = await http.GetAsync(new Uri(Address, "/health/ready"), cancellationToken);
                if (answer.IsSuccessStatusCode)
                {
                    return HostState.Ready;
                }
            }
            catch (Exception e) when (e is HttpRequestException or SocketException || (e is OperationCanceledException && !cancellationToken.IsCancellationRequested))
            {
                // It does not listen yet.
            }
            await Task.Delay(Look, TimeProvider.System, cancellationToken);
        }
        return HostState.Silent;
    }

    /// <summary>Kills it with SIGKILL: no handler runs, nothing is flushed.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
    }

    /// <summary>Asks it to stop, as a service manager does.</summary>
    /// <returns>How long that took.</returns>
    public async Task<TimeSpan> StopAsync(CancellationToken cancellationToken)
    {
        long started = Stopwatch.GetTimestamp();
        _ = Kill(_process.Id, Terminate);
        await _process.WaitForExitAsync(cancellationToken);
        return Stopwatch.GetElapsedTime(started);
    }

    /// <summary>Waits for its end.</summary>
    /// <returns>False when it did not end in the time given.</returns>
    public async Task<bool> WhenEndedAsync(TimeSpan patience, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(patience);
        await _process.WaitForExitAsync(limit.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        cancellationToken.ThrowIfCancellationRequested();
        return _process.HasExited;
    }

    public async ValueTask DisposeAsync()
    {
        if (_disposed)
        {
            return;
        }
        _disposed = true;
        if (!_process.HasExited)
        {
            await KillAsync();
        }
        _process.Dispose();
    }

    [DllImport("libc", EntryPoint = "kill")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Kill(int process, int signal);
}
